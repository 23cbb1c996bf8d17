using IspBilling.Domain;
using IspBilling.Engine.Reviews;
using Npgsql;
using NpgsqlTypes;

namespace IspBilling.Postgres.Reviews;

public sealed class PostgresReviewStore(NpgsqlDataSource database) : IReviewStore
{
    /// <remarks>Read from the index alone, in its order: who is not due costs nothing, however many there are.</remarks>
    public async ValueTask<IReadOnlyList<DueReview>> DueAfter(DateOnly today, DueReview after, int max, CancellationToken cancellation) =>
        await Patience.With(() => DueAfterOnce(today, after, max, cancellation));

    private async Task<IReadOnlyList<DueReview>> DueAfterOnce(DateOnly today, DueReview after, int max, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
                """
                SELECT next_review_on, id FROM accounts
                WHERE next_review_on <= @today AND (next_review_on, id) > (@on, @after)
                ORDER BY next_review_on, id LIMIT @max
                """)
            .With("today", NpgsqlDbType.Date, today)
            .With("on", NpgsqlDbType.Date, after.On)
            .With("after", NpgsqlDbType.Bigint, after.Account.Value)
            .With("max", NpgsqlDbType.Integer, PageSize.Work(max));
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var due = new List<DueReview>(max);
        while (await rows.ReadAsync(cancellation)) due.Add(new DueReview(rows.GetFieldValue<DateOnly>(0), new AccountId(rows.GetInt64(1))));
        return due;
    }
}
