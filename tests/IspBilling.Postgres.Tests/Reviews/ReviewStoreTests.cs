using IspBilling.Domain;
using IspBilling.Engine.Reviews;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Reviews;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Reviews;

public sealed class ReviewStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Accounts_whose_review_date_has_come_are_woken_in_pages_the_longest_due_first()
    {
        await using var database = await postgres.NewDatabase(MigrationSet.OfProgram);
        var today = new DateOnly(2026, 5, 20);
        await database.Account(4, nextReviewOn: today);
        await database.Account(1, nextReviewOn: today.AddDays(-30));
        await database.Account(2, nextReviewOn: today.AddDays(1));
        await database.Account(3, nextReviewOn: null);
        await database.Account(9, nextReviewOn: today);
        var store = new PostgresReviewStore(database.Source);

        var first = await store.DueAfter(today, default, 2, default);
        var second = await store.DueAfter(today, first[^1], 2, default);

        Assert.Equal([new DueReview(today.AddDays(-30), new AccountId(1)), new DueReview(today, new AccountId(4))], first);
        Assert.Equal([new DueReview(today, new AccountId(9))], second);
    }
}
