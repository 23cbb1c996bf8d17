using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Tests.Journal;
using IspBilling.Demo;

namespace IspBilling.Engine.Tests.BillingRuns;

/// <summary>Billing runs over 400 accounts, of which one cannot be billed; on each journal with its store.</summary>
public abstract class BillingRunConformance : IAsyncLifetime
{
    private const int Accounts = 400;
    private const int Broken = 217;

    private readonly HandClock _clock = new("2026-01-31");
    private readonly LiveContext _contexts;
    private HookedJournal _journal = null!;
    private IBillingRunStore _store = null!;

    protected BillingRunConformance() => _contexts = new LiveContext(_clock, TimeZoneInfo.Utc, Given.Settings);

    protected abstract Task<(IJournal Journal, IBillingRunStore Store)> Open();

    protected abstract Task<IReadOnlyList<(AccountId Account, RunOutcome Outcome, ulong Hash)>> ItemsOf(RunId run);

    /// <summary>What stands on documents: account, service, period.</summary>
    protected abstract Task<IReadOnlyList<(AccountId Account, int Service, Period Period)>> Charges();

    /// <summary>Ends every connection to the store, where there are any.</summary>
    protected abstract Task CutConnections();

    public abstract Task DisposeAsync();

    public async Task InitializeAsync()
    {
        (var journal, _store) = await Open();
        _journal = new HookedJournal(journal);
        await Task.WhenAll(Enumerable.Range(1, Accounts).Select(async account =>
        {
            var writer = new Writer(journal, account);
            await writer.Commit(Given.Client(), "2026-01-01");
            await writer.Commit(Given.Service("net", "2026-01-01", account == Broken ? Given.Unpriced : Given.Slow), "2026-01-01");
        }));
    }

    [Fact]
    public async Task One_broken_account_is_parked_by_name_and_all_others_are_billed()
    {
        var run = await Execute(NewRun());

        Assert.Equal(new RunCounts(Accounts - 1, 0, 0, 1, Accounts - 1, (Accounts - 1) * 499_00L), run.Counts);
        Assert.Equal(RunStatus.Finished, run.Status);
        var proof = await _store.Prove(run, CancellationToken.None);
        Assert.True(proof.IsComplete);
        Assert.Equal(Accounts, proof.Due);
        var parked = Assert.Single(proof.Exceptions);
        Assert.Equal((new AccountId(Broken), RunOutcome.Parked), (parked.Account, parked.Outcome));
        Assert.Contains("T3 has no price", parked.Detail, StringComparison.Ordinal);
        await EachChargeStandsOnce();
    }

    [Fact]
    public async Task A_run_that_is_repeated_bills_nothing_more()
    {
        var request = NewRun();
        var first = await Execute(request);

        var again = await Execute(request);
        var another = await Execute(NewRun());

        Assert.Equal(first.Counts, again.Counts);
        Assert.Equal(0, another.Counts.Documents);
        Assert.Equal(1, another.Counts.Parked);
        Assert.True((await _store.Prove(another, CancellationToken.None)).IsComplete);
        await EachChargeStandsOnce();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(398)]
    public async Task A_run_that_is_killed_half_way_and_resumed_bills_each_charge_once(int afterCommits)
    {
        using var kill = new CancellationTokenSource();
        var commits = 0;
        _journal.AfterAppend = _ => Interlocked.Increment(ref commits) == afterCommits ? kill.CancelAsync() : Task.CompletedTask;
        var request = NewRun();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Execute(request, kill.Token));
        Assert.Equal(request.Id, Assert.Single(await _store.Unfinished(CancellationToken.None)).Id);

        var resumed = await Execute(request);

