using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Runs;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Runs;

public sealed class ShardedRunsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const int Shards = 3;
    private static readonly DateOnly EndOfMay = new(2026, 5, 31);
    private TestDatabase database = null!;
    private PostgresBillingRunStore store = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new PostgresBillingRunStore(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task Shards_together_are_due_what_the_whole_run_is_each_account_once_and_in_order()
    {
        var ids = Enumerable.Range(1, 60).Select(i => i * 77L).ToList();
        foreach (var id in ids) await database.Account(id, id % 4 == 0 ? EndOfMay.AddDays(1) : EndOfMay);
        var run = await Created();
        await database.Document(ids[3], 1, run: run.Id.Value);

        var shards = await Task.WhenAll(Enumerable.Range(0, Shards).Select(number => Walk(run, new AccountShard(number, Shards), page: 4)));

        Assert.All(shards, due => Assert.Equal(due.Order(), due));
        Assert.All(shards, Assert.NotEmpty);
        Assert.Equal(ids.Where((id, i) => id % 4 != 0 || i == 3), shards.SelectMany(due => due).Order());
    }

    [Fact]
    public async Task Accounts_whose_outcome_was_recorded_behind_the_cursor_are_dealt_with_again_though_they_are_not_due()
    {
        await database.Account(1, EndOfMay);
        await database.Account(2, EndOfMay.AddDays(1));
        await database.Account(3, EndOfMay.AddDays(1));
        var run = await Created();
        await store.SaveItems(run.Id, [Billed(2, 200)], default);

        Assert.Equal([1, 2], await Walk(run, new AccountShard(0, 1), page: 10));
        Assert.Empty(await store.DueAfter(run, new AccountShard(0, 1), new AccountId(2), catalogueRevision: 1, max: 10, default));
    }

    [Fact]
    public async Task A_run_ends_with_the_counts_of_its_shards_whatever_an_overtaken_coordinator_told()
    {
        var run = await Created();
        var ended = run with { Status = RunStatus.Finished, FinishedAt = DateTimeOffset.UnixEpoch, Counts = RunCounts.None with { Issued = 9, Documents = 10 } };
        await store.SaveProgress(run.Id, RunCounts.None with { Issued = 7 }, default);

        await ((IShardedRunStore)store).Finish(ended, default);
        await store.SaveProgress(run.Id, RunCounts.None with { Issued = 8 }, default);

        var stored = await store.Find(run.Id, default);
        Assert.Equal((RunStatus.Finished, ended.Counts), (stored!.Status, stored.Counts));
    }

    [Fact]
    public async Task Outcomes_recorded_again_take_the_place_of_the_first_ones()
    {
        var run = await Created();
        await store.SaveItems(run.Id, [Billed(1, 100), Billed(2, 200)], default);

        await store.SaveItems(run.Id, [Billed(2, 250), Billed(3, 300)], default);

        Assert.Equal(3, await database.Scalar<long>($"SELECT count(*) FROM billing_run_items WHERE run = '{run.Id.Value}'"));
        Assert.Equal(650, await database.Scalar<decimal>($"SELECT sum(total) FROM billing_run_items WHERE run = '{run.Id.Value}'"));
    }

    [Fact]
    public async Task Progress_of_the_shards_is_told_as_that_of_the_run()
    {
        var run = await Created();

        await store.SaveProgress(run.Id, RunCounts.None with { Issued = 7, Documents = 8, TotalMinor = 900 }, default);

        var told = await store.Find(run.Id, default);
        Assert.Equal((RunStatus.Running, 7L, 8L, 900L), (told!.Status, told.Counts.Issued, told.Counts.Documents, told.Counts.TotalMinor));
    }

    private async Task<List<long>> Walk(BillingRun run, AccountShard shard, int page)
    {
        var all = new List<long>();
        for (var after = default(AccountId); ;)
        {
            var due = await store.DueAfter(run, shard, after, catalogueRevision: 1, page, default);
            all.AddRange(due.Select(account => account.Value));
            if (due.Count < page) return all;
            after = due[^1];
        }
    }

    private async Task<BillingRun> Created() => await store.Create(
        new BillingRun(
            new RunId(Guid.NewGuid()), RunMode.Issue, EndOfMay, RunFilter.Everyone, ComparedTo: null, Actor.System("clerk"), DateTimeOffset.UnixEpoch, FinishedAt: null,
            RunStatus.Running, default, RunCounts.None, Failure: null),
        default);

    private static RunItem Billed(long account, long total) =>
        new(new AccountId(account), RunOutcome.Issued, 1, 1, total, null, Detail: null);
}
