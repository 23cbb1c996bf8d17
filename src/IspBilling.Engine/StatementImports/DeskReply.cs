using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>How what a clerk asked of the desk ended.</summary>
public abstract record DeskReply;

/// <summary>The entry is on its account or accounts, now or already before.</summary>
/// <param name="Flagged">Something the clerk should see: credit on a closed account.</param>
public sealed record EntryAssigned(string? Flagged) : DeskReply;

/// <summary>The entry is in suspense, now or already before.</summary>
public sealed record EntryUnassigned : DeskReply;

/// <summary>The entry is closed as no client's, now or already before.</summary>
public sealed record EntryClosed : DeskReply;

/// <summary>The entry and others are different movements, by a person's word, now or already before.</summary>
/// <param name="State">Where the entry is.</param>
public sealed record EntryToldApart(EntryState State) : DeskReply;

/// <param name="Detail">For people: which value, and what would be accepted.</param>
/// <param name="AboutFee">It is the fee that is refused, not what the entry is to be booked on.</param>
public sealed record DeskRefused(DeskRefusalReason Reason, string Detail, bool AboutFee = false) : DeskReply;

/// <summary>Why the desk will not do what was asked.</summary>
public enum DeskRefusalReason
{
    UnknownEntry,

    /// <summary>Only an entry in suspense can be assigned.</summary>
    NotInSuspense,

    /// <summary>Only an entry on an account can be taken off.</summary>
    NotAssigned,

    /// <summary>Another assignment of the entry is under way.</summary>
    UnderWay,

    NoParts,
    TooManyParts,
    PartNotPositive,
    SameAccountTwice,
    CurrencyDiffers,
    SumDiffers,

    /// <summary>A reversal takes back payments; it cannot be split as if it were one.</summary>
    IsReversal,

    /// <summary>An account said no; the entry is where it was before.</summary>
    AccountRefused,

    /// <summary>
    /// An account cannot undo its part now (it is parked). The assignment stays under way and is completed by
    /// <see cref="ClerkDesk.Resume"/>.
    /// </summary>
    ToBeCompleted,

    /// <summary>Only a closed entry can be opened again.</summary>
    NotClosed,

    SamePaymentTwice,
    ReasonMissing,

    /// <summary>Two entries are closed together only if they cancel each other.</summary>
    NoPair,

    /// <summary>Money that may be the same is booked, or about to be: a person tells the two apart first, or closes the copy.</summary>
    CounterpartBooked,

    /// <summary>Only entries that may be the same money can be told apart.</summary>
    NotInDoubt,

    /// <summary>A booking and the payments that it consists of are one question: it is told apart from all of them at once, or from none.</summary>
    PartsBelongTogether,
}
