using Dapper;
using IspBilling.Domain;
using IspBilling.Postgres.Journal;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <param name="Parked">Why the account cannot decide; null when it can.</param>
public sealed record AccountSnapshot(AccountState State, DateOnly? NextBillOn, DateOnly? NextReviewOn, string? Parked);

/// <summary>An account as of its last commit.</summary>
public sealed class AccountReading(NpgsqlDataSource database)
{
    private sealed record Row(long Version, byte[] State, DateOnly? NextBillOn, DateOnly? NextReviewOn, string? Parked);

    public async Task<AccountSnapshot?> Find(AccountId account, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT a.version, a.state, a.next_bill_on AS NextBillOn, a.next_review_on AS NextReviewOn, p.reason AS Parked
            FROM accounts a LEFT JOIN parked_accounts p ON p.account_id = a.id
            WHERE a.id = @account
            """,
            new { account = account.Value }, cancellationToken: cancellation));
        if (row is null) return null;
        var state = await StoredState.Of(database, account, row.Version, row.State, cancellation);
        return new AccountSnapshot(state, row.NextBillOn, row.NextReviewOn, row.Parked);
    }
}
