using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Mail;
using MimeKit;

namespace IspBilling.Outreach.Returns;

/// <summary>What was made of a report.</summary>
public enum ReturnEnding
{
    /// <summary>The mail came back for good, because of its address.</summary>
    Hard,

    /// <summary>The mail came back for a reason that may pass.</summary>
    Soft,

    /// <summary>The mail is late.</summary>
    Delayed,

    /// <summary>The receiver complained.</summary>
    Complaint,

    /// <summary>It was known already.</summary>
    Known,

    /// <summary>The mail arrived.</summary>
    Arrived,

    /// <summary>A program answered.</summary>
    Answer,

    /// <summary>It is about no mail of ours, or does not prove that it is: nothing changes.</summary>
    Foreign,

    /// <summary>It is no report that can be read: nothing changes.</summary>
    Unreadable,
}

/// <summary>A returned mail as a service that sends for us tells it, in a general form.</summary>
/// <param name="Token">What names the mail: its return address, envelope id or message id.</param>
public sealed record ToldReturn(string Token, MailReturnKind Kind, string Status, string Reason, ImmutableArray<string> Recipients);

/// <summary>The one place where reports end, whichever way they come.</summary>
public sealed class ReturnIntake(IMailReturns returns, IMailSettings settings, TimeProvider clock, TimeZoneInfo zone)
{
    /// <summary>Bytes that are read of a report; a mail that is returned whole stands at its end and is not needed.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Parts within parts; no report has more than four.</summary>
    private const int MaxDepth = 16;

    /// <summary>Takes a report as it came by mail.</summary>
    /// <param name="mail">At most <see cref="MaxBytes"/> of it.</param>
    /// <param name="source">Where it came from, for people.</param>
    public async ValueTask<ReturnEnding> Take(IssuerId issuer, Stream mail, string source, CancellationToken cancellation)
    {
        var report = await Read(mail, cancellation);
        return await Counted(source, report switch
        {
            ReturnReport.About about => await Keep(issuer, about, source, cancellation),
            ReturnReport.Harmless { IsAnswer: true } => ReturnEnding.Answer,
            ReturnReport.Harmless => ReturnEnding.Arrived,
            ReturnReport.Foreign => ReturnEnding.Foreign,
            _ => ReturnEnding.Unreadable,
        }, cancellation);
    }

    /// <summary>Takes one in the general form.</summary>
    public async ValueTask<ReturnEnding> Take(IssuerId issuer, ToldReturn told, string source, CancellationToken cancellation)
    {
        var token = new BounceToken(await Key(cancellation));
        var name = told.Token.Trim().TrimStart('<').TrimEnd('>');
        var delivery = token.ReadAddress(name) ?? token.Read(name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? name[..at] : name);
        return await Counted(source, delivery is { } known
            ? await Keep(issuer, new ReturnReport.About(known, told.Kind, told.Status, ReturnReading.Cut(told.Reason), [.. told.Recipients.Where(ReturnReading.IsAddress)]), source, cancellation)
            : ReturnEnding.Foreign, cancellation);
    }

    private async ValueTask<ReturnReport> Read(Stream mail, CancellationToken cancellation)
    {
        var token = new BounceToken(await Key(cancellation));
        try
        {
            return ReturnReading.Read(await MimeMessage.LoadAsync(new ParserOptions { MaxMimeDepth = MaxDepth }, mail, cancellation), token);
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException or NotSupportedException or InvalidOperationException)
        {
            return new ReturnReport.Unreadable(malformed.Message);
        }
    }

    private async ValueTask<ReturnEnding> Keep(IssuerId issuer, ReturnReport.About about, string source, CancellationToken cancellation)
    {
        var limit = (await settings.Target(issuer, cancellation))?.SoftReturns ?? MailTarget.DefaultSoftReturns;
        var kept = await returns.Keep(
            new MailReturn(about.Delivery, about.Kind, source, about.Status, about.Reason, about.Recipients, limit, WasAccepted: true, clock.GetUtcNow()), cancellation);
        return kept switch
        {
            KeptReturn.Known => ReturnEnding.Known,
            KeptReturn.NoSuchMail => ReturnEnding.Foreign,
            _ => about.Kind switch
            {
                MailReturnKind.Hard => ReturnEnding.Hard,
                MailReturnKind.Soft => ReturnEnding.Soft,
                MailReturnKind.Delayed => ReturnEnding.Delayed,
                MailReturnKind.Complaint => ReturnEnding.Complaint,
                _ => throw new InvariantBrokenException($"no report tells of {about.Kind}"),
            },
        };
    }

    private async ValueTask<ReturnEnding> Counted(string source, ReturnEnding ending, CancellationToken cancellation)
    {
        ReturnTelemetry.Taken(ending);
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).DateTime);
        await returns.Count(day, source, ending.ToString(), cancellation);
        return ending;
    }

    /// <summary>Without the secret nothing of ours can be told from anybody's.</summary>
    private async ValueTask<string> Key(CancellationToken cancellation) =>
        await settings.Secret(IMailSettings.BounceSecret, cancellation) ?? throw new IOException($"the secret {IMailSettings.BounceSecret} is missing");
}
