using Dapper;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <param name="Accounts">How many clients of the issuer have it as their own.</param>
/// <param name="References">Some of them, by the CRM's references.</param>
public sealed record SharedSymbol(int Issuer, long Symbol, long Accounts, IReadOnlyList<string> References);

/// <summary>Variable symbols that several clients of one issuer have as their own: a payment with such a symbol waits for a person.</summary>
public sealed class SharedSymbolReading(NpgsqlDataSource database)
{
    private const int ReferencesMax = 10;

    /// <param name="References">Of <c>string</c>; the driver names no closer type for an array column.</param>
    private sealed record Row(int Issuer, long Symbol, long Accounts, Array References);

    /// <summary>Ordered by symbol, after a cursor.</summary>
    public async Task<IReadOnlyList<SharedSymbol>> After(long after, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            """
            SELECT c.issuer, c.account_symbol AS Symbol, count(*) AS Accounts, (array_agg(r.reference ORDER BY r.reference))[1:@references] AS References
            FROM clients c JOIN client_references r ON r.account_id = c.account_id
            WHERE c.account_symbol > @after
            GROUP BY c.account_symbol, c.issuer HAVING count(*) > 1
            ORDER BY c.account_symbol, c.issuer LIMIT @limit
            """,
            new { after, limit, references = ReferencesMax }, cancellationToken: cancellation));
        return [.. rows.Select(row => new SharedSymbol(row.Issuer, row.Symbol, row.Accounts, (string[])row.References))];
    }
}
