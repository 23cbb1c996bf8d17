using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Runs;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Runs;

public sealed class BillingRunStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
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
    public async Task A_run_is_found_as_it_was_created()
    {
        var run = NewRun() with { Filter = new RunFilter(new IssuerId(2), [new AccountId(3), new AccountId(5)]), ComparedTo = new RunId(Guid.NewGuid()) };

        await store.Create(run, default);

        var found = await store.Find(run.Id, default);
        Assert.Equal(run with { Filter = found!.Filter }, found);
        Assert.Equal(run.Filter.Issuer, found.Filter.Issuer);
        Assert.Equal(run.Filter.Accounts, found.Filter.Accounts);
    }

    [Fact]
    public async Task Creating_a_run_again_returns_the_one_that_is_stored()
    {
        var run = await Created();
        await store.SavePage(Page(run, Billed(1)), [Billed(1)], default);

        var again = await store.Create(run with { RequestedBy = Actor.System("someone else") }, default);

        Assert.Equal(Actor.System("clerk"), again.RequestedBy);
        Assert.Equal(new AccountId(1), again.Cursor);
    }

    [Fact]
    public async Task Due_are_open_and_closed_accounts_whose_day_has_come_or_whose_catalogue_is_older()
    {
        await database.Account(1, EndOfMay);
        await database.Account(2, EndOfMay.AddDays(1));
        await database.Account(3, nextBillOn: null);
        await database.Account(4, nextBillOn: null, catalogueRevision: 6);
        await database.Account(5, EndOfMay, status: 2);
        await database.Account(6, EndOfMay, status: 0);

        var due = await store.DueAfter(await Created(), default, catalogueRevision: 1, max: 10, default);
        var underNewCatalogue = await store.DueAfter(await Created(), default, catalogueRevision: 6, max: 10, default);

        Assert.Equal([1, 5], due.Select(account => account.Value));
        Assert.Equal([1, 2, 3, 5], underNewCatalogue.Select(account => account.Value));
    }

    [Fact]
    public async Task Due_accounts_come_in_pages_and_by_the_filter()
    {
        for (var id = 1; id <= 9; id++) await database.Account(id, EndOfMay, issuer: 1 + (id % 2));
        var run = await Created(NewRun() with { Filter = new RunFilter(new IssuerId(1), [.. new long[] { 2, 4, 5, 8 }.Select(id => new AccountId(id))]) });

        var first = await store.DueAfter(run, default, 1, 2, default);
        var second = await store.DueAfter(run, first[^1], 1, 2, default);

        Assert.Equal([2, 4], first.Select(account => account.Value));
        Assert.Equal([8], second.Select(account => account.Value));
    }

    [Fact]
    public async Task An_account_billed_just_before_a_crash_is_asked_again_so_that_its_outcome_is_recorded()
    {
        var run = await Created();
        await database.Account(1, EndOfMay);
        await database.Account(2, nextBillOn: EndOfMay.AddMonths(1));
        await database.Document(account: 2, ordinal: 1, run: run.Id.Value);

        var due = await store.DueAfter(run, default, 1, 10, default);

        Assert.Equal([1, 2], due.Select(account => account.Value));
    }

    [Fact]
    public async Task A_page_larger_than_the_bound_is_refused_because_a_short_page_would_end_the_run()
    {
        var run = await Created();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.DueAfter(run, default, 1, PageSize.ForWork + 1, default));
    }

    [Fact]
    public async Task A_page_saved_again_after_a_crash_changes_nothing()
    {
        var run = await Created();
        var page = Page(run, Billed(1), Billed(2));

        await store.SavePage(page, [Billed(1), Billed(2)], default);
        await store.SavePage(page, [Billed(1), Billed(2)], default);

        var saved = await store.Find(run.Id, default);
        Assert.Equal(page, saved! with { Filter = page.Filter });
        Assert.Equal(2, await database.Scalar<long>("SELECT count(*) FROM billing_run_items"));
    }

    [Fact]
    public async Task A_run_that_is_executed_twice_at_once_stops_before_it_counts_twice()
    {
        var run = await Created();
        await store.SavePage(Page(run, Billed(1), Billed(2)), [Billed(1), Billed(2)], default);

        var other = Page(run, Billed(1), Billed(2), Billed(3));

        await Assert.ThrowsAsync<RunOvertakenException>(async () => await store.SavePage(other, [Billed(1), Billed(2), Billed(3)], default));
        Assert.Equal(2, (await store.Find(run.Id, default))!.Counts.Issued);
    }

    [Fact]
    public async Task A_failed_run_is_resumed_and_then_says_nothing_of_the_failure()
    {
        var run = await Created();
        await store.Finish(run with { Status = RunStatus.Failed, Failure = "the database went away" }, default);
        Assert.Equal("the database went away", (await store.Find(run.Id, default))!.Failure);

        await store.SavePage(Page(run, Billed(1)), [Billed(1)], default);

        var resumed = await store.Find(run.Id, default);
        Assert.Equal((RunStatus.Running, null), (resumed!.Status, resumed.Failure));
    }

    [Fact]
    public async Task Only_running_runs_are_unfinished_and_a_finished_run_stays_finished()
    {
        var (running, failed, finished) = (await Created(), await Created(), await Created());
        await store.Finish(failed with { Status = RunStatus.Failed, Failure = "why" }, default);
        await store.Finish(finished with { Status = RunStatus.Finished, FinishedAt = DateTimeOffset.UnixEpoch }, default);
        await store.Finish(finished with { Status = RunStatus.Failed, Failure = "late" }, default);

        Assert.Equal([running.Id], (await store.Unfinished(default)).Select(run => run.Id));
        Assert.Equal(RunStatus.Finished, (await store.Find(finished.Id, default))!.Status);
    }

    [Fact]
    public async Task Due_equals_issued_nothing_skipped_and_parked_when_every_account_was_dealt_with()
    {
        for (var id = 1; id <= 4; id++) await database.Account(id, nextBillOn: EndOfMay.AddMonths(1));
        var run = await Created();
        RunItem[] items =
        [
            Billed(1),
            new(new AccountId(2), RunOutcome.NothingToBill, 0, 0, 0, null, null),
            new(new AccountId(3), RunOutcome.Skipped, 0, 0, 0, null, "TooMany: lines"),
            new(new AccountId(4), RunOutcome.Parked, 0, 0, 0, null, "tariff 7 is not in the catalogue"),
        ];
        await store.SavePage(Page(run, items), items, default);

        var proof = await store.Prove(run, default);

        Assert.True(proof.IsComplete);
        Assert.Equal(4, proof.Due);
        Assert.Equal(["TooMany: lines", "tariff 7 is not in the catalogue"], proof.Exceptions.Select(item => item.Detail));
    }

    [Fact]
    public async Task Accounts_that_are_still_due_or_billed_without_an_outcome_are_missed_by_name()
    {
        var run = await Created();
        await database.Account(1, nextBillOn: EndOfMay.AddMonths(1));
        await database.Account(2, nextBillOn: EndOfMay);
        await database.Account(3, nextBillOn: EndOfMay.AddMonths(1));
        await database.Document(account: 3, ordinal: 1, run: run.Id.Value);
        await store.SavePage(Page(run, Billed(1)), [Billed(1)], default);

        var proof = await store.Prove(run, default);

        Assert.False(proof.IsComplete);
        Assert.Equal(3, proof.Due);
        Assert.Equal([2], proof.Missed.Select(account => account.Value));
        Assert.Equal([3], proof.Unrecorded.Select(account => account.Value));
    }

    [Fact]
    public async Task A_preview_misses_whoever_is_due_and_was_not_previewed()
    {
        await database.Account(1, nextBillOn: EndOfMay);
        await database.Account(2, nextBillOn: EndOfMay);
        var preview = await Created(NewRun() with { Mode = RunMode.Preview });
        await store.SavePage(Page(preview, Billed(1)), [Billed(1)], default);

        Assert.Equal([2], (await store.Prove(preview, default)).Missed.Select(account => account.Value));
    }

    [Fact]
    public async Task A_proof_names_no_more_than_its_bound()
    {
        await database.Execute(
            """
            INSERT INTO accounts (id, version, head, state, status, level, issuer, balance, next_bill_on, catalogue_revision)
            SELECT id, 1, '', '', 1, 0, 1, 0, '2026-05-31', 1 FROM generate_series(1, 1200) id
            """);

        var proof = await store.Prove(await Created(), default);

        Assert.Equal(1_200, proof.Due);
        Assert.Equal(CompletenessProof.MaxNamed, proof.Missed.Count);
    }

    private static RunItem Billed(long account) => new(new AccountId(account), RunOutcome.Issued, ulong.MaxValue - 7, 1, 49_900, 49_900, null);

    private static BillingRun Page(BillingRun run, params RunItem[] items) => run with
    {
        Cursor = items[^1].Account,
        Counts = items.Aggregate(run.Counts, (counts, item) => counts.With(item)),
    };

    private static BillingRun NewRun() => new(
        new RunId(Guid.NewGuid()), RunMode.Issue, EndOfMay, RunFilter.Everyone, null, Actor.System("clerk"), new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero),
        null, RunStatus.Running, default, RunCounts.None, null);

    private async Task<BillingRun> Created(BillingRun? run = null) => await store.Create(run ?? NewRun(), default);
}
