using IspBilling.Engine.Identity;
using IspBilling.Engine.StatementImports;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Imports;

/// <summary>Which entries may be the same money: <c>statement_entry_doubts</c>. A pair that a person told apart counts no more.</summary>
internal static class Doubts
{
    /// <summary>An entry in a doubt, and those on its other side.</summary>
    private const string Opposite = "statement_entry_doubts mine JOIN statement_entry_doubts theirs ON theirs.doubt = mine.doubt AND theirs.side <> mine.side";

    private const string NotApart = "NOT EXISTS (SELECT FROM statement_entries_apart apart WHERE apart.entry = mine.entry AND apart.other = theirs.entry)";

    /// <summary>Whether another entry that is not closed may be the money of entry <c>e</c>.</summary>
    public const string IsDoubted =
        $"""
        EXISTS (SELECT FROM {Opposite} JOIN statement_entries other ON other.id = theirs.entry WHERE mine.entry = e.id AND other.state <> 3 AND {NotApart})
        """;

    /// <param name="verdicts">By place in the file; the file's entries are in the transaction's own table and, those that are doubtful, stored.</param>
    /// <param name="statement">That was just stored.</param>
    public static async Task Store(NpgsqlConnection connection, IReadOnlyDictionary<long, Verdict> verdicts, long statement, CancellationToken cancellation)
    {
        var told = verdicts.Where(verdict => verdict.Value.Doubt is not null).OrderBy(verdict => verdict.Key).Select(verdict => (Nth: verdict.Key, Doubt: verdict.Value.Doubt!)).ToList();
        if (told.Count == 0) return;
        var places = told.Select(entry => entry.Doubt).Distinct().Select((doubt, at) => (doubt, at)).ToDictionary(place => place.doubt, place => place.at);
        var known = places.SelectMany(place => place.Key.Known.Select(entry => (At: place.Value, Entry: entry))).ToList();
        await using var command = new NpgsqlCommand(
            """
            WITH told AS (
                SELECT t.at, e.id FROM unnest(@nth, @toldAt) AS t (nth, at) JOIN incoming i USING (nth)
                JOIN statement_entries e ON e.identity = coalesce(i.identity, @statement || '.' || t.nth) AND e.statement = @statement),
            named AS (SELECT at, min(id) AS doubt FROM told GROUP BY at)
            INSERT INTO statement_entry_doubts (doubt, side, entry)
            SELECT n.doubt, 1, t.id FROM told t JOIN named n USING (at)
            UNION ALL
            SELECT n.doubt, 0, k.entry FROM unnest(@knownAt, @known) AS k (at, entry) JOIN named n USING (at)
            """,
            connection)
        { CommandTimeout = 0 };
        await command
            .With("nth", NpgsqlDbType.Array | NpgsqlDbType.Bigint, told.ConvertAll(entry => entry.Nth))
            .With("toldAt", NpgsqlDbType.Array | NpgsqlDbType.Integer, told.ConvertAll(entry => places[entry.Doubt]))
            .With("knownAt", NpgsqlDbType.Array | NpgsqlDbType.Integer, known.ConvertAll(entry => entry.At))
            .With("known", NpgsqlDbType.Array | NpgsqlDbType.Bigint, known.ConvertAll(entry => entry.Entry))
            .With("statement", NpgsqlDbType.Bigint, statement)
            .ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// From doubt to doubt: what may be this entry, what may be that, and so on. Never by way of another entry of its own statement, which tells a
    /// movement once.
    /// </summary>
    public static async Task<long[]> CounterpartsOf(NpgsqlConnection connection, long entry, CancellationToken cancellation)
    {
        const string Sql =
            $"""
            WITH RECURSIVE met AS (
                SELECT @entry AS entry
                UNION
                SELECT theirs.entry FROM met JOIN {Opposite} ON mine.entry = met.entry JOIN statement_entries e ON e.id = theirs.entry
                WHERE {NotApart} AND NOT EXISTS (SELECT FROM statement_entries_apart apart WHERE apart.entry = @entry AND apart.other = theirs.entry)
                    AND (e.statement IS NULL OR e.statement IS DISTINCT FROM (SELECT statement FROM statement_entries WHERE id = @entry)))
            SELECT entry FROM met WHERE entry <> @entry ORDER BY entry
            """;
        await using var command = new NpgsqlCommand(Sql, connection);
        command.With("entry", NpgsqlDbType.Bigint, entry);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var met = new List<long>();
        while (await rows.ReadAsync(cancellation)) met.Add(rows.GetInt64(0));
        return [.. met];
    }

    /// <summary>With the entries that may be theirs, as far as these are not closed.</summary>
    public static async Task<List<EntryView>> Shown(NpgsqlConnection connection, List<EntryView> entries, CancellationToken cancellation)
    {
        if (entries.Count == 0) return entries;
        await using var command = new NpgsqlCommand(
            $"""
            SELECT DISTINCT mine.entry, theirs.entry FROM {Opposite} JOIN statement_entries other ON other.id = theirs.entry
            WHERE mine.entry = ANY (@entries) AND other.state <> 3 AND {NotApart} ORDER BY 1, 2
            """,
            connection);
        command.With("entries", NpgsqlDbType.Array | NpgsqlDbType.Bigint, entries.ConvertAll(view => view.Id));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var found = new List<(long Entry, long Other)>();
        while (await rows.ReadAsync(cancellation)) found.Add((rows.GetInt64(0), rows.GetInt64(1)));
        var others = found.ToLookup(pair => pair.Entry, pair => pair.Other);
        return entries.ConvertAll(view => others.Contains(view.Id) ? view with { MayBe = [.. others[view.Id].Take(EntryView.MaxMayBe)] } : view);
    }

    /// <summary>Pairs in both directions. What is in no doubt any more is no copy; nothing is known again by it.</summary>
    public static async Task Part(NpgsqlConnection connection, long entry, IReadOnlyList<long> others, CancellationToken cancellation)
    {
        await using var part = new NpgsqlCommand(
            """
            INSERT INTO statement_entries_apart (entry, other)
            SELECT @entry, other FROM unnest(@others) AS other UNION ALL SELECT other, @entry FROM unnest(@others) AS other
            ON CONFLICT DO NOTHING
            """,
            connection);
        await part.With("entry", NpgsqlDbType.Bigint, entry).With("others", NpgsqlDbType.Array | NpgsqlDbType.Bigint, others.ToArray()).ExecuteNonQueryAsync(cancellation);
        await using var free = new NpgsqlCommand(
            $"UPDATE statement_entries e SET is_doubtful = false, looks_like = NULL WHERE id = ANY (@entries) AND is_doubtful AND NOT {IsDoubted}", connection);
        await free.With("entries", NpgsqlDbType.Array | NpgsqlDbType.Bigint, others.Append(entry).ToArray()).ExecuteNonQueryAsync(cancellation);
    }
}
