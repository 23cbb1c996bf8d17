using IspBilling.Domain;
using IspBilling.Engine.Json;
using IspBilling.Engine.Snapshots;
using IspBilling.Engine.Telemetry;
using Npgsql;

namespace IspBilling.Postgres.Journal;

/// <summary>An account's state from its row or, where the snapshot there has a format that this program does not read or lacks something, from its events.</summary>
internal static class StoredState
{
    /// <param name="version">As of which event; the account may have moved on since.</param>
    /// <exception cref="FormatException">The snapshot is damaged.</exception>
    public static async ValueTask<AccountState> Of(
        NpgsqlDataSource database, AccountId account, long version, byte[] snapshot, CancellationToken cancellation)
    {
        if (StateSnapshot.IsReadable(snapshot))
        {
            var state = StateSnapshot.Read(snapshot);
            if (StateSnapshot.IsWhole(snapshot, state)) return state;
        }

        EngineTelemetry.Refolded();
        return await Fold(database, account, version, cancellation);
    }

    public static async Task<AccountState> Fold(NpgsqlDataSource database, AccountId account, long version, CancellationToken cancellation)
    {
        await using var events = database.CreateCommand("SELECT name, payload, personal FROM journal WHERE account_id = $1 AND version <= $2 ORDER BY version");
        events.Parameters.Add(new() { Value = account.Value });
        events.Parameters.Add(new() { Value = version });
        await using var rows = await events.ExecuteReaderAsync(cancellation);
        var state = AccountState.New(account);
        while (await rows.ReadAsync(cancellation))
        {
            var personal = rows.IsDBNull(2) ? [] : rows.GetFieldValue<byte[]>(2);
            state = state.Evolve(JournalJson.ReadEvent(rows.GetString(0), rows.GetFieldValue<byte[]>(1), personal));
        }

        Invariant.Require(state.Version == version);
        return state;
    }
}
