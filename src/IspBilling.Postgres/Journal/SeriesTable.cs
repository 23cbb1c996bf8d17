using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Journal;

/// <summary>The rows that legal numbers come from.</summary>
internal static class SeriesTable
{
    /// <summary>Where the series stand; a series not used before begins at 1.</summary>
    public static async Task<List<(SeriesKey Series, long Next, DateOnly LastIssuedOn)>> Read(
        NpgsqlConnection connection, IReadOnlyList<SeriesKey> series, bool forUpdate)
    {
        var found = new List<(SeriesKey, long, DateOnly)>();
        foreach (var key in series.OrderBy(key => (key.Issuer.Value, key.Kind, key.Year)))
        {
            await using var begin = new NpgsqlCommand(
                "INSERT INTO number_series (issuer, kind, year, next, last_issued_on) VALUES ($1, $2, $3, 1, '-infinity') ON CONFLICT DO NOTHING", connection);
            AddKey(begin, key);
            await begin.ExecuteNonQueryAsync();

            await using var read = new NpgsqlCommand(
                "SELECT next, last_issued_on FROM number_series WHERE issuer = $1 AND kind = $2 AND year = $3" + (forUpdate ? " FOR UPDATE" : ""), connection);
            AddKey(read, key);
            await using var row = await read.ExecuteReaderAsync();
            await row.ReadAsync();
            found.Add((key, row.GetInt64(0), row.GetFieldValue<DateOnly>(1)));
        }

        return found;
    }

    /// <summary>Takes the blocks; false when a series does not stand where it was expected. Last in the order of locks.</summary>
    /// <remarks>
    /// The expectation is compared with what the update returns, not in its condition: a condition is tried on the row as the
    /// statement's snapshot sees it, and a flight right behind another would be refused instead of waiting for its lock.
    /// </remarks>
    public static async Task<bool> Take(NpgsqlConnection connection, List<NumberBlock> blocks)
    {
        foreach (var block in blocks)
        {
            await using var take = new NpgsqlCommand(
                """
                UPDATE number_series SET next = next + $4, last_issued_on = $5
                WHERE issuer = $1 AND kind = $2 AND year = $3 AND last_issued_on <= $5
                RETURNING next - $4
                """,
                connection);
            AddKey(take, block.Series);
            take.Parameters.Add(new() { Value = (long)block.Count });
            take.Parameters.Add(new() { Value = block.LastIssuedOn });
            if (await take.ExecuteScalarAsync() is not long first || first != block.First) return false;
        }

        return true;
    }

    private static void AddKey(NpgsqlCommand command, SeriesKey key)
    {
        command.Parameters.Add(new() { Value = key.Issuer.Value });
        command.Parameters.Add(new() { Value = (short)key.Kind });
        command.Parameters.Add(new() { Value = (short)key.Year });
    }
}
