using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Outgoing;

/// <summary>Receipts in the database, beside the outbox.</summary>
public sealed class PostgresReceipts(NpgsqlDataSource database) : IDeliveryReceipts
{
    public async ValueTask<bool> Record(DeliveryReceipt receipt, CancellationToken cancellation) =>
        await Patience.With(async () =>
        {
            await using var insert = Delivery(
                database.CreateCommand(
                    """
                    INSERT INTO delivery_receipts (account_id, version, ordinal, kind, target, status, reason, at)
                    SELECT account_id, version, ordinal, @kind, @target, @status, @reason, @at FROM outbox
                    WHERE account_id = @account AND version = @version AND ordinal = @ordinal
                    ON CONFLICT DO NOTHING
                    """),
                receipt.Delivery)
                .With("kind", NpgsqlDbType.Smallint, (short)receipt.Kind)
                .With("target", NpgsqlDbType.Text, OutboxWords.Cut(receipt.Target))
                .With("status", NpgsqlDbType.Text, OutboxWords.Cut(Storable(receipt.Status)))
                .With("reason", NpgsqlDbType.Text, OutboxWords.Cut(Storable(receipt.Reason)))
                .With("at", NpgsqlDbType.TimestampTz, receipt.At.ToUniversalTime());
            return await insert.ExecuteNonQueryAsync(cancellation) == 1;
        });

    public async ValueTask<DeliveryId?> Find(MessageChannel channel, string receipt, CancellationToken cancellation)
    {
        if (receipt.Contains('\0', StringComparison.Ordinal)) return null;
        await using var select = database.CreateCommand(
            """
            SELECT account_id, version, ordinal FROM outbox
            WHERE receipt = @receipt AND receipt IS NOT NULL AND channel = 2 AND channel = @channel
            ORDER BY created_at DESC LIMIT 1
            """)
            .With("receipt", NpgsqlDbType.Text, OutboxWords.Cut(receipt))
            .With("channel", NpgsqlDbType.Smallint, (short)channel);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? Id(rows) : null;
    }

    public async ValueTask<IReadOnlyList<(DeliveryId Delivery, string Receipt)>> Awaiting(
        MessageChannel channel, DateTimeOffset acceptedSince, DeliveryId? after, int max, CancellationToken cancellation)
    {
        await using var select = Delivery(
            database.CreateCommand(
                """
                SELECT account_id, version, ordinal, receipt FROM outbox o
                WHERE receipt IS NOT NULL AND channel = 2 AND channel = @channel AND status = 4 AND ended_at >= @since
                  AND (account_id, version, ordinal) > (@account, @version, @ordinal)
                  AND NOT EXISTS (SELECT FROM delivery_receipts r WHERE r.account_id = o.account_id AND r.version = o.version AND r.ordinal = o.ordinal)
                ORDER BY account_id, version, ordinal LIMIT @max
                """),
            after ?? default)
            .With("channel", NpgsqlDbType.Smallint, (short)channel)
            .With("since", NpgsqlDbType.TimestampTz, acceptedSince.ToUniversalTime())
            .With("max", NpgsqlDbType.Integer, PageSize.Work(max));
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var found = new List<(DeliveryId, string)>();
        while (await rows.ReadAsync(cancellation)) found.Add((Id(rows), rows.GetString(3)));
        return found;
    }

    private static DeliveryId Id(NpgsqlDataReader row) => new(new AccountId(row.GetInt64(0)), row.GetInt64(1), row.GetInt16(2));

    private static NpgsqlCommand Delivery(NpgsqlCommand command, DeliveryId id) => command
        .With("account", NpgsqlDbType.Bigint, id.Account.Value)
        .With("version", NpgsqlDbType.Bigint, id.Version)
        .With("ordinal", NpgsqlDbType.Smallint, (short)id.Ordinal);

    /// <summary>What a target says may hold what no text of the database can.</summary>
    private static string? Storable(string? text) => text?.Replace("\0", "", StringComparison.Ordinal);
}
