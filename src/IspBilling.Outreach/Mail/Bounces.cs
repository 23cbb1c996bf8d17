using IspBilling.Domain;
using MimeKit;

namespace IspBilling.Outreach.Mail;

/// <summary>A report that a mail of ours came back, or is late.</summary>
/// <param name="IsHard">The address does not take mails, and never will: 5.x.x of RFC 3463. Anything else may go well another time.</param>
/// <param name="Status">Such as <c>5.1.1</c>.</param>
/// <param name="Reason">What the server said; for people.</param>
public sealed record Bounce(DeliveryId Delivery, bool IsHard, string Status, string? Recipient, string Reason);

/// <summary>Reads delivery status notifications (RFC 3464). What does not carry our token is nobody's: anybody can write such a report.</summary>
public static class BounceReading
{
    /// <summary>Of what a server says of the reason; more is cut.</summary>
    private const int MaxReason = 300;

    /// <returns>Null when it is no report about a mail of ours.</returns>
    public static Bounce? Read(MimeMessage mail, BounceToken token)
    {
        if (mail.Body is not MultipartReport { ReportType: { } type } report || !type.Equals("delivery-status", StringComparison.OrdinalIgnoreCase)) return null;
        if (report.OfType<MessageDeliveryStatus>().FirstOrDefault() is not { StatusGroups: { Count: > 0 } groups }) return null;
        if ((token.Read(groups[0]["Original-Envelope-Id"]?.Trim()) ?? ByAddress(mail, token)) is not { } delivery) return null;
        foreach (var recipient in groups.Skip(1))
        {
            if (recipient["Status"] is not { } said || recipient["Action"] is not { } action) continue;
            var status = said.Split(' ', ';')[0].Trim();
            var hasFailed = action.Trim().Equals("failed", StringComparison.OrdinalIgnoreCase);
            if (!hasFailed && !action.Trim().Equals("delayed", StringComparison.OrdinalIgnoreCase)) continue;
            var reason = (recipient["Diagnostic-Code"] ?? $"status {status}").ReplaceLineEndings(" ");
            return new Bounce(
                delivery, hasFailed && status.StartsWith('5'), status, Behind(recipient["Final-Recipient"]), reason.Length > MaxReason ? reason[..MaxReason] : reason);
        }

        return null;
    }

    /// <summary>To whom it came back, where the server does not know envelope ids.</summary>
    private static DeliveryId? ByAddress(MimeMessage mail, BounceToken token)
    {
        foreach (var field in new[] { "Delivered-To", "X-Original-To" })
        {
            if (token.ReadAddress(mail.Headers[field]?.Trim()) is { } delivery) return delivery;
        }

        return mail.To.Mailboxes.Select(address => token.ReadAddress(address.Address)).FirstOrDefault(found => found is not null);
    }

    /// <summary>Behind the kind of address, as in <c>rfc822; eva@example.net</c>.</summary>
    private static string? Behind(string? field) => field?[(field.IndexOf(';', StringComparison.Ordinal) + 1)..].Trim();
}
