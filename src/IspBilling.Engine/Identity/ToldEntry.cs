using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Identity;

/// <summary>One telling of a movement: what of it can be compared with another telling. Never its texts, which differ between exports.</summary>
/// <param name="Key">Of an entry that is known, its id; of one that is being read, its place among the entries of the file.</param>
/// <param name="Statement">Null for an entry of a release that kept no statements.</param>
/// <param name="Minor">Always positive, in minor units.</param>
/// <param name="IsDatedByStatement">The file gives the entry no date of its own: it moved on any of the statement's days.</param>
/// <param name="Counter">The other side's account in the one form in which accounts are compared.</param>
/// <param name="Reference">The bank's own, of this one movement.</param>
/// <param name="Parent">Of the batch that the movement is part of, or is.</param>
/// <param name="PartOrdinal">Of one payment of a batch, which of them it is, from 1; null for the batch whole and for what is none.</param>
/// <param name="BalanceBefore">Of the account, before this entry; null where the statement has no balances.</param>
public sealed record ToldEntry(
    long Key,
    long? Statement,
    EntryDirection Direction,
    long Minor,
    DateOnly BookedOn,
    bool IsDatedByStatement,
    long? Symbol,
    string? SpecificSymbol,
    string? Counter,
    string? Reference,
    ReferenceTrust Trust,
    string? DocumentNumber,
    string? Parent,
    int? PartOrdinal,
    long? BalanceBefore)
{
    /// <summary>A shorter number is a counter that begins again with every statement.</summary>
    private const int NumberDigitsMin = 5;

    /// <summary>
    /// What an earlier release called the movement. Of an entry that is being read: what that release would have called it, once or more.
    /// </summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Of a doubtful entry that is known, the one it looks like.</summary>
    public long? LooksLike { get; init; }

    public bool IsPart => PartOrdinal is not null;

    /// <summary>Positive for money that came in.</summary>
    public long SignedMinor => Direction == EntryDirection.Credit ? Minor : -Minor;

    public string? UniqueReference => Trust == ReferenceTrust.Unique && Reference is { } reference ? BankReference.KeyOf(reference) : null;

    /// <summary>What may stand in one export as the reference and in another as the document number.</summary>
    public string? Token => Reference is not null ? Stripped(Reference) : DocumentNumber is { Length: >= NumberDigitsMin } number ? Stripped(number) : null;

    public static ToldEntry Of(StatementEntryRead read, long key, long? statement)
    {
        var (entry, facts) = (read.Entry, read.Facts);
        var reference = ReferenceOf(read);
        return new ToldEntry(
            key, statement, entry.Direction, entry.Amount.Minor, entry.BookedOn, facts.IsDatedByStatement, entry.VariableSymbol?.Value, entry.SpecificSymbol,
            entry.CounterAccount is { } counter ? AccountKey.Of(counter) : null, reference?.Text, reference?.Trust ?? ReferenceTrust.UntilRepeated,
            facts.DocumentNumber, facts.Batch?.Parent, facts.Batch?.Ordinal, facts.BalanceBefore?.Minor);
    }

    /// <summary>A reader that tells no facts gives the reference with the entry; the parts of a batch have one of their own or none.</summary>
    public static BankReference? ReferenceOf(StatementEntryRead read) =>
        read.Facts.Reference ?? (read.Facts.Batch is null && read.Entry.EntryReference is { } text ? new BankReference(text, ReferenceTrust.UntilRepeated) : null);

    private static string Stripped(string text) => text.TrimStart('0') is { Length: > 0 } stripped ? stripped : text;
}
