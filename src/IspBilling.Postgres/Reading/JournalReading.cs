using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Json;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <summary>One event with when it happened and who asked for it.</summary>
public sealed record JournalEntry(long Version, DateTimeOffset At, string By, string Name, AccountEvent Happened);

/// <summary>What happened to an account, for people who ask why.</summary>
public sealed class JournalReading(NpgsqlDataSource database)
{
    private sealed record Row(long Version, DateTime At, string By, string Name, byte[] Payload);

    private const string Columns = """SELECT version, at, "by", name, payload FROM journal""";

    public async Task<JournalEntry?> Find(AccountId account, long version, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"{Columns} WHERE account_id = @account AND version = @version",
            new { account = account.Value, version }, cancellationToken: cancellation));
        return row is null ? null : Entry(row);
    }

    /// <summary>The special price in force under an id when a document was issued: the last one agreed before it.</summary>
    public async Task<JournalEntry?> SpecialPrice(AccountId account, int service, string id, long before, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"""
            {Columns} WHERE account_id = @account AND version < @before AND name = 'special-price-agreed.v1'
              AND convert_from(payload, 'UTF8')::jsonb @> jsonb_build_object('service', @service, 'id', @id)
            ORDER BY version DESC LIMIT 1
            """,
            new { account = account.Value, service, id, before }, cancellationToken: cancellation));
        return row is null ? null : Entry(row);
    }

    private static JournalEntry Entry(Row row) =>
        new(row.Version, new DateTimeOffset(row.At, TimeSpan.Zero), row.By, row.Name, JournalJson.ReadEvent(row.Name, row.Payload));
}
