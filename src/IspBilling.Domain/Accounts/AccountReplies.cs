using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What the account answers. A refusal is an answer, not an exception.</summary>
public abstract record AccountReply;

/// <summary>Done, or already so.</summary>
public sealed record Done : AccountReply
{
    public static readonly Done Instance = new();
}

/// <summary>Done, and with it there is a client where nobody was before.</summary>
public sealed record ClientCreated : AccountReply
{
    public static readonly ClientCreated Instance = new();
}

/// <summary>Nothing was done: the caller has said something newer before.</summary>
/// <param name="Known">The revision it gave then.</param>
public sealed record Stale(long Known) : AccountReply;

/// <summary>Why an account will not do what was asked. Stored and shown: never renumber.</summary>
public enum RefusalReason
{
    UnknownAccount = 1,
    AccountIsClosed = 2,
    UnknownService = 3,
    UnknownDocument = 4,
    UnknownPayment = 5,
    UnknownItem = 6,
    StartCannotChange = 7,
    EndBeforeStart = 8,
    PeriodIsSettledHistory = 9,
    ServiceStillRuns = 10,
    CurrencyDiffers = 11,
    TooMany = 12,
    DateInThePast = 13,
    AmountNotPositive = 14,
    AlreadyExistsDifferently = 15,
    IssuerCannotChange = 16,
    InvalidValue = 17,

    /// <summary>The series already holds a document of a later date; numbers would no longer be dated in order.</summary>
    IssueDateBeforeSeries = 18,

    /// <summary>A text on the document has a character that no font of the renderer shows: it would never be seen.</summary>
    CannotBePrinted = 30,

    /// <summary>Money cannot be paid back that the account does not have.</summary>
    NotEnoughCredit = 31,

    /// <summary>Part of the payment went back to the client; that has to be undone first.</summary>
    PaidBackAlready = 32,

    /// <summary>The issuer is the sample of an empty database; a document in its name would be nobody's.</summary>
    SampleIssuer = 40,

    UnknownPause = 50,
    UnknownSpecialPrice = 51,

    UnknownContract = 60,
    ContractStillRuns = 61,
    ContractHasServices = 62,
}

/// <param name="Detail">For people: which value, and what would be accepted.</param>
/// <param name="Member">
/// Of what was asked, the member whose value no account would accept: <c>Quantity</c>, <c>Address.Street</c>. Null where the account, as it
/// stands, is the reason.
/// </param>
public sealed record Refused(RefusalReason Reason, string Detail, string? Member = null) : AccountReply;

/// <param name="Hash">Of everything that makes up the proposal; equal hashes mean the same documents.</param>
/// <param name="PreviousTotal">The account's last invoice before, for comparison; null when there was none.</param>
public sealed record Billed(ulong Hash, ImmutableArray<BilledDocument> Documents, Money? PreviousTotal) : AccountReply
{
    /// <summary>What the documents sum to, credit notes negative.</summary>
    public long TotalMinor() => Documents.Sum(document => document.Total.Minor);
}

/// <param name="Number">Null in a preview.</param>
public readonly record struct BilledDocument(int Ordinal, DocumentKind Kind, string? Number, Money Total);

/// <summary>Nothing is owed beyond what is charged already.</summary>
public sealed record NothingToBill(Money? PreviousTotal) : AccountReply;

/// <param name="Flagged">Something a clerk should see: credit on a closed account.</param>
public sealed record PaymentReceipt(int Payment, MatchRule Rule, ImmutableArray<Allocation> Allocations, Money Credit, string? Flagged) : AccountReply;

/// <summary>A reversal took a payment back.</summary>
/// <param name="Rule">By which the payment had been matched.</param>
public sealed record PaymentTakenBack(int Payment, MatchRule Rule) : AccountReply;

/// <param name="Step">Code of the dunning step taken; null when none.</param>
public sealed record Reviewed(string? Step, bool Cleared) : AccountReply;

/// <summary>What a message says still holds: it may be sent.</summary>
public sealed record MessageHolds : AccountReply
{
    public static readonly MessageHolds Instance = new();
}

/// <param name="Reason">For people: what has changed since the account decided to send it.</param>
public sealed record MessageHoldsNoMore(string Reason) : AccountReply;
