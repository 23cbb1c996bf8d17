using IspBilling.Domain;
using IspBilling.Engine.Reviews;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Reviews;
using IspBilling.Postgres.Settings;
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

    [Fact]
    public async Task A_new_policy_has_everybody_looked_at_who_owes_or_is_restricted()
    {
        await using var database = await postgres.NewDatabase(MigrationSet.OfProgram);
        var today = new DateOnly(2026, 5, 20);
        for (var account = 1; account <= 5; account++) await database.Account(account, nextReviewOn: account == 4 ? today.AddDays(-40) : null);
        await database.Execute(
            """
            UPDATE accounts SET level = 2 WHERE id = 1;
            INSERT INTO open_items (account_id, document, due_on, open, disputed) VALUES
                (2, 1, '2026-05-10', 49900, false), (2, 2, '2026-04-30', 49900, true), (3, 1, '2026-05-10', -49900, false),
                (4, 1, '2026-05-10', 49900, false);
            """);
        var policy = new DunningPolicy("new", [new DunningStep("mail", 5, [Money.Czk(1)], DunningActions.Email, 0)], ThankOnClearing: false);

        await new SettingsStore(database.Source).PutDunningPolicy(policy, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), default);

        var due = await new PostgresReviewStore(database.Source).DueAfter(today, default, 10, default);
        Assert.Equal(
            [new DueReview(AccountLimits.EarliestDate, new AccountId(1)), new DueReview(today.AddDays(-40), new AccountId(4)), new DueReview(new DateOnly(2026, 5, 11), new AccountId(2))],
            due);
    }
}
