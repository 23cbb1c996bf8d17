using Dapper;
using IspBilling.Domain;
using IspBilling.Engine.Reviews;
using Npgsql;

namespace IspBilling.Postgres.Reviews;

public sealed class PostgresReviewStore(NpgsqlDataSource database) : IReviewStore
{
    public async ValueTask<IReadOnlyList<AccountId>> DueAfter(DateOnly today, AccountId after, int max, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var due = await connection.QueryAsync<long>(new CommandDefinition(
            "SELECT id FROM accounts WHERE next_review_on <= @today AND id > @after ORDER BY id LIMIT @max",
            new { today, after = after.Value, max = PageSize.Work(max) }, cancellationToken: cancellation));
        return [.. due.Select(id => new AccountId(id))];
    }
}
