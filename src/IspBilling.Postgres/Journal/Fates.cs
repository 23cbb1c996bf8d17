using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Journal;

/// <summary>Asks the journal what has become of commits whose flight failed.</summary>
internal static class Fates
{
    /// <summary>
    /// Lands whoever's fate is known: the command stands in the journal (it was asked before, or the connection was lost after
    /// the transaction), or somebody else wrote to the account. The rest can still fly.
    /// </summary>
    public static async Task<List<Passenger>> LandTheDecided(NpgsqlDataSource database, List<Passenger> passengers)
    {
        var waiting = passengers.FindAll(passenger => !passenger.Task.IsCompleted);
        await using var select = database.CreateCommand(
            """
            SELECT asked.n, coalesce(a.version, 0), replied.reply
            FROM unnest($1, $2) WITH ORDINALITY AS asked (id, command, n)
            LEFT JOIN accounts a ON a.id = asked.id
            LEFT JOIN journal first ON first.account_id = asked.id AND first.command = asked.command
            LEFT JOIN LATERAL (SELECT reply FROM journal WHERE account_id = first.account_id AND version >= first.version AND reply IS NOT NULL
                               ORDER BY version LIMIT 1) replied ON true
            """);
        select.Parameters.Add(new() { Value = waiting.ConvertAll(passenger => passenger.Account.Value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        select.Parameters.Add(new() { Value = waiting.ConvertAll(passenger => passenger.Command.Value), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var rows = await select.ExecuteReaderAsync();
        var remaining = new List<Passenger>(waiting.Count);
        while (await rows.ReadAsync())
        {
            var passenger = waiting[(int)rows.GetInt64(0) - 1];
            if (!rows.IsDBNull(2)) passenger.Land(new AppendResult.AlreadyDone(JournalJson.ReadReply(rows.GetFieldValue<byte[]>(2))));
            else if (rows.GetInt64(1) != passenger.Version) passenger.Land(new AppendResult.VersionConflict());
            else remaining.Add(passenger);
        }

        return remaining;
    }
}
