using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Mail;
using MimeKit;
using MimeKit.Text;

namespace IspBilling.Outreach.Returns;

/// <summary>What a mail in the mailbox for returned ones is.</summary>
public abstract record ReturnReport
{
    private ReturnReport()
    {
    }

    /// <summary>A mail of ours came back, is late, or was complained of.</summary>
    /// <param name="Status">Such as <c>5.1.1</c>; of a complaint its kind, as <c>abuse</c>.</param>
    /// <param name="Recipients">To whom it had gone, as far as the report says.</param>
    public sealed record About(DeliveryId Delivery, MailReturnKind Kind, string Status, string Reason, ImmutableArray<string> Recipients) : ReturnReport;

    /// <summary>A mail of ours arrived, or a program answered it: nothing follows.</summary>
    /// <param name="IsAnswer">A program answered, as of somebody who is out of office.</param>
    public sealed record Harmless(bool IsAnswer) : ReturnReport;

    /// <summary>A report about a mail that is none of ours, as far as it can prove.</summary>
    public sealed record Foreign : ReturnReport;

    /// <summary>No report that can be read.</summary>
    public sealed record Unreadable(string Why) : ReturnReport;
}

/// <summary>
/// Reads delivery status notifications (RFC 3464) and complaints (RFC 5965). Anybody can write such a report: what does not carry our signature, in the
/// envelope id, in the address it came to or in the id of the mail it returns, is nobody's.
/// </summary>
public static class ReturnReading
{
    /// <summary>Of what a server says of the reason; more is cut.</summary>
    private const int MaxReason = 300;

    /// <summary>Characters of an address (RFC 5321, 4.5.3.1).</summary>
    private const int MaxAddress = 320;

    private static readonly string[] AddressFields = ["Delivered-To", "X-Original-To", "Envelope-To"];

    public static ReturnReport Read(MimeMessage mail, BounceToken token)
    {
        if (mail.Body is MultipartReport { ReportType: { } type } report)
        {
            return type.ToUpperInvariant() switch
            {
                "DELIVERY-STATUS" => ReadStatus(mail, report, token),
                "FEEDBACK-REPORT" => ReadComplaint(mail, report, token),
                "DISPOSITION-NOTIFICATION" => new ReturnReport.Harmless(IsAnswer: true),
                _ => new ReturnReport.Unreadable($"a report of type {Cut(type)}"),
            };
        }

        return IsAutomatic(mail) ? new ReturnReport.Harmless(IsAnswer: true) : new ReturnReport.Unreadable("no report");
    }

    private static ReturnReport ReadStatus(MimeMessage mail, MultipartReport report, BounceToken token)
    {
        if (report.OfType<MessageDeliveryStatus>().FirstOrDefault() is not { StatusGroups: { Count: > 0 } groups }) return new ReturnReport.Unreadable("a report without a status");
        var returned = ReturnedHeaders(report);
        if ((token.Read(groups[0]["Original-Envelope-Id"]?.Trim()) ?? ByAddress(mail, token) ?? ByMessageId(returned, token)) is not { } delivery) return new ReturnReport.Foreign();
        ReturnReport? found = null;
        foreach (var recipient in groups.Skip(1))
        {
            if (recipient["Action"]?.Trim() is not { Length: > 0 } action) continue;
            switch (action.ToUpperInvariant())
            {
                case "FAILED":
                    return Failed(delivery, recipient, returned);
                case "DELAYED":
                    found = About(delivery, MailReturnKind.Delayed, StatusOf(recipient) ?? "4.0.0", recipient, returned);
                    break;
                case "DELIVERED" or "RELAYED" or "EXPANDED":
                    found ??= new ReturnReport.Harmless(IsAnswer: false);
                    break;
            }
        }

        return found ?? new ReturnReport.Unreadable("a report that says of nobody what became of the mail");
    }

    private static ReturnReport Failed(DeliveryId delivery, HeaderList recipient, HeaderList? returned)
    {
        var status = StatusOf(recipient) ?? MailStatus.Unspecified;
        return status.StartsWith('2')
            ? new ReturnReport.Unreadable($"a report of a failure with status {status}")
            : About(delivery, MailStatus.OfFailure(status), status, recipient, returned);
    }

    private static ReturnReport.About About(DeliveryId delivery, MailReturnKind kind, string status, HeaderList recipient, HeaderList? returned) => new(
        delivery, kind, status, Cut(recipient["Diagnostic-Code"] ?? $"status {status}"),
        Addresses([Behind(recipient["Original-Recipient"]), Behind(recipient["Final-Recipient"]), .. To(returned)]));

