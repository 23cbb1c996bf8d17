using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>What a statement reader yields, in file order: opened, entries and warnings, closed; again for the next statement of the file.</summary>
public abstract record StatementItem;

/// <param name="StatementNumber">The bank's number of the statement, as written.</param>
/// <param name="Opening">Signed opening balance; null where the file has none.</param>
public sealed record StatementOpened(string OwnAccount, Currency Currency, string? StatementNumber, Money? Opening, DateOnly? OpenedOn) : StatementItem;

public sealed record StatementEntryRead(StatementEntry Entry) : StatementItem;

/// <summary>Something a clerk should know that does not stop the import (a balance that does not add up, an odd header).</summary>
/// <param name="Position">Record and line, from 1.</param>
public sealed record StatementWarning(string Text, string Position) : StatementItem;

/// <param name="Closing">Signed closing balance; null where the file has none.</param>
public sealed record StatementClosed(string OwnAccount, Money? Closing, DateOnly? ClosedOn) : StatementItem;

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
