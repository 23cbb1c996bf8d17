using IspBilling.Domain;
using IspBilling.Engine.Outgoing;

namespace IspBilling.Desk.History;

/// <summary>What happened.</summary>
public enum HistoryKind
{
    /// <summary>A step of dunning was taken.</summary>
    DunningStep,

    /// <summary>A reminder reached the client, from when on the next step counts its days.</summary>
    ReminderReached,

    /// <summary>What did not arrive by e-mail goes another way.</summary>
    Rerouted,

    /// <summary>Something is known against the client's e-mail address, or no longer.</summary>
    EmailMarked,

    /// <summary>The debt is gone, or too small to matter.</summary>
    DebtCleared,

    /// <summary>The client's services are allowed something else.</summary>
    LevelChanged,

    /// <summary>A document was issued.</summary>
    Document,

    /// <summary>Money came in.</summary>
    Payment,

    /// <summary>Money went back, by the bank or by us.</summary>
    PaymentTakenBack,

    /// <summary>The client promised to pay until a day, or the promise was withdrawn.</summary>
    Promise,

    /// <summary>A document is contested, or no longer.</summary>
    Dispute,

    /// <summary>Dunning leaves the client alone, or no longer.</summary>
    Exemption,

    /// <summary>A person gave the service back.</summary>
    RestoredByHand,

    /// <summary>The account was closed, or opened again.</summary>
    Account,

    /// <summary>It was decided to tell the client something.</summary>
    Message,

    /// <summary>What became of telling it.</summary>
    MessageEnded,

    /// <summary>The target told whether it arrived: the receipt of a handset, a bounce.</summary>
    Receipt,

    /// <summary>Somebody spoke with the client.</summary>
    Call,

    /// <summary>Somebody wrote something down.</summary>
    Note,

    /// <summary>The client wrote.</summary>
    Inbound,
}

/// <summary>One thing that happened between the provider and a client.</summary>
/// <param name="Id">Stays the same for ever.</param>
/// <param name="Client">The client's reference.</param>
/// <param name="By">Who asked for it; empty once the name was erased.</param>
/// <param name="Text">In a sentence: what happened, or what was written down. Null for a note that was erased.</param>
/// <param name="Amount">The money that it is about.</param>
/// <param name="Document">Number of the document that it is about.</param>
/// <param name="Step">Code of the dunning step.</param>
/// <param name="PolicyRevision">Of the settings journal: the policy by which a step was taken.</param>
/// <param name="Level">What the services are allowed from then on.</param>
/// <param name="Until">Last day of a promise.</param>
/// <param name="Message">Id of the message that it is about.</param>
/// <param name="Channel">How the message goes.</param>
/// <param name="Status">Where a message stands now.</param>
/// <param name="Arrived">Of a receipt: whether it reached the receiver.</param>
/// <param name="Reason">Why, where somebody or some target said so.</param>
/// <param name="Ticket">The ticket that a note belongs to.</param>
public sealed record HistoryRow(
    string Id,
    string Client,
    DateTimeOffset At,
    HistoryKind Kind,
    string By,
    string? Text,
    Money? Amount = null,
    string? Document = null,
    string? Step = null,
    long? PolicyRevision = null,
    ServiceLevel? Level = null,
    DateOnly? Until = null,
    string? Message = null,
    MessageChannel? Channel = null,
    DeliveryStatus? Status = null,
    bool? Arrived = null,
    string? Reason = null,
    string? Ticket = null);