        Assert.Equal(new RunCounts(Accounts - 1, 0, 0, 1, Accounts - 1, (Accounts - 1) * 499_00L), resumed.Counts);
        Assert.True((await _store.Prove(resumed, CancellationToken.None)).IsComplete);
        await EachChargeStandsOnce();
    }

    [Fact]
    public async Task A_run_whose_journal_is_broken_is_failed_with_a_reason_and_can_be_resumed()
    {
        var request = await Interrupted(new InvalidOperationException("the journal makes no sense"));
        var failed = (await _store.Find(request.Id, CancellationToken.None))!;
        Assert.Equal((RunStatus.Failed, "the journal makes no sense"), (failed.Status, failed.Failure));

        await CompletesOnceResumed(request);
    }

    [Fact]
    public async Task An_account_that_fails_by_itself_is_asked_again_and_holds_up_nobody()
    {
        var failures = 0;
        _journal.BeforeAppend = commit => commit.Account.Value == 100 && ++failures < 3 ? throw new InvalidOperationException("not today") : Task.CompletedTask;

        var run = await Execute(NewRun());

        Assert.Equal((RunStatus.Finished, Accounts - 1L), (run.Status, run.Counts.Issued));
        Assert.True((await _store.Prove(run, CancellationToken.None)).IsComplete);
    }

    [Fact]
    public async Task What_is_issued_beside_an_account_that_fails_for_good_is_not_called_missed()
    {
        var request = NewRun();
        _journal.BeforeAppend = commit => commit.Account.Value == 100 ? throw new InvalidOperationException("never") : Task.CompletedTask;
        await Assert.ThrowsAsync<InvalidOperationException>(() => Execute(request));

        var failed = (await _store.Find(request.Id, CancellationToken.None))!;
        var proof = await _store.Prove(failed, CancellationToken.None);
        Assert.Equal((RunStatus.Failed, "never", 99L), (failed.Status, failed.Failure, failed.Counts.Issued));
        Assert.False(proof.IsComplete);
        var issued = (await Charges()).Select(charge => charge.Account).Distinct().Order().ToList();
        Assert.Equal(issued.Where(account => account.Value > 100), proof.Unrecorded);
        Assert.Empty(proof.Missed.Intersect(issued));

        _journal.BeforeAppend = _ => Task.CompletedTask;
        await CompletesOnceResumed(request);
    }

    [Fact]
    public async Task A_run_whose_journal_is_away_for_longer_than_anyone_waits_is_only_interrupted_and_goes_on_by_itself()
    {
        var request = await Interrupted(new IOException("the line is dead"));

        var waiting = Assert.Single(await _store.Unfinished(CancellationToken.None));
        Assert.Equal((request.Id, RunStatus.Running, null), (waiting.Id, waiting.Status, waiting.Failure));
        await CompletesOnceResumed(waiting);
    }

    [Fact]
    public async Task A_run_whose_store_is_cut_off_again_and_again_takes_longer()
    {
        var commits = 0;
        _journal.AfterAppend = _ => Interlocked.Increment(ref commits) % 60 == 0 ? CutConnections() : Task.CompletedTask;

        var run = await Execute(NewRun());

        Assert.Equal((RunStatus.Finished, Accounts - 1L), (run.Status, run.Counts.Documents));
        Assert.True((await _store.Prove(run, CancellationToken.None)).IsComplete);
        await EachChargeStandsOnce();
    }

    [Fact]
    public async Task Two_runs_at_once_bill_each_charge_once()
    {
        // Each on a host of its own, so that every account is active twice.
        var runs = await Task.WhenAll(Execute(NewRun()), Execute(NewRun()));

        Assert.Equal(Accounts - 1, runs.Sum(run => run.Counts.Documents));
        foreach (var run in runs) Assert.True((await _store.Prove(run, CancellationToken.None)).IsComplete);
        await EachChargeStandsOnce();
    }

    [Fact]
    public async Task An_issue_after_a_preview_issues_what_the_preview_showed()
    {
        var preview = await Execute(NewRun() with { Mode = RunMode.Preview });
        Assert.Empty(await Charges());

        var issue = await Execute(NewRun() with { ComparedTo = preview.Id });

        Assert.Equal(preview.Counts, issue.Counts);
        Assert.Equal(await ItemsOf(preview.Id), await ItemsOf(issue.Id));
        Assert.Equal(Accounts, (await ItemsOf(issue.Id)).Count);
    }

    [Fact]
    public async Task What_changes_after_the_preview_shows_in_the_hash_of_its_account_only()
    {
        var preview = await Execute(NewRun() with { Mode = RunMode.Preview });
        await Host().Ask(new AccountId(7), new Envelope(Writer.NewId(), Given.Service("net", "2026-01-01", Given.Fast, from: "2026-01-01"), Actor.System("test")), CancellationToken.None);

        var issue = await Execute(NewRun());

        var changed = (await ItemsOf(issue.Id)).Except(await ItemsOf(preview.Id)).ToList();
        Assert.Equal(new AccountId(7), Assert.Single(changed).Account);
    }

    [Fact]
    public async Task A_price_that_changed_for_the_past_is_billed_to_whoever_did_something_else_since()
    {
        await Execute(NewRun());
        var old = Given.Settings.Catalogue;
        var dearer = old[Given.Slow] with { Versions = [.. old[Given.Slow].Versions, new TariffVersion(Given.Day("2026-01-01"), Money.Czk(599))] };
        _contexts.Replace(Given.Settings with { Catalogue = new TariffCatalogue(old.Revision + 1, old.Tariffs.SetItem(Given.Slow, dearer)) });
        await Host().Ask(new AccountId(7), new Envelope(Writer.NewId(), Given.Payment("paid", 499, "2026-01-31"), Actor.System("test")), CancellationToken.None);

        var run = await Execute(NewRun());

        Assert.Equal((Accounts - 1L, (Accounts - 1) * 100_00L), (run.Counts.Documents, run.Counts.TotalMinor));
        Assert.Equal(0, (await Execute(NewRun())).Counts.Documents);
    }

    private BillingRun NewRun() => new(
        new RunId(Guid.NewGuid()), RunMode.Issue, Given.Day("2026-01-31"), RunFilter.Everyone, null, Actor.System("clerk"), _clock.Now, null, RunStatus.Running,
        default, RunCounts.None, null);

    private DirectAccounts Host() => new(_journal, _contexts);

    private async Task<BillingRun> Execute(BillingRun run, CancellationToken cancellation = default)
    {
        var host = Host();
        return await new BillingRunner(host, _store, _contexts, _clock, new BillingRunnerOptions { InHand = 128, Pages = 4, BatchSize = 32 }).Execute(run, progress: null, cancellation);
    }

    private async Task<BillingRun> Interrupted(Exception failure)
    {
        var commits = 0;
        _journal.AfterAppend = _ => Interlocked.Increment(ref commits) >= 150 ? throw failure : Task.CompletedTask;
        _journal.BeforeAppend = _ => Volatile.Read(ref commits) >= 150 ? throw failure : Task.CompletedTask;
        var request = NewRun();
        Assert.Same(failure, await Assert.ThrowsAnyAsync<Exception>(() => Execute(request)));
        (_journal.BeforeAppend, _journal.AfterAppend) = (_ => Task.CompletedTask, _ => Task.CompletedTask);
        return request;
    }

    private async Task CompletesOnceResumed(BillingRun request)
    {
        var resumed = await Execute(request);

        Assert.Equal(Accounts - 1, resumed.Counts.Documents);
        Assert.True((await _store.Prove(resumed, CancellationToken.None)).IsComplete);
        await EachChargeStandsOnce();
    }

    private async Task EachChargeStandsOnce()
    {
        var january = new Period(Given.Day("2026-01-01"), Given.Day("2026-02-01"));
        var expected = Enumerable.Range(1, Accounts).Where(account => account != Broken).Select(account => (new AccountId(account), 1, january));
        Assert.Equal(expected, (await Charges()).OrderBy(charge => charge.Account));
    }
}
