using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>What of a statement entry is one account's.</summary>
/// <param name="Part">From 1.</param>
/// <param name="Amount">In the entry's currency.</param>
/// <param name="Stated">What a clerk states that it is worth in the account's currency; null where that is the entry's.</param>
/// <param name="Payment">The payment that goes back, or the refund that came back; null for money that is booked, and where the account finds it.</param>
public sealed record EntryPart(int Part, AccountId Account, Money Amount, Money? Stated = null, int? Payment = null)
{
    /// <summary>What the account books.</summary>
    public Money Worth => Stated ?? Amount;
}

/// <summary>What was decided about an entry. Numbers are stored: never renumber.</summary>
public enum EntryAction
{
    Assigned = 1,
    TakenOff = 2,
    Closed = 3,
    Reopened = 4,

    /// <summary>It is another movement than one that looked the same.</summary>
    ToldApart = 5,
}

/// <summary>One decision about an entry; they are kept for ever, whatever is decided later.</summary>
/// <param name="Reason">Null for an assignment that needed none.</param>
public sealed record EntryDecision(DateTimeOffset At, Actor By, EntryAction Action, string? Reason);

/// <summary>What is to be done with an entry.</summary>
/// <param name="Parts">One for the whole entry.</param>
/// <param name="Fee">What the bank kept of a return; null for nothing.</param>
/// <param name="Rule">What decided.</param>
/// <param name="Reason">Why, where that needs a word.</param>
public sealed record Disposition(IReadOnlyList<EntryPart> Parts, Money? Fee, MatchRule Rule, string? Reason)
{
    public static Disposition Whole(AccountId account, Money amount, MatchRule rule, string? reason = null, Money? stated = null) =>
        new([new EntryPart(1, account, amount, stated)], Fee: null, rule, reason);
}

/// <summary>What is being done with an entry. Numbers are stored: never renumber.</summary>
/// <remarks>
/// <code>
/// suspense ── Booking ──────────────► matched         matched ── TakingOff ─────────────► suspense
///                └► RollingBack ────► suspense                       └► Restoring ──────► matched
/// </code>
/// An account may refuse half-way; what other accounts did until then is undone by a step of its own.
/// </remarks>
public enum AssignmentStep
{
    /// <summary>Accounts are asked to book their parts.</summary>
    Booking = 1,

    /// <summary>An account refused: the parts booked before it are taken off again.</summary>
    RollingBack = 2,

    /// <summary>A clerk wants the entry back in suspense: all parts are taken off.</summary>
    TakingOff = 3,

    /// <summary>An account would not give its part back: the parts taken off before it are booked again.</summary>
    Restoring = 4,
}

/// <summary>A clerk's assignment under way, as it is stored; it can be carried on from there at any time.</summary>
/// <param name="Generation">Grows with every step of the entry, so that each step asks with command ids of its own.</param>
/// <param name="Parts">All parts; for an entry that a rule matched, its account with the whole amount.</param>
/// <param name="Concerned">How many of the parts, from the first, this step is about.</param>
/// <param name="Reason">Why the step is taken; null for an assignment that needs no reason.</param>
/// <param name="Rule">What decided the assignment.</param>
public sealed record Assignment(
    EntryView Entry, int Generation, AssignmentStep Step, Actor By, IReadOnlyList<EntryPart> Parts, int Concerned, string? Reason,
    MatchRule Rule = MatchRule.Clerk)
{
    /// <summary>Under which the account knows the part. A whole entry goes by the entry's own.</summary>
    public string IdentityOf(EntryPart part) =>
        Parts.Count == 1 ? Entry.Identity : string.Create(CultureInfo.InvariantCulture, $"{Entry.Identity}/{part.Part}");
}
