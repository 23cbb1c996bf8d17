using Dapper;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <param name="Credit">What the client has paid or been credited and no invoice has used yet; positive.</param>
public sealed record ClientReceivables(
    long Account, string Reference, string Name, int Issuer, DateOnly? OldestDue,
    decimal NotDue, decimal Days1To30, decimal Days31To60, decimal Days61To90, decimal Days91AndMore, decimal Credit, decimal Disputed);

/// <summary>Who owes what, and since when.</summary>
public sealed class ReceivablesReading(NpgsqlDataSource database)
{
    private const string Buckets =
        """
        coalesce(sum(o.open) FILTER (WHERE o.open > 0 AND o.due_on >= @today), 0) AS NotDue,
        coalesce(sum(o.open) FILTER (WHERE o.open > 0 AND o.due_on BETWEEN @today - 30 AND @today - 1), 0) AS Days1To30,
        coalesce(sum(o.open) FILTER (WHERE o.open > 0 AND o.due_on BETWEEN @today - 60 AND @today - 31), 0) AS Days31To60,
        coalesce(sum(o.open) FILTER (WHERE o.open > 0 AND o.due_on BETWEEN @today - 90 AND @today - 61), 0) AS Days61To90,
        coalesce(sum(o.open) FILTER (WHERE o.open > 0 AND o.due_on < @today - 90), 0) AS Days91AndMore,
        coalesce(sum(o.open) FILTER (WHERE o.open > 0), 0) AS Owed,
        coalesce(sum(o.open) FILTER (WHERE o.disputed), 0) AS Disputed
        """;

    /// <summary>Clients with open items, ordered by account, after a cursor.</summary>
    public async Task<IReadOnlyList<ClientReceivables>> After(long after, int limit, DateOnly today, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ClientReceivables>(new CommandDefinition(
            $"""
            WITH page AS (
                SELECT o.account_id, min(o.due_on) FILTER (WHERE o.open > 0) AS oldest_due, {Buckets}
                FROM open_items o WHERE o.account_id > @after
                GROUP BY o.account_id ORDER BY o.account_id LIMIT @limit)
            SELECT p.account_id AS Account, r.reference, c.name, c.issuer, p.oldest_due AS OldestDue,
                   p.NotDue, p.Days1To30, p.Days31To60, p.Days61To90, p.Days91AndMore, p.Owed - a.balance AS Credit, p.Disputed
            FROM page p JOIN clients c ON c.account_id = p.account_id JOIN client_references r ON r.account_id = p.account_id
            JOIN accounts a ON a.id = p.account_id
            ORDER BY p.account_id
            """,
            new { today, after, limit }, cancellationToken: cancellation));
        return rows.AsList();
    }
}
