using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Runs;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Runs;

public sealed class BillingRunReadingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly DateOnly EndOfApril = new(2026, 4, 30);
    private static readonly DateOnly EndOfMay = new(2026, 5, 31);
    private TestDatabase database = null!;
    private PostgresBillingRunStore store = null!;
    private BillingRunReading reading = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new PostgresBillingRunStore(database.Source);
        reading = new BillingRunReading(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Against_the_last_period_a_client_is_new_gone_or_changed()
    {
        await database.Account(1, EndOfMay);
        await database.Account(2, EndOfMay);
        await database.Account(3, EndOfMay);
        await database.Account(4, nextBillOn: null);
        await database.Account(5, nextBillOn: EndOfMay.AddMonths(2));
        await Run(RunMode.Issue, EndOfApril, Billed(1, 499), Billed(2, 499), Billed(4, 299), Billed(5, 1_497));
        var preview = await Run(RunMode.Preview, EndOfMay, Billed(1, 499, before: 499), Billed(2, 599, before: 499), Billed(3, 699));

        var differences = await reading.Differences(preview, default, 10, default);

        Assert.Equal(
            [
                new RunDifference(new AccountId(2), RunDifferenceKind.Changed, 499, 599),
                new RunDifference(new AccountId(3), RunDifferenceKind.New, null, 699),
                new RunDifference(new AccountId(4), RunDifferenceKind.Gone, 299, null),
            ],
            differences);
    }

    [Fact]
    public async Task Whoever_was_billed_by_any_run_of_the_last_period_can_be_gone()
    {
        await database.Account(1, nextBillOn: null);
        await database.Account(2, nextBillOn: null);
        await Run(RunMode.Issue, EndOfApril, Billed(1, 499));
        await Run(RunMode.Issue, EndOfApril, Billed(2, 599));
        var preview = await Run(RunMode.Preview, EndOfMay);

        Assert.Equal([1, 2], (await reading.Differences(preview, default, 10, default)).Select(difference => difference.Account.Value));
    }

    [Fact]
    public async Task Differences_come_in_pages_by_account()
    {
        var preview = await Run(RunMode.Preview, EndOfMay, [.. Enumerable.Range(1, 5).Select(id => Billed(id, 100))]);

        var first = await reading.Differences(preview, default, 3, default);
        var second = await reading.Differences(preview, first[^1].Account, 3, default);

        Assert.Equal([1, 2, 3, 4, 5], first.Concat(second).Select(difference => difference.Account.Value));
    }

    [Fact]
    public async Task An_issue_names_whoever_is_not_as_previewed()
    {
        var preview = await Run(RunMode.Preview, EndOfMay, Billed(1, 100), Billed(2, 200), Billed(3, 300), Nothing(5));
        var issue = await Run(RunMode.Issue, EndOfMay, preview, Billed(1, 100), Billed(2, 250), Billed(4, 400), Nothing(5));

        var deviations = await reading.Deviations(issue, default, 10, default);

        Assert.Equal(
            [
                new RunDeviation(new AccountId(2), RunOutcome.Issued, 200, RunOutcome.Issued, 250),
                new RunDeviation(new AccountId(3), RunOutcome.Issued, 300, null, null),
                new RunDeviation(new AccountId(4), null, null, RunOutcome.Issued, 400),
            ],
            deviations);
    }

    [Fact]
    public async Task An_issue_under_way_is_compared_only_as_far_as_it_has_come()
    {
        var preview = await Run(RunMode.Preview, EndOfMay, Billed(1, 100), Billed(2, 200), Billed(3, 300));
        var issue = await Started(RunMode.Issue, EndOfMay, preview, Billed(2, 200));

        Assert.Equal([1], (await reading.Deviations(issue.Id, default, 10, default)).Select(deviation => deviation.Account.Value));
    }

    [Fact]
    public async Task A_run_compared_with_nothing_deviates_from_nothing()
    {
        var issue = await Run(RunMode.Issue, EndOfMay, Billed(1, 100));

        Assert.Empty(await reading.Deviations(issue, default, 10, default));
    }

    [Fact]
    public async Task Items_are_listed_by_outcome_and_in_pages_and_keep_their_hash()
    {
        var run = await Run(RunMode.Issue, EndOfMay, Billed(1, 100), Nothing(2), Billed(3, 300), Billed(4, 400));

        var first = await reading.Items(run, RunOutcome.Issued, default, 2, default);
        var all = await reading.Items(run, null, default, int.MaxValue, default);

        Assert.Equal([Billed(1, 100), Billed(3, 300)], first);
        Assert.Equal(4, all.Count);
    }

    [Fact]
    public async Task Runs_are_listed_the_youngest_first_in_pages()
    {
        var runs = new List<RunId>();
        for (var i = 0; i < 5; i++) runs.Insert(0, await Run(RunMode.Preview, EndOfMay));

        var first = await reading.List(before: null, 3, default);
        var second = await reading.List(first[^1].Id, 3, default);

        Assert.Equal(runs, first.Concat(second).Select(run => run.Id));
    }

    private static RunItem Billed(long account, long total, long? before = null) =>
        new(new AccountId(account), RunOutcome.Issued, ulong.MaxValue - (ulong)total, 1, total, before, null);

    private static RunItem Nothing(long account) => new(new AccountId(account), RunOutcome.NothingToBill, 0, 0, 0, null, null);

    private Task<RunId> Run(RunMode mode, DateOnly through, params RunItem[] items) => Run(mode, through, null, items);

    private async Task<RunId> Run(RunMode mode, DateOnly through, RunId? comparedTo, params RunItem[] items)
    {
        var run = await Started(mode, through, comparedTo, items);
        await store.Finish(run with { Status = RunStatus.Finished, FinishedAt = DateTimeOffset.UnixEpoch }, default);
        return run.Id;
    }

    private async Task<BillingRun> Started(RunMode mode, DateOnly through, RunId? comparedTo, params RunItem[] items)
    {
        var count = await database.Scalar<long>("SELECT count(*) FROM billing_runs");
        var run = await store.Create(
            new BillingRun(
                new RunId(Guid.NewGuid()), mode, through, RunFilter.Everyone, comparedTo, Actor.System("clerk"), DateTimeOffset.UnixEpoch.AddHours(count), null,
                RunStatus.Running, default, RunCounts.None, null),
            default);
        if (items.Length == 0) return run;
        run = run with { Cursor = items[^1].Account, Counts = items.Aggregate(run.Counts, (counts, item) => counts.With(item)) };
        await store.SavePage(run, items, default);
        return run;
    }
}
