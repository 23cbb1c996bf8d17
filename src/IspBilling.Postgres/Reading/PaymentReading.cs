using Dapper;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.Postgres.Reading;

public sealed record ReceivedPayment(
    int Ordinal, string Entry, long Amount, string Currency, DateOnly BookedOn, long? Symbol, string? CounterAccount, int Rule, int Status);

/// <summary>What a payment settles now, after releases.</summary>
public sealed record PaymentAllocation(int Payment, string Document, long Amount);

public sealed class PaymentReading(NpgsqlDataSource database)
{
    /// <summary>An account's payments, the newest first, before an ordinal.</summary>
    public async Task<IReadOnlyList<ReceivedPayment>> Before(AccountId account, long before, int limit, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<ReceivedPayment>(new CommandDefinition(
            """
            SELECT ordinal, entry, amount, currency, booked_on AS BookedOn, symbol, counter_account AS CounterAccount, rule::int AS Rule, status::int AS Status
            FROM payments WHERE account_id = @account AND ordinal < @before
            ORDER BY ordinal DESC LIMIT @limit
            """,
            new { account = account.Value, before, limit }, cancellationToken: cancellation));
        return rows.AsList();
    }

    /// <summary>How much of each payment has gone back to the client; payments of which nothing has are left out.</summary>
    public async Task<IReadOnlyDictionary<int, long>> PaidBack(AccountId account, IEnumerable<int> payments, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<(int Payment, long Amount)>(new CommandDefinition(
            """
            SELECT source_ordinal, sum(amount)::bigint FROM credit_uses
            WHERE account_id = @account AND source = 0 AND source_ordinal = ANY (@payments) GROUP BY source_ordinal
            """,
            new { account = account.Value, payments = payments.ToArray() }, cancellationToken: cancellation));
        return rows.ToDictionary(row => row.Payment, row => row.Amount);
    }

    public async Task<ILookup<int, PaymentAllocation>> Allocations(AccountId account, IEnumerable<int> payments, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<PaymentAllocation>(new CommandDefinition(
            """
            SELECT a.source_ordinal AS Payment, d.number AS Document, sum(a.amount)::bigint AS Amount
            FROM allocations a JOIN documents d ON d.account_id = a.account_id AND d.ordinal = a.document
            WHERE a.account_id = @account AND a.source = 0 AND a.source_ordinal = ANY (@payments)
            GROUP BY a.source_ordinal, d.ordinal, d.number
            HAVING sum(a.amount) <> 0
            ORDER BY a.source_ordinal, d.ordinal
            """,
            new { account = account.Value, payments = payments.ToArray() }, cancellationToken: cancellation));
        return rows.ToLookup(row => row.Payment);
    }
}