    /// <summary>What of the fields is a code; the status of a report is often vaguer than what the server said.</summary>
    private static string? StatusOf(HeaderList recipient)
    {
        var status = MailStatus.In(recipient["Status"]);
        return status is null or MailStatus.Unspecified ? MailStatus.In(recipient["Diagnostic-Code"]) ?? status : status;
    }

    private static ReturnReport ReadComplaint(MimeMessage mail, MultipartReport report, BounceToken token)
    {
        if (report.OfType<MessageFeedbackReport>().FirstOrDefault() is not { Fields: { } fields }) return new ReturnReport.Unreadable("a complaint without its fields");
        var (returned, from) = (ReturnedHeaders(report), Bare(fields["Original-Mail-From"]));
        if ((token.ReadAddress(from) ?? ByMessageId(returned, token) ?? ByAddress(mail, token)) is not { } delivery) return new ReturnReport.Foreign();
        var type = Cut(fields["Feedback-Type"]?.Trim() ?? "abuse");

        // That a mail is no spam, or failed authentication, is no complaint of the client's.
        if (!type.Equals("abuse", StringComparison.OrdinalIgnoreCase) && !type.Equals("fraud", StringComparison.OrdinalIgnoreCase)
            && !type.Equals("virus", StringComparison.OrdinalIgnoreCase) && !type.Equals("other", StringComparison.OrdinalIgnoreCase)) return new ReturnReport.Harmless(IsAnswer: false);
        return new ReturnReport.About(
            delivery, MailReturnKind.Complaint, type, $"complained of by its receiver ({type})", Addresses([Bare(fields["Original-Rcpt-To"]), .. To(returned)]));
    }

    /// <summary>A program answered: out of office, a ticket system, a challenge (RFC 3834 and what came before it).</summary>
    private static bool IsAutomatic(MimeMessage mail) =>
        mail.Headers[HeaderId.AutoSubmitted] is { } said && !said.Trim().StartsWith("no", StringComparison.OrdinalIgnoreCase)
        || mail.Headers["X-Autoreply"] is not null || mail.Headers["X-Autorespond"] is not null || mail.Headers["X-Auto-Response-Suppress"] is not null
        || mail.Headers["Precedence"]?.Trim().ToUpperInvariant() is "AUTO_REPLY" or "BULK" or "JUNK";

    /// <summary>To whom it came back, where the server does not know envelope ids.</summary>
    private static DeliveryId? ByAddress(MimeMessage mail, BounceToken token)
    {
        foreach (var header in mail.Headers)
        {
            if (AddressFields.Contains(header.Field, StringComparer.OrdinalIgnoreCase) && token.ReadAddress(Bare(header.Value)) is { } delivery) return delivery;
        }

        return mail.To.Mailboxes.Select(address => token.ReadAddress(address.Address)).FirstOrDefault(found => found is not null);
    }

    /// <summary>By the id of the mail that is returned, which is signed like the address.</summary>
    private static DeliveryId? ByMessageId(HeaderList? returned, BounceToken token) =>
        Bare(returned?[HeaderId.MessageId]) is { } id && id.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? token.Read(id[..at]) : null;

    /// <summary>Headers of the mail that a report returns, whole or in part.</summary>
    private static HeaderList? ReturnedHeaders(MultipartReport report)
    {
        foreach (var part in report)
        {
            switch (part)
            {
                case MessagePart { Message: { } whole }:
                    return whole.Headers;
                case TextPart text when text.ContentType.IsMimeType("text", "rfc822-headers"):
                    using (var lines = new MemoryStream())
                    {
                        text.Content?.DecodeTo(lines);
                        lines.Position = 0;
                        return HeaderList.Load(lines);
                    }
            }
        }

        return null;
    }

    private static IEnumerable<string?> To(HeaderList? returned) =>
        returned?[HeaderId.To] is { } to && InternetAddressList.TryParse(to, out var list) ? list.Mailboxes.Select(mailbox => mailbox.Address) : [];

    private static ImmutableArray<string> Addresses(IEnumerable<string?> said) =>
        [.. said.OfType<string>().Where(IsAddress).Distinct(StringComparer.OrdinalIgnoreCase).Take(MailReturn.MaxRecipients)];

    internal static bool IsAddress(string text) =>
        text.Length <= MaxAddress && text.IndexOf('@', StringComparison.Ordinal) > 0 && !text.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter));

    /// <summary>Behind the kind of address, as in <c>rfc822; eva@example.net</c>.</summary>
    private static string? Behind(string? field) => Bare(field?[(field.IndexOf(';', StringComparison.Ordinal) + 1)..]);

    private static string? Bare(string? text) => text?.Trim().TrimStart('<').TrimEnd('>');

    internal static string Cut(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length > MaxReason ? line[..MaxReason] : line;
    }
}
