using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Identity;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <summary>
/// A batch may be told whole first and its payments later. The money is known by then and is not stored again, but who paid it and with which symbols
/// is told by the payments alone: a clerk reads it with the batch.
/// </summary>
internal static class BatchDetails
{
    private sealed record Detail(long Whole, string Text);

    /// <param name="verdicts">By place in the file; the file's entries are in the transaction's own table.</param>
    public static async Task Tell(NpgsqlConnection connection, IReadOnlyDictionary<long, Verdict> verdicts, CancellationToken cancellation)
    {
        var known = verdicts.Where(verdict => verdict.Value is { As: Recognised.Known, Entry: not null }).ToDictionary(verdict => verdict.Key, verdict => verdict.Value.Entry!.Value);
        if (known.Count == 0) return;
        var details = (await Details(connection, known, cancellation)).GroupBy(detail => detail.Whole).OrderBy(whole => whole.Key).ToList();
        if (details.Count == 0) return;

        // A batch that was told with its payments has nothing to learn, nor has one that was told of them before.
        await using var tell = new NpgsqlCommand(
            """
            UPDATE statement_entries e
            SET other_texts = left(concat_ws(E'\n', e.other_texts, d.told), @most),
                hold = CASE WHEN e.hold IS NULL AND e.state IN (@pending, @suspense) AND d.payments > 1 THEN @batch ELSE e.hold END
            FROM unnest(@wholes, @told, @payments) AS d (whole, told, payments)
            WHERE e.id = d.whole AND e.batch_ordinal IS NULL AND position(left(d.told, @seen) IN coalesce(e.other_texts, '')) = 0
            """,
            connection);
        await tell
            .With("most", NpgsqlDbType.Integer, StatementEntryTable.OtherTextsMax)
            .With("seen", NpgsqlDbType.Integer, StatementEntryTable.OtherTextsMax / 2)
            .With("pending", NpgsqlDbType.Smallint, (short)EntryState.Pending)
            .With("suspense", NpgsqlDbType.Smallint, (short)EntryState.Suspense)
            .With("batch", NpgsqlDbType.Smallint, (short)EntryHold.Batch)
            .With("wholes", NpgsqlDbType.Array | NpgsqlDbType.Bigint, details.ConvertAll(whole => whole.Key))
            .With("told", NpgsqlDbType.Array | NpgsqlDbType.Text, details.ConvertAll(whole => string.Join('\n', whole.Select(detail => detail.Text))))
            .With("payments", NpgsqlDbType.Array | NpgsqlDbType.Integer, details.ConvertAll(whole => whole.Count()))
            .ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>In order of the batch, so that they read the same from whatever file.</summary>
    private static async Task<List<Detail>> Details(NpgsqlConnection connection, Dictionary<long, long> known, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT nth, amount, currency, symbol, specific_symbol, counter_account, counter_name, message FROM incoming
            WHERE nth = ANY (@known) AND batch_ordinal IS NOT NULL ORDER BY amount, symbol, batch_ordinal, nth
            """,
            connection);
        command.With("known", NpgsqlDbType.Array | NpgsqlDbType.Bigint, known.Keys.ToArray());
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var details = new List<Detail>();
        while (await rows.ReadAsync(cancellation)) details.Add(new Detail(known[rows.GetInt64(0)], InWords(rows)));
        return details;
    }

    private static string InWords(NpgsqlDataReader row)
    {
        var amount = new Money(row.GetInt64(1), Currency.Parse(row.GetString(2)));
        string?[] told =
        [
            string.Create(CultureInfo.InvariantCulture, $"payment of the batch: {amount}"),
            row.IsDBNull(3) ? null : string.Create(CultureInfo.InvariantCulture, $"VS {row.GetInt64(3)}"),
            Text(4) is { } specific ? $"SS {specific}" : null,
            Text(5), Text(6), Text(7),
        ];
        return string.Join(", ", told.OfType<string>());

        string? Text(int at) => row.IsDBNull(at) ? null : row.GetString(at);
    }
}
