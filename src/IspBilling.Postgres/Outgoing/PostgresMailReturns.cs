using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Outgoing;

/// <summary>Returned mails in the database, beside the outbox, and who reads which mailbox.</summary>
public sealed class PostgresMailReturns(NpgsqlDataSource database) : IMailReturns, IMailboxLeases
{
    /// <summary>Characters of a reason or a status; more are cut.</summary>
    private const int MaxText = OutboxLimits.MaxText;

    public async ValueTask<KeptReturn> Keep(MailReturn returned, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // Whoever keeps another of the same account at the same moment waits: softly returned ones are counted.
        if (!await Lock(connection, returned.Delivery, cancellation)) return KeptReturn.NoSuchMail;
        if (!await Insert(connection, returned, cancellation)) return KeptReturn.Known;
        if (ReceiptOf(returned.Kind) is { } receipt) await InsertReceipt(connection, returned, receipt, cancellation);
        if (returned.Kind == MailReturnKind.Soft && await IsLastOfRow(connection, returned, cancellation)) await MarkAsUndeliverable(connection, returned, cancellation);
        await transaction.CommitAsync(cancellation);
        return KeptReturn.New;
    });

    public async ValueTask<IReadOnlyList<UntoldReturn>> Untold(UntoldReturn? after, int max, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var select = Delivery(
            database.CreateCommand(
                """
                SELECT account_id, version, ordinal, kind, attempt, status, reason, recipients, fault, at, accepted FROM mail_returns
                WHERE told_at IS NULL AND (account_id, version, ordinal, attempt, kind) > (@account, @version, @ordinal, @attempt, @kind)
                ORDER BY account_id, version, ordinal, attempt, kind LIMIT @max
                """),
            after?.Delivery ?? default)
            .With("attempt", NpgsqlDbType.Smallint, (short)(after?.Attempt ?? 0))
            .With("kind", NpgsqlDbType.Smallint, after is { } last ? (short)last.Kind : (short)0)
            .With("max", NpgsqlDbType.Integer, PageSize.Work(max));
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var found = new List<UntoldReturn>();
        while (await rows.ReadAsync(cancellation))
        {
            found.Add(new UntoldReturn(
                new DeliveryId(new AccountId(rows.GetInt64(0)), rows.GetInt64(1), rows.GetInt16(2)), (MailReturnKind)rows.GetInt16(3), rows.GetInt16(4), rows.GetString(5),
                rows.GetString(6), rows.IsDBNull(7) ? [] : [.. rows.GetFieldValue<string[]>(7)], rows.IsDBNull(8) ? null : (EmailFault)rows.GetInt16(8), rows.GetBoolean(10),
                new DateTimeOffset(rows.GetDateTime(9), TimeSpan.Zero)));
        }

        return (IReadOnlyList<UntoldReturn>)found;
    });

    public async ValueTask Told(UntoldReturn returned, DateTimeOffset at, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var update = Delivery(
            database.CreateCommand(
                """
                UPDATE mail_returns SET told_at = @at, recipients = NULL
                WHERE account_id = @account AND version = @version AND ordinal = @ordinal AND attempt = @attempt AND kind = @kind
                """),
            returned.Delivery)
            .With("attempt", NpgsqlDbType.Smallint, (short)returned.Attempt)
            .With("kind", NpgsqlDbType.Smallint, (short)returned.Kind)
            .With("at", NpgsqlDbType.TimestampTz, at.ToUniversalTime());
        await update.ExecuteNonQueryAsync(cancellation);
    });

    /// <remarks>Not tried again after an outage: it might count twice.</remarks>
    public async ValueTask Count(DateOnly day, string source, string ending, CancellationToken cancellation)
    {
        await using var insert = database.CreateCommand(
            """
            INSERT INTO mail_return_counts (day, source, ending, count) VALUES (@day, @source, @ending, 1)
            ON CONFLICT (day, source, ending) DO UPDATE SET count = mail_return_counts.count + 1
            """)
            .With("day", NpgsqlDbType.Date, day)
            .With("source", NpgsqlDbType.Text, source)
            .With("ending", NpgsqlDbType.Text, ending);
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask<IReadOnlyList<ReturnCount>> Counts(int max, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var select = database.CreateCommand("SELECT day, source, ending, count FROM mail_return_counts ORDER BY day DESC, source, ending LIMIT @max")
            .With("max", NpgsqlDbType.Integer, PageSize.Reading(max));
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        var found = new List<ReturnCount>();
        while (await rows.ReadAsync(cancellation)) found.Add(new ReturnCount(rows.GetFieldValue<DateOnly>(0), rows.GetString(1), rows.GetString(2), rows.GetInt64(3)));
        return (IReadOnlyList<ReturnCount>)found;
    });

    public async ValueTask<bool> Take(IssuerId issuer, string owner, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var take = database.CreateCommand(
            """
            INSERT INTO mailbox_leases (issuer, owner, until) VALUES (@issuer, @owner, @until)
            ON CONFLICT (issuer) DO UPDATE SET owner = @owner, until = @until WHERE mailbox_leases.owner = @owner OR mailbox_leases.until <= @now
            """)
            .With("issuer", NpgsqlDbType.Integer, issuer.Value)
            .With("owner", NpgsqlDbType.Text, owner)
            .With("now", NpgsqlDbType.TimestampTz, now.ToUniversalTime())
            .With("until", NpgsqlDbType.TimestampTz, until.ToUniversalTime());
        return await take.ExecuteNonQueryAsync(cancellation) == 1;
    });

    public async ValueTask Looked(IssuerId issuer, string owner, DateTimeOffset at, string? problem, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var update = database.CreateCommand("UPDATE mailbox_leases SET looked_at = @at, problem = @problem WHERE issuer = @issuer AND owner = @owner")
            .With("issuer", NpgsqlDbType.Integer, issuer.Value)
            .With("owner", NpgsqlDbType.Text, owner)
            .With("at", NpgsqlDbType.TimestampTz, at.ToUniversalTime())
            .With("problem", NpgsqlDbType.Text, problem is null ? null : Storable(problem));
        await update.ExecuteNonQueryAsync(cancellation);
    });

    public async ValueTask<MailboxLook?> Last(IssuerId issuer, CancellationToken cancellation) => await Patience.With(async () =>
    {
        await using var select = database.CreateCommand("SELECT looked_at, problem FROM mailbox_leases WHERE issuer = @issuer AND looked_at IS NOT NULL")
            .With("issuer", NpgsqlDbType.Integer, issuer.Value);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation) ? new MailboxLook(new DateTimeOffset(rows.GetDateTime(0), TimeSpan.Zero), rows.IsDBNull(1) ? null : rows.GetString(1)) : null;
    });

    private static async Task<bool> Lock(NpgsqlConnection connection, DeliveryId id, CancellationToken cancellation)
    {
        // A mail that was never claimed was never sent, and cannot come back.
        await using var select = Delivery(
            new NpgsqlCommand(
                """
                SELECT pg_advisory_xact_lock(hashtextextended('mail returns', account_id)) FROM outbox
                WHERE account_id = @account AND version = @version AND ordinal = @ordinal AND channel = 1 AND attempts > 0
                """,
                connection),
            id);
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        return await rows.ReadAsync(cancellation);
    }

    private static async Task<bool> Insert(NpgsqlConnection connection, MailReturn returned, CancellationToken cancellation)
    {
        await using var insert = Delivery(
            new NpgsqlCommand(
                """
                INSERT INTO mail_returns (account_id, version, ordinal, attempt, kind, source, status, reason, recipients, address, fault, accepted, at, told_at)
                SELECT account_id, version, ordinal, attempts, @kind, @source, @status, @reason, @recipients, @address, @fault, @accepted, @at, @told FROM outbox
                WHERE account_id = @account AND version = @version AND ordinal = @ordinal
                ON CONFLICT DO NOTHING
                """,
                connection),
            returned.Delivery)
            .With("kind", NpgsqlDbType.Smallint, (short)returned.Kind)
            .With("source", NpgsqlDbType.Text, returned.Source)
            .With("status", NpgsqlDbType.Text, Storable(returned.Status))
            .With("reason", NpgsqlDbType.Text, Storable(returned.Reason))
            .With("recipients", NpgsqlDbType.Array | NpgsqlDbType.Text, returned.Recipients.Take(MailReturn.MaxRecipients).Select(Storable).ToArray())
            .With("address", NpgsqlDbType.Bytea, AddressKey(returned))
            .With("fault", NpgsqlDbType.Smallint, FaultOf(returned.Kind) is { } fault ? (short)fault : null)
            .With("accepted", NpgsqlDbType.Boolean, returned.WasAccepted)
            .With("at", NpgsqlDbType.TimestampTz, returned.At.ToUniversalTime())
            .With("told", NpgsqlDbType.TimestampTz, returned.Kind == MailReturnKind.Delayed ? returned.At.ToUniversalTime() : null);
        return await insert.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private static async Task InsertReceipt(NpgsqlConnection connection, MailReturn returned, ReceiptKind kind, CancellationToken cancellation)
    {
        await using var insert = Delivery(
            new NpgsqlCommand(
                """
                INSERT INTO delivery_receipts (account_id, version, ordinal, kind, target, status, reason, at)
                VALUES (@account, @version, @ordinal, @kind, @target, @status, @reason, @at)
                ON CONFLICT DO NOTHING
                """,
                connection),
            returned.Delivery)
            .With("kind", NpgsqlDbType.Smallint, (short)kind)
            .With("target", NpgsqlDbType.Text, returned.Source)
            .With("status", NpgsqlDbType.Text, Storable(returned.Status))
            .With("reason", NpgsqlDbType.Text, Storable(returned.Reason))
            .With("at", NpgsqlDbType.TimestampTz, returned.At.ToUniversalTime());
        await insert.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Whether this mail and all before it, as many as the limit says, came back softly from the same address.</summary>
    private static async Task<bool> IsLastOfRow(NpgsqlConnection connection, MailReturn returned, CancellationToken cancellation)
    {
        await using var select = Delivery(
            new NpgsqlCommand(
                """
                SELECT count(*) FILTER (WHERE came_back) FROM (
                    SELECT EXISTS (
                        SELECT FROM mail_returns r
                        WHERE r.account_id = o.account_id AND r.version = o.version AND r.ordinal = o.ordinal AND r.kind = 2
                          AND r.address IS NOT DISTINCT FROM @address) AS came_back
                    FROM outbox o
                    WHERE o.account_id = @account AND o.channel = 1 AND (o.version, o.ordinal) <= (@version, @ordinal) AND o.status IN (3, 4, 5, 8)
                    ORDER BY o.version DESC, o.ordinal DESC LIMIT @limit) mails
                """,
                connection),
            returned.Delivery)
            .With("address", NpgsqlDbType.Bytea, AddressKey(returned))
            .With("limit", NpgsqlDbType.Integer, returned.SoftLimit);
        return await select.ExecuteScalarAsync(cancellation) is long count && count >= returned.SoftLimit;
    }

    private static async Task MarkAsUndeliverable(NpgsqlConnection connection, MailReturn returned, CancellationToken cancellation)
    {
        await using var update = Delivery(
            new NpgsqlCommand(
                "UPDATE mail_returns SET fault = 1 WHERE account_id = @account AND version = @version AND ordinal = @ordinal AND kind = 2 AND told_at IS NULL", connection),
            returned.Delivery);
        await update.ExecuteNonQueryAsync(cancellation);
    }

    private static EmailFault? FaultOf(MailReturnKind kind) => kind switch
    {
        MailReturnKind.Hard => EmailFault.Undeliverable,
        MailReturnKind.Complaint => EmailFault.Complaint,
        _ => null,
    };

    private static ReceiptKind? ReceiptOf(MailReturnKind kind) => kind switch
    {
        MailReturnKind.Hard or MailReturnKind.Soft => ReceiptKind.Undelivered,
        MailReturnKind.Delayed => ReceiptKind.Delayed,
        MailReturnKind.Complaint => ReceiptKind.Complained,
        _ => null,
    };

    private static byte[]? AddressKey(MailReturn returned) =>
        returned.Recipients.IsEmpty ? null : SHA256.HashData(Encoding.UTF8.GetBytes($"{returned.Delivery.Account} {returned.Recipients[0].ToUpperInvariant()}"));

    private static NpgsqlCommand Delivery(NpgsqlCommand command, DeliveryId id) => command
        .With("account", NpgsqlDbType.Bigint, id.Account.Value)
        .With("version", NpgsqlDbType.Bigint, id.Version)
        .With("ordinal", NpgsqlDbType.Smallint, (short)id.Ordinal);

    /// <summary>What a server says may hold what no text of the database can.</summary>
    private static string Storable(string text)
    {
        var storable = text.Replace("\0", "", StringComparison.Ordinal);
        return storable.Length > MaxText ? storable[..MaxText] : storable;
    }
}
