using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Identity;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <summary>
/// A file may tell more of money that is known: the payments of a batch that was told whole, a symbol or a payer that the first file left out. The
/// money is not stored again; a clerk reads with the known entry what is new, and it is ranked anew.
/// </summary>
internal static class ToldAgain
{
    /// <summary>What is told of one known entry.</summary>
    private sealed record Telling(long Known, string Text, bool IsPart);

    private const string Told = "amount, currency, symbol, specific_symbol, counter_account, counter_name, message";

    /// <param name="verdicts">By place in the file; the file's entries are in the transaction's own table.</param>
    public static async Task Tell(NpgsqlConnection connection, ImportId import, IReadOnlyDictionary<long, Verdict> verdicts, CancellationToken cancellation)
    {
        var known = verdicts.Where(verdict => verdict.Value is { As: Recognised.Known, Entry: not null }).ToDictionary(verdict => verdict.Key, verdict => verdict.Value.Entry!.Value);
        // Several entries that look like one are told as its payments.
        var parts = verdicts.Where(verdict => verdict.Value is { As: Recognised.Doubtful, Entry: not null }).GroupBy(verdict => verdict.Value.Entry!.Value)
            .Where(whole => whole.Count() > 1).SelectMany(whole => whole.Select(verdict => (verdict.Key, Whole: whole.Key))).ToDictionary(part => part.Key, part => part.Whole);
        List<Telling> tellings = [.. await Payments(connection, known, parts, cancellation), .. await Symbols(connection, known, cancellation)];
        if (tellings.Count > 0) await Store(connection, import, [.. tellings.GroupBy(telling => telling.Known).OrderBy(entry => entry.Key)], cancellation);
    }

    /// <summary>A batch that was told with its payments has nothing to learn, nor has one that was told of them before.</summary>
    private static async Task Store(NpgsqlConnection connection, ImportId import, List<IGrouping<long, Telling>> entries, CancellationToken cancellation)
    {
        await using var tell = new NpgsqlCommand(
            """
            UPDATE statement_entries e
            SET other_texts = left(concat_ws(E'\n', e.other_texts, d.told), @most), told_by = @import,
                candidates = CASE WHEN e.state = @suspense AND e.step IS NULL THEN NULL ELSE e.candidates END,
                hold = CASE WHEN e.hold IS NULL AND e.state IN (@pending, @suspense) AND d.payments > 1 THEN @batch ELSE e.hold END
            FROM unnest(@entries, @told, @payments) AS d (entry, told, payments)
            WHERE e.id = d.entry AND position(left(d.told, @seen) IN coalesce(e.other_texts, '')) = 0
            """,
            connection);
        await tell
            .With("import", NpgsqlDbType.Uuid, import.Value)
            .With("most", NpgsqlDbType.Integer, StatementEntryTable.OtherTextsMax)
            .With("seen", NpgsqlDbType.Integer, StatementEntryTable.OtherTextsMax / 2)
            .With("pending", NpgsqlDbType.Smallint, (short)EntryState.Pending)
            .With("suspense", NpgsqlDbType.Smallint, (short)EntryState.Suspense)
            .With("batch", NpgsqlDbType.Smallint, (short)EntryHold.Batch)
            .With("entries", NpgsqlDbType.Array | NpgsqlDbType.Bigint, entries.ConvertAll(entry => entry.Key))
            .With("told", NpgsqlDbType.Array | NpgsqlDbType.Text, entries.ConvertAll(entry => string.Join('\n', entry.Select(telling => telling.Text))))
            .With("payments", NpgsqlDbType.Array | NpgsqlDbType.Integer, entries.ConvertAll(entry => entry.Count(telling => telling.IsPart)))
            .ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>In order of the batch, so that they read the same from whatever file.</summary>
    private static async Task<List<Telling>> Payments(
        NpgsqlConnection connection, Dictionary<long, long> known, Dictionary<long, long> parts, CancellationToken cancellation)
    {
        if (known.Count == 0 && parts.Count == 0) return [];
        await using var command = new NpgsqlCommand(
            $"""
            SELECT nth, {Told} FROM incoming
            WHERE (batch_ordinal IS NOT NULL AND nth IN (
                SELECT k.nth FROM unnest(@known, @entries) AS k (nth, entry) JOIN statement_entries e ON e.id = k.entry WHERE e.batch_ordinal IS NULL)) OR nth = ANY (@parts)
            ORDER BY amount, symbol, batch_ordinal, nth
            """,
            connection)
        { CommandTimeout = 0 };
        command
            .With("known", NpgsqlDbType.Array | NpgsqlDbType.Bigint, known.Keys.ToArray())
            .With("entries", NpgsqlDbType.Array | NpgsqlDbType.Bigint, known.Values.ToArray())
            .With("parts", NpgsqlDbType.Array | NpgsqlDbType.Bigint, parts.Keys.ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var tellings = new List<Telling>();
        while (await rows.ReadAsync(cancellation))
        {
            var nth = rows.GetInt64(0);
            var amount = new Money(rows.GetInt64(1), Currency.Parse(rows.GetString(2)));
            tellings.Add(new Telling(known.TryGetValue(nth, out var whole) ? whole : parts[nth], InWords(rows, string.Create(CultureInfo.InvariantCulture, $"payment of the batch: {amount}")), IsPart: true));
        }

        return tellings;
    }

    /// <summary>Of single movements: the symbol that the known entry does not carry, and the payer that it does not name.</summary>
    private static async Task<List<Telling>> Symbols(NpgsqlConnection connection, Dictionary<long, long> known, CancellationToken cancellation)
    {
        if (known.Count == 0) return [];
        await using var command = new NpgsqlCommand(
            $"""
            SELECT k.entry, {string.Join(", ", Told.Split(", ").Select(column => $"i.{column}"))}
            FROM unnest(@known, @entries) AS k (nth, entry) JOIN incoming i USING (nth) JOIN statement_entries e ON e.id = k.entry
            WHERE (i.batch_ordinal IS NULL) = (e.batch_ordinal IS NULL)
                AND ((i.symbol IS NOT NULL AND i.symbol IS DISTINCT FROM e.symbol) OR (i.counter_account IS NOT NULL AND e.counter_account IS NULL AND e.state = @suspense))
            ORDER BY k.entry, k.nth
            """,
            connection)
        { CommandTimeout = 0 };
        command
            .With("known", NpgsqlDbType.Array | NpgsqlDbType.Bigint, known.Keys.ToArray())
            .With("entries", NpgsqlDbType.Array | NpgsqlDbType.Bigint, known.Values.ToArray())
            .With("suspense", NpgsqlDbType.Smallint, (short)EntryState.Suspense);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var tellings = new List<Telling>();
        while (await rows.ReadAsync(cancellation)) tellings.Add(new Telling(rows.GetInt64(0), InWords(rows, "another statement tells"), IsPart: false));
        return tellings;
    }

    /// <param name="row">The entry's key, then <see cref="Told"/>.</param>
    private static string InWords(NpgsqlDataReader row, string heading)
    {
        string?[] told =
        [
            heading,
            row.IsDBNull(3) ? null : string.Create(CultureInfo.InvariantCulture, $"VS {row.GetInt64(3)}"),
            Text(4) is { } specific ? $"SS {specific}" : null,
            Text(5), Text(6), Text(7),
        ];
        return string.Join(", ", told.OfType<string>());

        string? Text(int at) => row.IsDBNull(at) ? null : row.GetString(at);
    }
}
