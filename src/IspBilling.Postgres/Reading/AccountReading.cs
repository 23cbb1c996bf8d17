using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Json;
using Npgsql;

namespace IspBilling.Postgres.Reading;

/// <param name="Parked">Why the account cannot decide; null when it can.</param>
public sealed record AccountSnapshot(AccountState State, DateOnly? NextBillOn, DateOnly? NextReviewOn, string? Parked);

/// <summary>An account as of its last commit.</summary>
public sealed class AccountReading(NpgsqlDataSource database)
{
    private sealed record Row(byte[] State, DateOnly? NextBillOn, DateOnly? NextReviewOn, string? Parked);

    public async Task<AccountSnapshot?> Find(AccountId account, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            """
            SELECT a.state, a.next_bill_on AS NextBillOn, a.next_review_on AS NextReviewOn, p.reason AS Parked
            FROM accounts a LEFT JOIN parked_accounts p ON p.account_id = a.id
            WHERE a.id = @account
            """,
            new { account = account.Value }, cancellationToken: cancellation));
        return row is null ? null : new AccountSnapshot(JournalJson.ReadState(row.State), row.NextBillOn, row.NextReviewOn, row.Parked);
    }
}
