using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>What a statement reader yields, in file order: opened, entries and warnings, closed; again for the next statement of the file.</summary>
public abstract record StatementItem;

/// <summary>What a document tells of an account.</summary>
public enum StatementKind
{
    /// <summary>Everything that was booked from one balance to the next.</summary>
    Statement,

    /// <summary>
    /// Single bookings told ahead of their statement (camt.054). Each comes again in the statement, and is the same money: they meet by
    /// account and <see cref="EntryFacts.Reference"/>, parts of a batch by <see cref="BatchPart.Parent"/>.
    /// </summary>
    Notification,
}

/// <param name="OwnAccount">As in <see cref="StatementEntry.OwnAccount"/>.</param>
/// <param name="StatementNumber">The bank's number of the statement, as written.</param>
/// <param name="Opening">Signed opening balance; null where the file has none.</param>
public sealed record StatementOpened(string OwnAccount, Currency Currency, string? StatementNumber, Money? Opening, DateOnly? OpenedOn) : StatementItem
{
    public StatementKind Kind { get; init; }

    /// <summary>The first day that the statement covers, where the file says; the day of the opening balance may be the day before.</summary>
    public DateOnly? FirstDay { get; init; }

    /// <summary>The last day of the statement where its head tells it; its closing comes with <see cref="StatementClosed"/>.</summary>
    public DateOnly? LastDay { get; init; }

    /// <summary>
    /// The own account with nothing added: a GPC file names no bank, and a database may know its entries from a time when nobody had
    /// stated whose account it is.
    /// </summary>
    public string? AccountAsWritten { get; init; }

    /// <summary>Whose account it is; null where nobody was asked. <see cref="OwnStatements"/> asks.</summary>
    public StatementOwner? Owner { get; init; }

    /// <summary>Record and line, from 1.</summary>
    public string Position { get; init; } = "record 1";

    /// <summary>The own account in the one form in which accounts are compared.</summary>
    public string Account => AccountKey.Of(OwnAccount);
}

/// <summary>The issuer that a bank account belongs to, and the currency of all its clients.</summary>
public readonly record struct StatementOwner(IssuerId Issuer, Currency Currency);

public sealed record StatementEntryRead(StatementEntry Entry) : StatementItem
{
    public EntryFacts Facts { get; init; } = EntryFacts.None;
}

/// <summary>Something a clerk should know that does not stop the import (a balance that does not add up, an odd header).</summary>
/// <param name="Position">Record and line, from 1.</param>
public sealed record StatementWarning(string Text, string Position) : StatementItem;

/// <summary>What the balances say about the entries between them.</summary>
public enum BalanceVerdict
{
    /// <summary>The statement lacks one of the balances.</summary>
    NotStated,

    /// <summary>Opening + credits − debits = closing.</summary>
    Proven,

    /// <summary>They do not add up. Which way a reversal went is then known from one letter only: a person decides about reversals.</summary>
    Contradicted,
}

/// <summary>Entries that the bank tells of and that moved no money.</summary>
/// <param name="Why">The bank's own word: PDNG, INFO, FUTR.</param>
public readonly record struct LeftOut(string Why, long Count);

/// <param name="Closing">Signed closing balance; null where the file has none.</param>
public sealed record StatementClosed(string OwnAccount, Money? Closing, DateOnly? ClosedOn) : StatementItem
{
    public BalanceVerdict Balance { get; init; }

    /// <summary>Entries read.</summary>
    public long Entries { get; init; }

    public IReadOnlyList<LeftOut> LeftOut { get; init; } = [];
}

/// <summary>The file cannot be trusted: nothing of it is booked.</summary>
/// <param name="fileName">As the uploader named it.</param>
/// <param name="position">Record, line and column, from 1, as far as known ("record 17, line 52, position 49–60").</param>
/// <param name="expected">What should stand there.</param>
/// <param name="found">What stands there, shortened and printable.</param>
public sealed class StatementFormatException(string fileName, string position, string expected, string found)
    : FormatException($"{fileName}: {position}: expected {expected}, found {found}.")
{
    public string FileName { get; } = fileName;
    public string Position { get; } = position;
    public string Expected { get; } = expected;
    public string Found { get; } = found;
}

/// <summary>Reads one bank's file format as a stream, in constant memory.</summary>
public interface IStatementReader
{
    /// <param name="file">Forward-only; read once, never sought.</param>
    /// <param name="fileName">For messages only; the content decides the format.</param>
    /// <exception cref="StatementFormatException">Thrown while enumerating, at the first record that cannot be trusted.</exception>
    IAsyncEnumerable<StatementItem> Read(Stream file, string fileName, CancellationToken cancellation);
}
