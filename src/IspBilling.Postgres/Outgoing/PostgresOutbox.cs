using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Outgoing;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Outgoing;

/// <summary>The outbox in the database; flights of the journal write its rows.</summary>
/// <remarks>
/// Every statement may be sent again after an outage without another effect. A claim whose answer is lost leaves rows in nobody's hand until
/// their leases run out.
/// </remarks>
public sealed class PostgresOutbox(NpgsqlDataSource database) : IOutbox
{
    private const string Columns =
        "o.account_id, o.version, o.ordinal, o.channel, o.payload, o.status, o.created_at, o.attempts, o.due_at, o.owner, o.reason, o.receipt, o.ended_at, o.attempts_before, o.may_arrive_twice";

    /// <summary>The statuses are those of the index <c>outbox_due</c>, spelled out so that it is used.</summary>
    private const string ClaimSql =
        $"""
        WITH due AS (
            SELECT account_id, version, ordinal, due_at FROM outbox
            WHERE status IN (1, 2, 3) AND channel = @channel AND due_at <= @now
              AND coalesce((SELECT is_on AND NOT is_paused FROM channels WHERE channel = @channel ORDER BY entry DESC LIMIT 1), false)
            ORDER BY due_at, account_id, version, ordinal LIMIT @max
            FOR UPDATE SKIP LOCKED)
        UPDATE outbox o
        SET (status, owner, attempts, due_at, ended_at, reason, unreported) = (
            SELECT CASE WHEN o.status = 3 THEN 8 WHEN o.attempts - o.attempts_before >= @most THEN 6 ELSE 2 END,
                   CASE WHEN is_free THEN @owner ELSE o.owner END,
                   CASE WHEN is_free THEN o.attempts + 1 ELSE o.attempts END,
                   CASE WHEN is_free THEN @until END,
                   CASE WHEN is_free THEN NULL ELSE @now END,
                   CASE WHEN is_free THEN o.reason WHEN o.status = 3 THEN @ranOut ELSE @tooMany END,
                   CASE WHEN NOT is_free AND o.kind = ANY (@wanted) THEN true END
            FROM (SELECT o.status <> 3 AND o.attempts - o.attempts_before < @most AS is_free) free)
        FROM due
        WHERE o.account_id = due.account_id AND o.version = due.version AND o.ordinal = due.ordinal
        RETURNING {Columns}, due.due_at
        """;

    /// <summary>Kinds of message whose account wants to know how they end.</summary>
    private static readonly short[] Wanted = [(short)MessageKind.Reminder];

