using Dapper;
using Npgsql;

namespace IspBilling.Postgres.Access;

/// <summary>A one-time link that is good.</summary>
/// <param name="Person">Whose password it sets; null when it makes the first person.</param>
public sealed record LinkRow(PersonId? Person, DateTimeOffset ExpiresAt);

internal static class LinkSql
{
    private sealed record Row(int? Person, DateTime ExpiresAt);

    public static async Task<LinkRow?> Find(NpgsqlConnection connection, byte[] hash, DateTimeOffset at, CancellationToken cancellation)
    {
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            "SELECT person, expires_at AS ExpiresAt FROM one_time_links WHERE hash = @hash AND expires_at > @at",
            new { hash, at = at.ToUniversalTime() }, cancellationToken: cancellation));
        return row is null ? null : new LinkRow(row.Person is { } id ? new PersonId(id) : null, PeopleSql.Utc(row.ExpiresAt));
    }
}
