using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <summary>
/// Reads one file into the database inside the caller's transaction: everything streams into a table of the transaction's own,
/// in constant memory, and from there the entries that nobody knew move over.
/// </summary>
internal sealed class Staging(NpgsqlConnection connection, StatementImport import)
{
    /// <summary>More than a GPC file of 2 GiB holds. A bound on the database's work, not on memory: nothing of the file is kept.</summary>
    public const int MaxEntries = 25_000_000;

    /// <summary>"ISPSTAGE" in ASCII; advisory locks of one database share one number space.</summary>
    private const long StageLock = 0x49_53_50_53_54_41_47_45;

    private const string Columns =
        "own_account, entry_reference, amount, currency, direction, is_reversal, booked_on, value_on, counter_account, counter_name, " +
        "symbol, constant_symbol, specific_symbol, message, order_reference, position";

    private readonly List<string> _warnings = [];
    private readonly BalanceProof _proof = new();
    private long _read;

    /// <exception cref="StatementFormatException">The caller rolls back.</exception>
    public async Task Run(IAsyncEnumerable<StatementItem> items, CancellationToken cancellation)
    {
        await Execute(
            $"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT id AS nth, identity AS name, {Columns} FROM statement_entries WITH NO DATA", cancellation);
        await CopyIn(items, cancellation);
        var stored = await MoveOver(cancellation);
        await using var count = new NpgsqlCommand(
            "UPDATE statement_imports SET read = @read, already_known = @known, warnings = @warnings WHERE id = @import", connection);
        await count
            .With("import", NpgsqlDbType.Uuid, import.Id.Value)
            .With("read", NpgsqlDbType.Bigint, _read)
            .With("known", NpgsqlDbType.Bigint, _read - stored)
            .With("warnings", NpgsqlDbType.Array | NpgsqlDbType.Text, _warnings.ToArray())
            .ExecuteNonQueryAsync(cancellation);
    }

    private async Task CopyIn(IAsyncEnumerable<StatementItem> items, CancellationToken cancellation)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY incoming (nth, name, {Columns}) FROM STDIN (FORMAT binary)", cancellation);
        await foreach (var item in items.WithCancellation(cancellation))
        {
            if (item is StatementWarning warning) Warn($"{warning.Position}: {warning.Text}");
            if (_proof.Take(item) is { } discrepancy) Warn(discrepancy);
            if (item is StatementEntryRead read) await Write(copy, read, cancellation);
        }

        await copy.CompleteAsync(cancellation);
    }

    /// <summary>Adds what is new, in file order; how many.</summary>
    /// <remarks>
    /// Two overlapping files, each waiting for an entry that the other has just added, would deadlock when their orders differ;
    /// so files move over one after another. Reading them is not held up by that. What is known already is left to the index to tell:
    /// a join was planned for the table as it was before, and took minutes when that was empty.
    /// </remarks>
    private async Task<int> MoveOver(CancellationToken cancellation)
    {
        await Execute($"SELECT pg_advisory_xact_lock({StageLock})", cancellation);

        // Nearly all names are there once; the few others are counted apart, because numbering all means sorting all by name.
        await Execute(
            """
            CREATE TEMP TABLE twins ON COMMIT DROP AS
            SELECT nth, name || '#' || occurrence AS identity
            FROM (SELECT nth, name, row_number() OVER (PARTITION BY name ORDER BY nth) AS occurrence
                  FROM incoming WHERE name IN (SELECT name FROM incoming GROUP BY name HAVING count(*) > 1)) counted
            WHERE occurrence > 1
            """,
            cancellation);
        await Execute("ANALYZE incoming (nth), twins", cancellation);
        await using var command = new NpgsqlCommand(
            $"""
            INSERT INTO statement_entries (import_id, identity, {Columns})
            SELECT @import, coalesce(twins.identity, name), {Columns}
            FROM incoming LEFT JOIN twins USING (nth)
            ORDER BY nth
            ON CONFLICT (identity) DO NOTHING
            """,
            connection) { CommandTimeout = 0 };
        return await command.With("import", NpgsqlDbType.Uuid, import.Id.Value).ExecuteNonQueryAsync(cancellation);
    }

    private async Task Write(NpgsqlBinaryImporter copy, StatementEntryRead read, CancellationToken cancellation)
    {
        var entry = read.Entry;
        if (++_read > MaxEntries) throw Refusal(entry, $"at most {MaxEntries} entries in a file", "more");
        if (!entry.Amount.IsPositive) throw Refusal(entry, "an amount above 0", entry.Amount.ToString());
        await copy.StartRowAsync(cancellation);
        await copy.WriteAsync(_read, NpgsqlDbType.Bigint, cancellation);
        await copy.WriteAsync(EntryIdentity.NameOf(read), NpgsqlDbType.Text, cancellation);
        await WriteText(entry.OwnAccount);
        await WriteText(entry.EntryReference);
        await copy.WriteAsync(entry.Amount.Minor, NpgsqlDbType.Bigint, cancellation);
        await copy.WriteAsync(entry.Amount.Currency.Code, NpgsqlDbType.Text, cancellation);
        await copy.WriteAsync((short)entry.Direction, NpgsqlDbType.Smallint, cancellation);
        await copy.WriteAsync(entry.IsReversal, NpgsqlDbType.Boolean, cancellation);
        await copy.WriteAsync(entry.BookedOn, NpgsqlDbType.Date, cancellation);
        await copy.WriteAsync(entry.ValueOn, NpgsqlDbType.Date, cancellation);
        await WriteText(entry.CounterAccount);
        await WriteText(entry.CounterName);
        await copy.WriteAsync(entry.VariableSymbol?.Value, NpgsqlDbType.Bigint, cancellation);
        await WriteText(entry.ConstantSymbol);
        await WriteText(entry.SpecificSymbol);
        await WriteText(entry.Message);
        await WriteText(entry.OrderReference);
        await WriteText(entry.Position);

        // PostgreSQL's text holds everything but the NUL character.
        Task WriteText(string? text) => text is not null && text.Contains('\0', StringComparison.Ordinal)
            ? throw Refusal(entry, "readable text", "a NUL character")
            : copy.WriteAsync(text, NpgsqlDbType.Text, cancellation);
    }

    private void Warn(string text)
    {
        if (_warnings.Count < StatementImport.MaxWarnings) _warnings.Add(text.Replace("\0", "", StringComparison.Ordinal));
    }

    private async Task Execute(string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private StatementFormatException Refusal(StatementEntry entry, string expected, string found) =>
        new(import.FileName, entry.Position, expected, found);
}