    public async ValueTask<IReadOnlyList<Delivery>> Claim(
        MessageChannel channel, string owner, DateTimeOffset now, DateTimeOffset until, int max, CancellationToken cancellation)
    {
        Invariant.Require(max is >= 1 and <= OutboxLimits.MaxClaim);
        return await Patience.With(async () =>
        {
            await using var claim = database.CreateCommand(ClaimSql)
                .With("channel", NpgsqlDbType.Smallint, (short)channel)
                .With("owner", NpgsqlDbType.Text, owner)
                .With("now", NpgsqlDbType.TimestampTz, now.ToUniversalTime())
                .With("until", NpgsqlDbType.TimestampTz, until.ToUniversalTime())
                .With("max", NpgsqlDbType.Integer, max)
                .With("most", NpgsqlDbType.Smallint, (short)OutboxLimits.MaxAttempts)
                .With("ranOut", NpgsqlDbType.Text, OutboxWords.LeaseRanOut)
                .With("tooMany", NpgsqlDbType.Text, OutboxWords.TooManyAttempts)
                .With("wanted", NpgsqlDbType.Array | NpgsqlDbType.Smallint, Wanted);
            var claimed = new List<(DateTime DueAt, Delivery Delivery)>();
            await using var rows = await claim.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation))
            {
                var delivery = Read(rows);
                if (delivery.Status == DeliveryStatus.Claimed) claimed.Add((rows.GetDateTime(15), delivery));
            }

            // An update returns its rows in no order.
            return (IReadOnlyList<Delivery>)
            [
                .. claimed.OrderBy(row => row.DueAt).ThenBy(row => row.Delivery.Id.Account).ThenBy(row => row.Delivery.Id.Version).ThenBy(row => row.Delivery.Id.Ordinal)
                    .Select(row => row.Delivery),
            ];
        });
    }

    public ValueTask<bool> Renew(Lease lease, DateTimeOffset until, CancellationToken cancellation) => Change(
        lease, [DeliveryStatus.Claimed, DeliveryStatus.Sending], "due_at = @until",
        change => change.With("until", NpgsqlDbType.TimestampTz, until.ToUniversalTime()), cancellation);

    public ValueTask<bool> BeginSending(Lease lease, DateTimeOffset until, CancellationToken cancellation) => Change(
        lease, [DeliveryStatus.Claimed, DeliveryStatus.Sending], "status = 3, due_at = @until",
        change => change.With("until", NpgsqlDbType.TimestampTz, until.ToUniversalTime()), cancellation);

    public ValueTask<bool> RetryLater(Lease lease, DateTimeOffset nextAttempt, string reason, CancellationToken cancellation) => Change(
        lease, [DeliveryStatus.Claimed, DeliveryStatus.Sending, DeliveryStatus.Waiting], "status = 1, due_at = @next, reason = @reason",
        change => change
            .With("next", NpgsqlDbType.TimestampTz, nextAttempt.ToUniversalTime())
            .With("reason", NpgsqlDbType.Text, OutboxWords.Cut(reason)),
        cancellation);

    public ValueTask<bool> End(Lease lease, DeliveryOutcome outcome, DateTimeOffset at, string? reason, string? receipt, CancellationToken cancellation) => Change(
        lease, DeliveryStates.Before(outcome),
        "status = @status, due_at = NULL, ended_at = @at, reason = @reason, receipt = @receipt, unreported = CASE WHEN kind = ANY (@wanted) THEN true END",
        change => change
            .With("status", NpgsqlDbType.Smallint, (short)DeliveryStates.After(outcome))
            .With("at", NpgsqlDbType.TimestampTz, at.ToUniversalTime())
            .With("reason", NpgsqlDbType.Text, OutboxWords.Cut(reason))
            .With("receipt", NpgsqlDbType.Text, OutboxWords.Cut(receipt))
            .With("wanted", NpgsqlDbType.Array | NpgsqlDbType.Smallint, Wanted),
        cancellation);

    public async ValueTask<bool> Return(DeliveryId id, int attempt, DateTimeOffset at, string reason, CancellationToken cancellation) =>
        await Patience.With(async () =>
        {
            await using var update = database.CreateCommand(
                """
                UPDATE outbox SET status = 5, ended_at = @at, reason = @reason
                WHERE account_id = @account AND version = @version AND ordinal = @ordinal AND attempts = @attempt AND status = ANY (@from)
                """)
                .With("account", NpgsqlDbType.Bigint, id.Account.Value)
                .With("version", NpgsqlDbType.Bigint, id.Version)
                .With("ordinal", NpgsqlDbType.Smallint, (short)id.Ordinal)
                .With("attempt", NpgsqlDbType.Smallint, (short)attempt)
                .With("at", NpgsqlDbType.TimestampTz, at.ToUniversalTime())
                .With("reason", NpgsqlDbType.Text, OutboxWords.Cut(reason))
                .With("from", NpgsqlDbType.Array | NpgsqlDbType.Smallint, Array.ConvertAll(DeliveryStates.Returnable, static status => (short)status));
            return await update.ExecuteNonQueryAsync(cancellation) == 1;
        });

    public async ValueTask<IReadOnlyList<Delivery>> Unreported(DeliveryId? after, int max, CancellationToken cancellation)
    {
        var from = after ?? default;
        return await Patience.With(() => Rows(
            database.CreateCommand(
                $"""
                SELECT {Columns} FROM outbox o
                WHERE unreported AND (account_id, version, ordinal) > (@account, @version, @ordinal)
                ORDER BY account_id, version, ordinal LIMIT @max
                """)
                .With("account", NpgsqlDbType.Bigint, from.Account.Value)
                .With("version", NpgsqlDbType.Bigint, from.Version)
                .With("ordinal", NpgsqlDbType.Integer, from.Ordinal)
                .With("max", NpgsqlDbType.Integer, PageSize.Work(max)),
            cancellation));
    }

    public async ValueTask Reported(IReadOnlyCollection<Delivery> deliveries, CancellationToken cancellation)
    {
        if (deliveries.Count == 0) return;
        await Patience.With(async () =>
        {
            await using var update = database.CreateCommand(
                """
                UPDATE outbox o SET unreported = NULL
                FROM unnest(@accounts, @versions, @ordinals, @statuses) AS known (account_id, version, ordinal, status)
                WHERE o.account_id = known.account_id AND o.version = known.version AND o.ordinal = known.ordinal AND o.status = known.status
                """)
                .With("accounts", NpgsqlDbType.Array | NpgsqlDbType.Bigint, deliveries.Select(delivery => delivery.Id.Account.Value).ToArray())
                .With("versions", NpgsqlDbType.Array | NpgsqlDbType.Bigint, deliveries.Select(delivery => delivery.Id.Version).ToArray())
                .With("ordinals", NpgsqlDbType.Array | NpgsqlDbType.Smallint, deliveries.Select(delivery => (short)delivery.Id.Ordinal).ToArray())
                .With("statuses", NpgsqlDbType.Array | NpgsqlDbType.Smallint, deliveries.Select(delivery => (short)delivery.Status).ToArray());
            await update.ExecuteNonQueryAsync(cancellation);
        });
    }

    public async ValueTask<IReadOnlyList<Delivery>> History(AccountId account, DeliveryId? before, int max, CancellationToken cancellation) =>
        await Patience.With(() => Rows(
            database.CreateCommand(
                $"""
                SELECT {Columns} FROM outbox o
                WHERE account_id = @account AND (version, ordinal) < (@version, @ordinal)
                ORDER BY version DESC, ordinal DESC LIMIT @max
                """)
                .With("account", NpgsqlDbType.Bigint, account.Value)
                .With("version", NpgsqlDbType.Bigint, before?.Version ?? long.MaxValue)
                .With("ordinal", NpgsqlDbType.Integer, before?.Ordinal ?? int.MaxValue)
                .With("max", NpgsqlDbType.Integer, PageSize.Reading(max)),
            cancellation));

    public async ValueTask<IReadOnlyList<ChannelSwitch>> Channels(CancellationToken cancellation)
    {
        var switched = await Patience.With(async () =>
        {
            await using var select = database.CreateCommand(ChannelTable.Newest);
            await using var rows = await select.ExecuteReaderAsync(cancellation);
            var found = new Dictionary<MessageChannel, ChannelSwitch>();
            while (await rows.ReadAsync(cancellation))
            {
                var channel = (MessageChannel)rows.GetInt16(0);
                found[channel] = new ChannelSwitch(
                    channel, rows.GetBoolean(1), At(rows, 2), StoredActor.Of(rows.GetString(3), rows.GetString(4), rows.GetString(5)))
                {
                    IsPaused = rows.GetBoolean(6),
                    Reason = rows.IsDBNull(7) ? null : rows.GetString(7),
                };
            }

            return found;
        });
        return [.. Enum.GetValues<MessageChannel>().Order().Select(channel => switched.GetValueOrDefault(channel, new ChannelSwitch(channel, IsOn: false, null, null)))];
    }

    public async ValueTask Turn(ChannelChange change, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var isOn = change.State != ChannelState.Off;
        await using (var leave = new NpgsqlCommand(
            """
            UPDATE outbox SET status = 0, due_at = NULL, reason = @reason
            WHERE status IN (1, 2, 3) AND status <> 3 AND channel = @channel AND @isOn
              AND NOT coalesce((SELECT is_on FROM channels WHERE channel = @channel ORDER BY entry DESC LIMIT 1), false)
            """,
            connection, transaction)
            .With("reason", NpgsqlDbType.Text, OutboxWords.OlderThanSwitchOn)
            .With("channel", NpgsqlDbType.Smallint, (short)change.Channel)
            .With("isOn", NpgsqlDbType.Boolean, isOn))
        {
            await leave.ExecuteNonQueryAsync(cancellation);
        }

        await using (var insert = new NpgsqlCommand(
            """
            INSERT INTO channels (channel, is_on, is_paused, at, by_kind, by_id, by_name, reason)
            VALUES (@channel, @isOn, @isPaused, @at, @byKind, @byId, @by, @reason)
            """,
            connection, transaction)
            .With("channel", NpgsqlDbType.Smallint, (short)change.Channel)
            .With("isOn", NpgsqlDbType.Boolean, isOn)
            .With("isPaused", NpgsqlDbType.Boolean, change.State == ChannelState.Paused)
            .With("at", NpgsqlDbType.TimestampTz, change.At.ToUniversalTime())
            .WithActor("by", change.By)
            .With("reason", NpgsqlDbType.Text, OutboxWords.Cut(change.Reason)))
        {
            await insert.ExecuteNonQueryAsync(cancellation);
        }

        await transaction.CommitAsync(cancellation);
    });

    public async ValueTask<DeliveryCounts> Count(MessageChannel channel, DateTimeOffset? writtenFrom, CancellationToken cancellation) =>
        await Patience.With(async () =>
        {
            await using var select = database.CreateCommand(
                """
                SELECT status, count(*) FROM outbox
                WHERE channel = @channel AND (@from::timestamptz IS NULL OR created_at >= @from) GROUP BY status
                """)
                .With("channel", NpgsqlDbType.Smallint, (short)channel)
                .With("from", NpgsqlDbType.TimestampTz, writtenFrom?.ToUniversalTime());
            await using var rows = await select.ExecuteReaderAsync(cancellation);
            var counts = ImmutableDictionary.CreateBuilder<DeliveryStatus, long>();
            while (await rows.ReadAsync(cancellation)) counts[(DeliveryStatus)rows.GetInt16(0)] = rows.GetInt64(1);
            return new DeliveryCounts(counts.ToImmutable());
        });

    /// <remarks>The statuses are those of the indexes <c>outbox_due</c> and <c>outbox_sent</c>, spelled out so that they are used.</remarks>
    public async ValueTask<long> SentSince(MessageChannel channel, DateTimeOffset from, CancellationToken cancellation) =>
        await Patience.With(async () =>
        {
            await using var select = database.CreateCommand(
                """
                SELECT (SELECT count(*) FROM outbox WHERE status IN (1, 2, 3) AND channel = @channel AND status <> 1)
                     + (SELECT count(*) FROM outbox WHERE status IN (4, 8) AND channel = @channel AND ended_at >= @from)
                """)
                .With("channel", NpgsqlDbType.Smallint, (short)channel)
                .With("from", NpgsqlDbType.TimestampTz, from.ToUniversalTime());
            return await select.ExecuteScalarAsync(cancellation) is long count ? count : 0;
        });

    public async ValueTask<IReadOnlyList<Delivery>> Standing(
        DeliveryStatus status, MessageChannel? channel, DeliveryId? after, int max, CancellationToken cancellation)
    {
        var from = after ?? default;

        // Spelled out, so that the index of its status is used.
        var standing = ((short)status).ToString(CultureInfo.InvariantCulture);
        return await Patience.With(() => Rows(
            database.CreateCommand(
                $"""
                SELECT {Columns} FROM outbox o
                WHERE status = {standing} AND (@channel::smallint IS NULL OR channel = @channel) AND (account_id, version, ordinal) > (@account, @version, @ordinal)
                ORDER BY account_id, version, ordinal LIMIT @max
                """)
                .With("channel", NpgsqlDbType.Smallint, channel is { } one ? (short)one : null)
                .With("account", NpgsqlDbType.Bigint, from.Account.Value)
                .With("version", NpgsqlDbType.Bigint, from.Version)
                .With("ordinal", NpgsqlDbType.Integer, from.Ordinal)
                .With("max", NpgsqlDbType.Integer, PageSize.Reading(max)),
            cancellation));
    }

    public async ValueTask<Delivery?> Find(DeliveryId id, CancellationToken cancellation)
    {
        var found = await Patience.With(() => Rows(
            database.CreateCommand($"SELECT {Columns} FROM outbox o WHERE account_id = @account AND version = @version AND ordinal = @ordinal")
                .With("account", NpgsqlDbType.Bigint, id.Account.Value)
                .With("version", NpgsqlDbType.Bigint, id.Version)
                .With("ordinal", NpgsqlDbType.Smallint, (short)id.Ordinal),
            cancellation));
        return found.Count == 0 ? null : found[0];
    }

    /// <remarks>Sent again after an outage, it would find the delivery waiting and say no: what a person asked for has happened then.</remarks>
    public async ValueTask<bool> SendAgain(DeliveryId id, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation)
    {
        await using var update = database.CreateCommand(
            """
            WITH again AS (
                UPDATE outbox SET status = 1, due_at = @at, ended_at = NULL, receipt = NULL, unreported = NULL, attempts_before = attempts,
                    may_arrive_twice = may_arrive_twice OR status = 8, reason = @told
                WHERE account_id = @account AND version = @version AND ordinal = @ordinal AND status = ANY (@from)
                RETURNING account_id, version, ordinal)
            INSERT INTO outbox_resends (account_id, version, ordinal, at, by_kind, by_id, by_name, reason)
            SELECT account_id, version, ordinal, @at, @byKind, @byId, @by, @reason FROM again
            """)
            .With("account", NpgsqlDbType.Bigint, id.Account.Value)
            .With("version", NpgsqlDbType.Bigint, id.Version)
            .With("ordinal", NpgsqlDbType.Smallint, (short)id.Ordinal)
            .With("at", NpgsqlDbType.TimestampTz, at.ToUniversalTime())
            .WithActor("by", by)
            .With("reason", NpgsqlDbType.Text, OutboxWords.Cut(reason))
            .With("told", NpgsqlDbType.Text, OutboxWords.Cut(OutboxWords.Again(by, reason)))
            .With("from", NpgsqlDbType.Array | NpgsqlDbType.Smallint, Array.ConvertAll(DeliveryStates.Resendable, static status => (short)status));
        return await update.ExecuteNonQueryAsync(cancellation) == 1;
    }

    public async ValueTask<int> Stop(
        MessageChannel channel, DateTimeOffset? writtenFrom, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation) =>
        await Patience.With(async () =>
        {
            await using var update = database.CreateCommand(
                """
                UPDATE outbox SET status = 7, due_at = NULL, ended_at = @at, reason = @reason, unreported = CASE WHEN kind = ANY (@wanted) THEN true END
                WHERE status IN (1, 2, 3) AND status <> 3 AND channel = @channel AND (@from::timestamptz IS NULL OR created_at >= @from)
                """)
                .With("channel", NpgsqlDbType.Smallint, (short)channel)
                .With("from", NpgsqlDbType.TimestampTz, writtenFrom?.ToUniversalTime())
                .With("at", NpgsqlDbType.TimestampTz, at.ToUniversalTime())
                .With("reason", NpgsqlDbType.Text, OutboxWords.Cut(OutboxWords.Stopped(by, reason)))
                .With("wanted", NpgsqlDbType.Array | NpgsqlDbType.Smallint, Wanted);
            return await update.ExecuteNonQueryAsync(cancellation);
        });

    /// <param name="from">Where the delivery may stand; the lease must be the last one there was.</param>
    private async ValueTask<bool> Change(
        Lease lease, DeliveryStatus[] from, string set, Func<NpgsqlCommand, NpgsqlCommand> with, CancellationToken cancellation) =>
        await Patience.With(async () =>
        {
            await using var change = with(database.CreateCommand(
                $"""
                UPDATE outbox SET {set}
                WHERE account_id = @account AND version = @version AND ordinal = @ordinal
                  AND owner = @owner AND attempts = @attempt AND status = ANY (@from)
                """))
                .With("account", NpgsqlDbType.Bigint, lease.Delivery.Account.Value)
                .With("version", NpgsqlDbType.Bigint, lease.Delivery.Version)
                .With("ordinal", NpgsqlDbType.Smallint, (short)lease.Delivery.Ordinal)
                .With("owner", NpgsqlDbType.Text, lease.Owner)
                .With("attempt", NpgsqlDbType.Smallint, (short)lease.Attempt)
                .With("from", NpgsqlDbType.Array | NpgsqlDbType.Smallint, Array.ConvertAll(from, static status => (short)status));
            return await change.ExecuteNonQueryAsync(cancellation) == 1;
        });

    private static async Task<IReadOnlyList<Delivery>> Rows(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var select = command;
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var found = new List<Delivery>();
        while (await rows.ReadAsync(cancellation)) found.Add(Read(rows));
        return found;
    }

    private static Delivery Read(NpgsqlDataReader row) => new(
        new DeliveryId(new AccountId(row.GetInt64(0)), row.GetInt64(1), row.GetInt16(2)),
        (MessageChannel)row.GetInt16(3),
        JournalJson.ReadMessage(row.GetString(4)),
        (DeliveryStatus)row.GetInt16(5),
        At(row, 6)!.Value,
        row.GetInt16(7),
        At(row, 8),
        row.IsDBNull(9) ? null : row.GetString(9),
        row.IsDBNull(10) ? null : row.GetString(10),
        row.IsDBNull(11) ? null : row.GetString(11),
        At(row, 12))
    {
        AttemptsBefore = row.GetInt16(13),
        MayArriveTwice = row.GetBoolean(14),
    };

    private static DateTimeOffset? At(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetDateTime(column), TimeSpan.Zero);
}
