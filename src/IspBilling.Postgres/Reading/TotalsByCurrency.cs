using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.StatementImports;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <summary>
/// What runs and statements come to where their amounts are in several currencies. Asked only by a provider with several: the counts that a run
/// or an import keeps are one sum, which is right for one currency.
/// </summary>
public sealed class TotalsByCurrency(NpgsqlDataSource database)
{
    private sealed record RunRow(Guid Run, int Issuer, long Total);

    private sealed record StatementRow(Guid Statement, string Currency, long Total);

    private sealed record IssuerRow(long Account, int Issuer);

    /// <summary>By run, what its documents of each issuer sum to in minor units, credit notes negative.</summary>
    public async Task<ILookup<RunId, (IssuerId Issuer, long Total)>> OfRuns(IReadOnlyCollection<RunId> runs, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT i.run, a.issuer, sum(i.total)::bigint AS Total
            FROM billing_run_items i JOIN accounts a ON a.id = i.account_id
            WHERE i.run = ANY (@runs) AND i.documents > 0
            GROUP BY i.run, a.issuer ORDER BY i.run, a.issuer
            """;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<RunRow>(new CommandDefinition(
            Sql, new { runs = runs.Select(run => run.Value).ToArray() }, cancellationToken: cancellation));
        return rows.ToLookup(row => new RunId(row.Run), row => (new IssuerId(row.Issuer), row.Total));
    }

    /// <summary>By import, what was booked on accounts, less what reversals took back.</summary>
    public async Task<ILookup<ImportId, Money>> OfStatements(IReadOnlyCollection<ImportId> imports, CancellationToken cancellation)
    {
        const string Sql =
            """
            SELECT import_id AS Statement, currency, sum(CASE direction WHEN 0 THEN amount ELSE -amount END)::bigint AS Total
            FROM statement_entries WHERE import_id = ANY (@imports) AND state = 1
            GROUP BY import_id, currency ORDER BY import_id, currency
            """;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<StatementRow>(new CommandDefinition(
            Sql, new { imports = imports.Select(import => import.Value).ToArray() }, cancellationToken: cancellation));
        return rows.ToLookup(row => new ImportId(row.Statement), row => new Money(row.Total, Currency.Parse(row.Currency)));
    }

    /// <summary>Whose the accounts are; a row for each that exists.</summary>
    public async Task<IReadOnlyDictionary<AccountId, IssuerId>> IssuersOf(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<IssuerRow>(new CommandDefinition(
            "SELECT id AS Account, issuer FROM accounts WHERE id = ANY (@ids)",
            new { ids = accounts.Select(account => account.Value).ToArray() }, cancellationToken: cancellation));
        return rows.ToDictionary(row => new AccountId(row.Account), row => new IssuerId(row.Issuer));
    }
}
