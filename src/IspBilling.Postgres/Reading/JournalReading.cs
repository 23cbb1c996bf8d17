using System.Text.Json;
using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Postgres.Journal;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <summary>One event with when it happened and who asked for it.</summary>
public sealed record JournalEntry(long Version, DateTimeOffset At, Actor By, string Name, AccountEvent Happened);

/// <summary>What happened to an account, for people who ask why.</summary>
public sealed class JournalReading(NpgsqlDataSource database)
{
    private record Row(long Version, DateTime At, string? Kind, string? Id, string By, string Name, byte[] Payload, byte[]? Personal);

    /// <param name="Begins">It is the first event of its turn.</param>
    private sealed record TurnRow(long Version, DateTime At, string? Kind, string? Id, string By, string Name, byte[] Payload, byte[]? Personal, bool Begins)
        : Row(Version, At, Kind, Id, By, Name, Payload, Personal);

    private const string Columns = """SELECT version, at, actor_kind AS Kind, actor_id AS Id, "by", name, payload, personal FROM journal""";

    public async Task<JournalEntry?> Find(AccountId account, long version, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Columns} WHERE account_id = @account AND version = @version",
            new { account = account.Value, version }, cancellationToken: cancellation));
        return row is null ? null : Entry(row);
    }

    /// <summary>The special price in force under an id when a document was issued: the last one agreed before it.</summary>
    public Task<JournalEntry?> SpecialPrice(AccountId account, int service, string id, long before, CancellationToken cancellation) =>
        Last(account, before, ["special-price-agreed.v1"], JsonSerializer.Serialize(new { service, id }), cancellation);

    /// <summary>A contract as it stood when a document was issued.</summary>
    public Task<JournalEntry?> Contract(AccountId account, string reference, long before, CancellationToken cancellation) =>
        Last(account, before, ["contract-agreed.v1"], JsonSerializer.Serialize(new { contract = new { reference } }), cancellation);

    /// <summary>What was last agreed about a service before a document was issued: the end, a pause, other terms.</summary>
    public Task<JournalEntry?> LastChangeOfService(AccountId account, int service, long before, CancellationToken cancellation) =>
        Last(
            account, before, ["service-terms-changed.v1", "service-end-set.v1", "service-paused.v1", "pause-removed.v1", "special-price-agreed.v1", "special-price-removed.v1"],
            JsonSerializer.Serialize(new { service }), cancellation);

    /// <summary>Who added an item, or took it back.</summary>
    public Task<JournalEntry?> LastChangeOfItem(AccountId account, string id, long before, CancellationToken cancellation) =>
        Last(account, before, ["one-off-added.v1", "one-off-cancelled.v1"], JsonSerializer.Serialize(new { id }), cancellation);

    /// <summary>The dunning step in whose turn an event happened, such as the fee's item; null where it was no step's turn.</summary>
    public async Task<JournalEntry?> StepOfTurn(AccountId account, long version, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"""
            {Columns} WHERE account_id = @account AND name = 'dunning-step-taken.v1' AND version < @version AND version >= (
                SELECT max(version) FROM journal WHERE account_id = @account AND version <= @version AND command IS NOT NULL)
            ORDER BY version DESC LIMIT 1
            """,
            new { account = account.Value, version }, cancellationToken: cancellation));
        return row is null ? null : Entry(row);
    }

    /// <summary>The last document before an event that charged some of these days for a service, whatever became of it since; null when none did.</summary>
    /// <returns>Version of the event that issued it.</returns>
    public async Task<long?> LastCharging(AccountId account, int service, Period days, long before, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        // One after another, the latest first: mostly there is none, and where there is one it is not far.
        var rows = connection.QueryUnbufferedAsync<Row>(
            $"""
            {Columns} WHERE account_id = @account AND version < @before AND name = 'document-issued.v1'
              AND convert_from(payload, 'UTF8')::jsonb @> @members::jsonb
            ORDER BY version DESC
            """,
            new { account = account.Value, before, members = JsonSerializer.Serialize(new { document = new { lines = new[] { new { service } } } }) });
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            var issued = (DocumentIssued)JournalJson.ReadEvent(row.Name, row.Payload, row.Personal);
            if (issued.Document.Lines.Any(line => line.Service == service && line.Amount.IsPositive && line.Period is { } charged && charged.Overlaps(days))) return row.Version;
        }

        return null;
    }

    /// <summary>The last event of an account before an instant; 0 where there was none.</summary>
    public async Task<long> VersionBefore(AccountId account, DateTimeOffset instant, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT coalesce(max(version), 0) FROM journal WHERE account_id = @account AND at < @instant",
            new { account = account.Value, instant = instant.UtcDateTime }, cancellationToken: cancellation));
    }

    /// <summary>What happened to an account after a version, turn by turn.</summary>
    /// <param name="before">Turns of that instant and later ones are not asked for.</param>
    public async Task<IReadOnlyList<IReadOnlyList<JournalEntry>>> TurnsAfter(AccountId account, long version, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = connection.QueryUnbufferedAsync<TurnRow>(
            """
            SELECT version, at, actor_kind AS Kind, actor_id AS Id, "by", name, payload, personal, command IS NOT NULL AS Begins FROM journal
            WHERE account_id = @account AND version > @version AND at < @before ORDER BY version
            """,
            new { account = account.Value, version, before = before.UtcDateTime });
        var turns = new List<List<JournalEntry>>();
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            if (row.Begins || turns.Count == 0) turns.Add([]);
            turns[^1].Add(Entry(row));
        }

        return turns;
    }

    /// <summary>An account as it was after a version.</summary>
    public Task<AccountState> AsOf(AccountId account, long version, CancellationToken cancellation) => StoredState.Fold(database, account, version, cancellation);

    /// <summary>The last document of an account before the ones that were issued together with a document; null when there is none.</summary>
    /// <param name="version">Of the event that issued that document.</param>
    public async Task<Document?> DocumentBefore(AccountId account, long version, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"""
            {Columns} WHERE account_id = @account AND version < @version AND name = 'document-issued.v1'
              AND at < (SELECT at FROM journal WHERE account_id = @account AND version = @version)
            ORDER BY version DESC LIMIT 1
            """,
            new { account = account.Value, version }, cancellationToken: cancellation));
        return row is null ? null : ((DocumentIssued)Entry(row).Happened).Document;
    }

    /// <param name="members">What the event's JSON contains.</param>
    private async Task<JournalEntry?> Last(AccountId account, long before, string[] names, string members, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"""
            {Columns} WHERE account_id = @account AND version < @before AND name = ANY (@names)
              AND convert_from(payload, 'UTF8')::jsonb @> @members::jsonb
            ORDER BY version DESC LIMIT 1
            """,
            new { account = account.Value, before, names, members }, cancellationToken: cancellation));
        return row is null ? null : Entry(row);
    }

    private static JournalEntry Entry(Row row) =>
        new(row.Version, new DateTimeOffset(row.At, TimeSpan.Zero), StoredActor.Of(row.Kind, row.Id, row.By), row.Name,
            JournalJson.ReadEvent(row.Name, row.Payload, row.Personal));
}
