using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>What a reader knows of a movement beyond the entry that is booked: evidence for identity, for balances and for the clerk.</summary>
public sealed record EntryFacts
{
    public static readonly EntryFacts None = new();

    /// <summary>Position within its statement, from 1, counting the entries that are read.</summary>
    public long Place { get; init; }

    /// <summary>Opening balance plus the entries before this one; null where the statement has no opening balance.</summary>
    public Money? BalanceBefore { get; init; }

    /// <summary>The bank's reference of this one movement, as the bank wrote it; null where it gave none or only a placeholder.</summary>
    public BankReference? Reference { get; init; }

    /// <summary>The bank's document number, without leading zeros. Unlike a reference it may repeat.</summary>
    public string? DocumentNumber { get; init; }

    /// <summary>The batch that the movement is, or is a part of; null for a movement that stands alone.</summary>
    public BatchPart? Batch { get; init; }

    /// <summary>The file dates its statement and not the movement, which happened on any day of the statement up to <see cref="StatementEntry.BookedOn"/>.</summary>
    public bool IsDatedByStatement { get; init; }

    /// <summary>What the bank kept for itself. The entry's amount is what really moved, after these.</summary>
    public Money? Charges { get; init; }

    /// <summary>What the payer ordered, where the bank tells it and it differs from what moved: a return of 559.00 for a payment of 499.00.</summary>
    public Money? Instructed { get; init; }

    /// <summary>Every text that people wrote, in the file's order; the entry's message is the one that counts most.</summary>
    public IReadOnlyList<string> Messages { get; init; } = [];

    /// <summary>What looked like a symbol and was not taken for one, for the clerk to see.</summary>
    public IReadOnlyList<UnusedText> Unused { get; init; } = [];

    /// <summary>
    /// The entry as the release before read it, where that differs in what its name was made of; null where nothing differs.
    /// <see cref="Identity.EarlierNames"/> finds the movement by it in a database of that release.
    /// </summary>
    public StatementEntry? AsReadBefore { get; init; }
}

/// <param name="Text">As written, with its zeros and blanks within.</param>
public sealed record BankReference(string Text, ReferenceTrust Trust)
{
    /// <summary>What a reference is compared by: one format fills a number up with zeros that another leaves out.</summary>
    public static string KeyOf(string text) =>
        text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && text.TrimStart('0') is { Length: > 0 } stripped ? stripped : text;
}

/// <summary>How far a bank's reference names one movement and no other.</summary>
public enum ReferenceTrust
{
    /// <summary>Meant to be unique, but some banks repeat it: it counts until a second movement carries it.</summary>
    UntilRepeated,

    /// <summary>Never repeats within the account: Fio's movement id.</summary>
    Unique,
}

/// <summary>A batch is one booking of several payments.</summary>
/// <param name="Parent">The bank's reference of the whole booking; null where it has none.</param>
/// <param name="Count">How many payments it holds, as far as the bank says.</param>
/// <param name="Ordinal">Which of them this is, from 1 in the file's order; null for the booking as a whole.</param>
public sealed record BatchPart(string? Parent, int Count, int? Ordinal);

/// <param name="Where">The field, in the format's own word ("EndToEndId").</param>
public readonly record struct UnusedText(string Where, string Text);
