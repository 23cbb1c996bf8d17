using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>A statement entry assigned to an account by a clerk, whole or in part.</summary>
/// <param name="Part">From 1.</param>
public sealed record EntryPart(int Part, AccountId Account, Money Amount);

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
/// <param name="Reason">Why the step is taken; null for an assignment, which needs no reason.</param>
public sealed record Assignment(
    EntryView Entry, int Generation, AssignmentStep Step, string By, IReadOnlyList<EntryPart> Parts, int Concerned, string? Reason)
{
    /// <summary>Under which the account knows the part. A whole entry goes by the entry's own.</summary>
    public string IdentityOf(EntryPart part) =>
        Parts.Count == 1 ? Entry.Identity : string.Create(CultureInfo.InvariantCulture, $"{Entry.Identity}/{part.Part}");
}
