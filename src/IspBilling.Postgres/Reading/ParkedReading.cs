using Dapper;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <param name="Command">What the account was asked when it could not decide.</param>
public sealed record ParkedAccount(long Account, string Reference, string? Name, string Command, string Reason, DateTime At);

/// <summary>Accounts that need a person before they can decide again.</summary>
public sealed class ParkedReading(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<ParkedAccount>> After(long after, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ParkedAccount>(new CommandDefinition(
            """
            SELECT p.account_id AS Account, r.reference, c.name, p.command, p.reason, p.at
            FROM parked_accounts p JOIN client_references r ON r.account_id = p.account_id LEFT JOIN clients c ON c.account_id = p.account_id
            WHERE p.account_id > @after ORDER BY p.account_id LIMIT @limit
            """,
            new { after, limit }, cancellationToken: cancellation));
        return rows.AsList();
    }
}
