using System.Data.Common;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <summary>An entry as the file gives it, on its way into the database.</summary>
/// <param name="Reference">The bank's reference and how far it can be trusted; null without one.</param>
internal sealed record StagedEntry(string FileName, StatementEntryRead Read, BankReference? Reference)
{
    public StatementEntry Entry => Read.Entry;

    public EntryFacts Facts => Read.Facts;
}

/// <summary>A column that COPY fills from the file. Values go to PostgreSQL as their own type; none is boxed.</summary>
internal abstract class StagedColumn(string name)
{
    public string Name => name;

    public abstract Task Write(NpgsqlBinaryImporter copy, StagedEntry staged, CancellationToken cancellation);
}

internal sealed class StagedColumn<T>(string name, NpgsqlDbType type, Func<StagedEntry, T> value) : StagedColumn(name)
{
    public override Task Write(NpgsqlBinaryImporter copy, StagedEntry staged, CancellationToken cancellation) =>
        copy.WriteAsync(value(staged), type, cancellation);
}

internal sealed class StagedText(string name, Func<StagedEntry, string?> value) : StagedColumn(name)
{
    public override Task Write(NpgsqlBinaryImporter copy, StagedEntry staged, CancellationToken cancellation) =>
        Write(copy, value(staged), staged, cancellation);

    /// <exception cref="StatementFormatException">PostgreSQL's text holds everything but the NUL character.</exception>
    public static Task Write(NpgsqlBinaryImporter copy, string? text, StagedEntry staged, CancellationToken cancellation) =>
        text is not null && text.Contains('\0', StringComparison.Ordinal)
            ? throw new StatementFormatException(staged.FileName, staged.Entry.Position, "readable text", "a NUL character")
            : copy.WriteAsync(text, NpgsqlDbType.Text, cancellation);
}

/// <summary>A column that is selected, and where in the row it stands.</summary>
internal sealed class EntryColumn<T>(int ordinal)
{
    /// <summary>NULL is the default of a type that has null; of any other type it is an error.</summary>
    public T Of(DbDataReader row) => default(T) is null && row.IsDBNull(ordinal) ? default! : row.GetFieldValue<T>(ordinal);
}
