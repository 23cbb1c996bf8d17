using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>What became known of a mail after a server took it, or instead of that.</summary>
/// <remarks>Stored by number: never renumber.</remarks>
public enum MailReturnKind : short
{
    /// <summary>It came back for good, and its address is the reason: no mail to it will arrive.</summary>
    Hard = 1,

    /// <summary>It came back, for a reason that may pass: a full mailbox, a message that was too big, a server that was away too long.</summary>
    Soft = 2,

    /// <summary>It has not arrived yet; the server goes on trying.</summary>
    Delayed = 3,

    /// <summary>Its receiver complained of it.</summary>
    Complaint = 4,

    /// <summary>It was not sent: no address is known, or none that a mail may go to.</summary>
    NoAddress = 5,
}

/// <summary>A mail that came back, or something else that is known of one.</summary>
/// <param name="Source">Who says so: a mailbox, a webhook, the server.</param>
/// <param name="Status">Such as <c>5.1.1</c>.</param>
/// <param name="Reason">What the server said; for people.</param>
/// <param name="Recipients">To whom it had gone, as far as the report says; at most <see cref="MaxRecipients"/>.</param>
/// <param name="SoftLimit">After so many mails in a row that came back softly an address counts as one that does not exist.</param>
/// <param name="WasAccepted">A server had taken it; otherwise it was refused at once, and told nobody.</param>
public sealed record MailReturn(
    DeliveryId Delivery, MailReturnKind Kind, string Source, string Status, string Reason, ImmutableArray<string> Recipients, int SoftLimit, bool WasAccepted, DateTimeOffset At)
{
    public const int MaxRecipients = 4;
}

/// <summary>One that its account has not been told of.</summary>
/// <param name="Attempt">Of the delivery, as it was when it came back.</param>
/// <param name="Fault">What it says of the address; null when nothing.</param>
public sealed record UntoldReturn(
    DeliveryId Delivery, MailReturnKind Kind, int Attempt, string Status, string Reason, ImmutableArray<string> Recipients, EmailFault? Fault, bool WasAccepted, DateTimeOffset At);

/// <summary>What became of keeping one.</summary>
public enum KeptReturn
{
    New,

    /// <summary>It was kept before.</summary>
    Known,

    /// <summary>There is no such mail.</summary>
    NoSuchMail,
}

/// <summary>How many reports of a kind came on a day.</summary>
/// <param name="Source">From where.</param>
/// <param name="Ending">What was made of them.</param>
public sealed record ReturnCount(DateOnly Day, string Source, string Ending, long Count);

/// <summary>Mails that came back, beside the deliveries that they were; with the receipt that the history shows.</summary>
public interface IMailReturns
{
    /// <summary>Keeps one for its account to be told, with its receipt. The same of the same attempt is kept once.</summary>
    ValueTask<KeptReturn> Keep(MailReturn returned, CancellationToken cancellation);

    /// <summary>Those that accounts are not told of, in order of their deliveries.</summary>
    /// <param name="after">Null at the start.</param>
    ValueTask<IReadOnlyList<UntoldReturn>> Untold(UntoldReturn? after, int max, CancellationToken cancellation);

    /// <summary>The account knows; whom it had gone to is forgotten here.</summary>
    ValueTask Told(UntoldReturn returned, DateTimeOffset at, CancellationToken cancellation);

    /// <summary>Counts reports, also those that change nothing.</summary>
    ValueTask Count(DateOnly day, string source, string ending, CancellationToken cancellation);

    /// <summary>The newest days first.</summary>
    ValueTask<IReadOnlyList<ReturnCount>> Counts(int max, CancellationToken cancellation);
}

/// <summary>One reader of each mailbox in the cluster, by a lease that runs out.</summary>
public interface IMailboxLeases
{
    /// <summary>Takes the lease, or renews one's own.</summary>
    /// <param name="owner">By a name that no other reader ever had.</param>
    /// <returns>False when somebody else has it.</returns>
    ValueTask<bool> Take(IssuerId issuer, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>Says how the last look went.</summary>
    /// <param name="problem">Null when nothing was wrong.</param>
    ValueTask Looked(IssuerId issuer, string owner, DateTimeOffset at, string? problem, CancellationToken cancellation);

    /// <returns>Null when nobody has looked yet.</returns>
    ValueTask<MailboxLook?> Last(IssuerId issuer, CancellationToken cancellation);
}

/// <param name="At">When a mailbox was looked into last.</param>
/// <param name="Problem">Null when nothing was wrong.</param>
public sealed record MailboxLook(DateTimeOffset At, string? Problem);
