using Dapper;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <summary>The CRM's names of accounts, for lists that know accounts by number.</summary>
public sealed class ReferenceReading(NpgsqlDataSource database)
{
    private sealed record Row(long Account, string Reference);

    public async Task<IReadOnlyDictionary<AccountId, string>> Of(IEnumerable<AccountId> accounts, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT account_id AS Account, reference FROM client_references WHERE account_id = ANY (@accounts)",
            new { accounts = accounts.Select(account => account.Value).Distinct().ToArray() }, cancellationToken: cancellation));
        return rows.ToDictionary(row => new AccountId(row.Account), row => row.Reference);
    }

    /// <summary>Accounts behind references; a reference nobody has is absent.</summary>
    public async Task<IReadOnlyDictionary<string, AccountId>> AccountsOf(IEnumerable<string> references, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(
            "SELECT account_id AS Account, reference FROM client_references WHERE reference = ANY (@references)",
            new { references = references.Distinct(StringComparer.Ordinal).ToArray() }, cancellationToken: cancellation));
        return rows.ToDictionary(row => row.Reference, row => new AccountId(row.Account), StringComparer.Ordinal);
    }
}
