using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using Npgsql;

namespace IspBilling.Engine.Tests.Journal;

/// <summary>The journal's tables as they stand, read without the journal's own code.</summary>
internal static class StoredRows
{
    public static async Task<IReadOnlyList<ChainedEvent>> EntriesOf(NpgsqlDataSource database, AccountId account)
    {
        await using var select = database.CreateCommand(
            "SELECT version, name, command, reply, payload, hash, at, actor_kind, actor_id, by, personal FROM journal WHERE account_id = $1 ORDER BY version");
        select.Parameters.Add(new() { Value = account.Value });
        await using var rows = await select.ExecuteReaderAsync();
        var entries = new List<ChainedEvent>();
        while (await rows.ReadAsync())
        {
            entries.Add(new ChainedEvent(
                rows.GetInt64(0), rows.GetString(1),
                new EventOrigin(
                    StoredActor.Of(rows.IsDBNull(7) ? null : rows.GetString(7), rows.IsDBNull(8) ? null : rows.GetString(8), rows.GetString(9)),
                    rows.IsDBNull(2) ? null : new CommandId(rows.GetGuid(2)), rows.GetFieldValue<DateTimeOffset>(6)),
                rows.IsDBNull(3) ? null : JournalJson.ReadReply(rows.GetFieldValue<byte[]>(3)), rows.GetFieldValue<byte[]>(4),
                rows.IsDBNull(10) ? [] : rows.GetFieldValue<byte[]>(10), [.. rows.GetFieldValue<byte[]>(5)]));
        }

        return entries;
    }

    public static async Task<IReadOnlyList<(DeliveryId Delivery, OutgoingMessage Message)>> Outbox(NpgsqlDataSource database)
    {
        await using var select = database.CreateCommand("SELECT account_id, version, ordinal, payload FROM outbox ORDER BY account_id, version, ordinal");
        await using var rows = await select.ExecuteReaderAsync();
        var messages = new List<(DeliveryId, OutgoingMessage)>();
        while (await rows.ReadAsync())
        {
            messages.Add((
                new DeliveryId(new AccountId(rows.GetInt64(0)), rows.GetInt64(1), rows.GetInt16(2)),
                JsonSerializer.Deserialize<OutgoingMessage>(rows.GetString(3), JournalJson.Options)!));
        }

        return messages;
    }
}
