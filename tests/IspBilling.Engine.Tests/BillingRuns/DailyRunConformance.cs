using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.Tests.Journal;
using IspBilling.Demo;

namespace IspBilling.Engine.Tests.BillingRuns;

/// <summary>A day on which 40 accounts bill by themselves, of which one cannot; on each journal with its store.</summary>
public abstract class DailyRunConformance : IAsyncLifetime
{
    private const int Accounts = 40;
    private const int Broken = 17;
    private static readonly TimeSpan TurnsEnd = TimeSpan.FromMinutes(10);
    private static readonly DateOnly Day = Given.Day("2026-01-31");

    private readonly HandClock _clock = new("2026-01-31");
    private readonly LiveContext _contexts;
    private readonly HandTurns _turns;
    private HookedJournal _journal = null!;
    private DirectAccounts _accounts = null!;
    private IBillingRunStore _runs = null!;
    private HookedDays _days = null!;
    private DailyRuns _daily = null!;

    protected DailyRunConformance()
    {
        _contexts = new LiveContext(_clock, TimeZoneInfo.Utc, Billing(IssuerBilling.ByReminder));
        _turns = new HandTurns(_contexts);
    }

    private BillingRun Run => DailyRun.Of(IssuerId.Default, Day, _clock.Now);

    protected abstract Task<(IJournal Journal, IBillingRunStore Runs, IDailyRunStore Days)> Open();

    /// <summary>Ends with clean books.</summary>
    protected abstract Task Close();

    public async Task InitializeAsync()
    {
        var (journal, runs, days) = await Open();
        (_journal, _runs, _days) = (new HookedJournal(journal), runs, new HookedDays(days));
        _accounts = Host();
        Restart();
        await Task.WhenAll(Enumerable.Range(1, Accounts).Select(async account =>
        {
            var writer = new Writer(journal, account);
            await writer.Commit(Given.Client(), "2026-01-01");
            await writer.Commit(Given.Service("net", "2026-01-01", account == Broken ? Given.Unpriced : Given.Slow), "2026-01-01");
        }));
    }

    public Task DisposeAsync() => Close();

    [Fact]
    public async Task The_run_is_open_from_the_first_turn_and_finished_with_a_proof_when_the_day_is_over()
    {
        Assert.Null(await _runs.Find(Run.Id, default));

        await Turn(1);
        var begun = (await _runs.Find(Run.Id, default))!;
        Assert.Equal((RunStatus.Open, RunMode.Issue, DailyRun.RequestedBy(Day), Day), (begun.Status, begun.Mode, begun.RequestedBy, begun.Through));
        Assert.Equal(new RunCounts(1, 0, 0, 0, 1, 499_00), begun.Counts);
        Assert.False((await _runs.Prove(begun, default)).IsComplete);

        for (var account = 2; account <= Accounts; account++) await Turn(account);
        _turns.DayIsOver = true;
        Assert.Equal(0, await EndOfDay());

        await IsFinishedAndProved();
    }

    [Fact]
    public async Task An_open_run_is_not_worked_off_like_one_that_a_person_started()
    {
        await Turn(1);

        Assert.Empty(await _runs.Unfinished(default));
        Assert.Equal(Run.Id, Assert.Single(await _days.Open(default)).Id);
    }

    [Fact]
    public async Task A_second_turn_on_the_same_day_bills_nothing_and_counts_once()
    {
        await Turn(1);
        await Turn(1);
        await Turn(Broken);
        await Turn(Broken);

        Assert.Equal(new RunCounts(1, 0, 0, 1, 1, 499_00), (await _runs.Find(Run.Id, default))!.Counts);
    }

    [Fact]
    public async Task What_was_billed_before_a_crash_and_not_recorded_is_asked_again_and_answers_as_before()
    {
        for (var account = 1; account <= 10; account++) await Turn(account);
        _days.BeforeRecord = () => throw new InvalidOperationException("crashed");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Turn(11));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Turn(12));
        _days.BeforeRecord = () => { };
        Assert.Equal(10, (await _runs.Find(Run.Id, default))!.Counts.Issued);
        Restart();
        _turns.DayIsOver = true;

        Assert.Equal(Accounts - 10, await EndOfDay());

        await IsFinishedAndProved();
    }

    [Fact]
    public async Task What_a_second_turn_billed_before_a_crash_is_recorded_though_the_first_turn_had_nothing_to_bill()
    {
        await _runs.Create(Run, default);
        await _days.Record(Run.Id, [new RunItem(new AccountId(1), RunOutcome.NothingToBill, 0, 0, 0, null, null)], default);
        _days.BeforeRecord = () => throw new InvalidOperationException("crashed");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Turn(1));
        _days.BeforeRecord = () => { };
        Assert.Contains(new AccountId(1), (await _runs.Prove(Run, default)).Unrecorded);
        _turns.DayIsOver = true;

        Assert.Equal(Accounts, await EndOfDay());

        await IsFinishedAndProved();
    }

    [Fact]
    public async Task A_day_of_which_nobody_woke_in_time_is_completed_by_the_look_after_the_night()
    {
        await Turn(1);
        Restart();
        _clock.MoveTo("2026-02-01");

        await EndOfDay();

        await IsFinishedAndProved();
    }

    [Fact]
    public async Task During_the_day_only_those_are_asked_whose_turn_has_passed()
    {
        _turns.PassedUpTo = 5;
        Assert.Equal(5, await Look());
        Assert.Equal(0, await Look());

        // Not before the next walk.
        _turns.PassedUpTo = 9;
        Assert.Equal(0, await Look());
        _clock.Now += TimeSpan.FromHours(1);

        Assert.Equal(4, await Look());
        Assert.Equal(RunStatus.Open, (await _runs.Find(Run.Id, default))!.Status);
    }

    [Fact]
    public async Task A_day_on_which_nothing_is_due_has_no_run()
    {
        _turns.DayIsOver = true;
        await EndOfDay();
        await IsFinishedAndProved();
        await Turn(Broken);
        _contexts.Replace(Priced());
        _clock.MoveTo("2026-02-01");
        await Turn(Broken);
        for (var account = 1; account <= Accounts; account++) await Turn(account);
        await EndOfDay();
        _clock.MoveTo("2026-02-02");

        await Look();

        Assert.Null(await _runs.Find(DailyRun.IdOf(IssuerId.Default, Given.Day("2026-02-02")), default));
    }

    [Fact]
    public async Task An_account_that_cannot_be_reached_holds_up_nobody_and_keeps_the_run_open_until_it_answers()
    {
        _turns.DayIsOver = true;
        _journal.BeforeAppend = commit => commit.Account.Value == 3 ? throw new InvalidOperationException("unreadable") : Task.CompletedTask;
        await Look();
        var open = (await _runs.Find(Run.Id, default))!;
        Assert.Equal((RunStatus.Open, Accounts - 2L), (open.Status, open.Counts.Issued));
        Assert.Equal([new AccountId(3)], (await _runs.Prove(open, default)).Missed);

        _journal.BeforeAppend = _ => Task.CompletedTask;
        await EndOfDay();

        await IsFinishedAndProved();
    }

    [Fact]
    public async Task From_the_look_that_finds_nobody_due_the_run_takes_no_turn_and_ends_when_turns_under_way_have_ended()
    {
        _turns.DayIsOver = true;
        await Look();
        var closed = (await _runs.Find(Run.Id, default))!;
        Assert.Equal((RunStatus.Open, false), (closed.Status, closed.TakesTurns));

        await Ask(1, new AddOneOff("cable", Day, "Cable", Quantity.One, Money.Czk(100), PriceMode.Gross, VatCategory.Standard));
        await Turn(1);
        await Look();
        Assert.Equal((RunStatus.Open, closed.Counts), ((await _runs.Find(Run.Id, default))!.Status, (await _runs.Find(Run.Id, default))!.Counts));

        _clock.Now += TurnsEnd;
        await Look();
        Assert.Equal((RunStatus.Finished, closed.Counts), ((await _runs.Find(Run.Id, default))!.Status, (await _runs.Find(Run.Id, default))!.Counts));
    }

    [Fact]
    public async Task What_a_turn_bills_after_the_run_was_closed_is_recorded_before_the_run_ends_though_its_node_crashed()
    {
        _journal.BeforeAppend = async commit =>
        {
            if (commit.Account.Value != 1) return;
            // Nobody is due by reminder any more, so the look does not find the account whose turn is under way.
            _contexts.Replace(Billing(IssuerBilling.ByRun));
            _turns.DayIsOver = true;
            await Look();
        };
        _days.BeforeRecord = () => throw new InvalidOperationException("crashed");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Turn(1));
        (_journal.BeforeAppend, _days.BeforeRecord) = (_ => Task.CompletedTask, () => { });
        Assert.Equal((false, RunCounts.None), ((await _runs.Find(Run.Id, default))!.TakesTurns, (await _runs.Find(Run.Id, default))!.Counts));
        Restart();
        _clock.Now += TurnsEnd;

        Assert.Equal(1, await Look());

        var run = (await _runs.Find(Run.Id, default))!;
        Assert.Equal((RunStatus.Failed, new RunCounts(1, 0, 0, 0, 1, 499_00)), (run.Status, run.Counts));
    }

    [Fact]
    public async Task After_the_run_has_ended_an_account_waits_for_the_next_day()
    {
        _turns.DayIsOver = true;
        await EndOfDay();
        await Ask(1, new AddOneOff("cable", Day, "Cable", Quantity.One, Money.Czk(100), PriceMode.Gross, VatCategory.Standard));
        await Turn(1);
        Assert.Equal(Accounts - 1, (await _runs.Find(Run.Id, default))!.Counts.Documents);

        _turns.DayIsOver = false;
        _clock.MoveTo("2026-02-01");
        await Turn(1);

        Assert.Equal(1, (await _runs.Find(DailyRun.IdOf(IssuerId.Default, Given.Day("2026-02-01")), default))!.Counts.Issued);
    }

    [Fact]
    public async Task A_run_that_a_person_starts_at_the_same_time_bills_nothing_twice()
    {
        var persons = new BillingRun(
            new RunId(Guid.NewGuid()), RunMode.Issue, Day, RunFilter.Everyone, null, Actor.System("clerk"), _clock.Now, null, RunStatus.Running, default, RunCounts.None, null);
        // Two hosts: every account is active twice.
        var other = Host();
        _turns.DayIsOver = true;

        var run = new BillingRunner(other, _runs, _contexts, _clock, new BillingRunnerOptions { InHand = 8, Pages = 2, BatchSize = 4 }).Execute(persons, null, default);
        for (var account = 1; account <= Accounts; account++) await Turn(account);
        persons = await run;
        await EndOfDay();

        var daily = await _runs.Find(Run.Id, default);
        Assert.Equal(Accounts - 1, persons.Counts.Documents + (daily?.Counts.Documents ?? 0));
        Assert.True((await _runs.Prove(persons, default)).IsComplete);
        Assert.True(daily is null || (await _runs.Prove(daily, default)).IsComplete);
    }

    [Fact]
    public async Task An_issuer_that_bills_by_run_issues_nothing_unasked()
    {
        _contexts.Replace(Billing(IssuerBilling.ByRun));
        for (var account = 1; account <= Accounts; account++) await Turn(account);
        _turns.DayIsOver = true;
        await Look();
        _clock.MoveTo("2026-02-01");
        await Look();

        Assert.Null(await _runs.Find(Run.Id, default));
        for (var account = 1; account <= Accounts; account++)
            Assert.Equal(0, (await _journal.Load(new AccountId(account), default, bulk: false, default)).State.LastDocument);
    }

    [Fact]
    public async Task When_the_issuer_changes_to_billing_by_run_the_days_run_keeps_what_was_billed_and_leaves_the_rest_to_a_person()
    {
        await Turn(1);
        _days.BeforeRecord = () => throw new InvalidOperationException("crashed");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Turn(2));
        _days.BeforeRecord = () => { };
        _contexts.Replace(Billing(IssuerBilling.ByRun));
        _turns.DayIsOver = true;

        await EndOfDay();

        var run = (await _runs.Find(Run.Id, default))!;
        Assert.Equal((RunStatus.Failed, 2L), (run.Status, run.Counts.Issued));
        Assert.Contains("bills by run now", run.Failure, StringComparison.Ordinal);
    }

    private static ProviderSettings Billing(IssuerBilling billing) => Given.Settings with
    {
        Issuers = Given.Settings.Issuers.SetItem(IssuerId.Default, Given.Settings.Issuers[IssuerId.Default] with { Billing = billing }),
    };

    private static ProviderSettings Priced()
    {
        var (settings, catalogue) = (Billing(IssuerBilling.ByReminder), Given.Settings.Catalogue);
        var priced = catalogue[Given.Unpriced] with { Versions = [new TariffVersion(Given.Day("2013-01-01"), Money.Czk(899))] };
        return settings with { Catalogue = new TariffCatalogue(catalogue.Revision + 1, catalogue.Tariffs.SetItem(Given.Unpriced, priced)) };
    }

    private DirectAccounts Host() => new(_journal, _contexts);

    /// <summary>A process that was started anew remembers nothing of the day.</summary>
    private void Restart() => _daily = new DailyRuns(_runs, _days, _contexts, _clock);

    private Task<int> Look() => _daily.Look(_accounts, _turns, default);

    /// <summary>A look closes the run, and one some time later ends it.</summary>
    /// <returns>How many were asked.</returns>
    private async Task<int> EndOfDay()
    {
        var asked = await Look();
        _clock.Now += TurnsEnd;
        return asked + await Look();
    }

    private async Task Turn(long account) =>
        await new AccountTurns(_contexts, _daily).Take(
            new AccountActor(new AccountId(account), _journal, _contexts), envelope => _accounts.Ask(new AccountId(account), envelope, default), default);

    private async Task Ask(long account, AccountCommand command) =>
        Assert.IsType<Done>(await _accounts.Ask(new AccountId(account), new Envelope(Writer.NewId(), command, Actor.System("test")), default));

    private async Task IsFinishedAndProved()
    {
        var run = (await _runs.Find(Run.Id, default))!;
        Assert.Equal((RunStatus.Finished, _clock.Now), (run.Status, run.FinishedAt));
        Assert.Equal(new RunCounts(Accounts - 1, 0, 0, 1, Accounts - 1, (Accounts - 1) * 499_00L), run.Counts);
        var proof = await _runs.Prove(run, default);
        Assert.True(proof.IsComplete);
        Assert.Equal(Accounts, proof.Due);
        Assert.Equal(new AccountId(Broken), Assert.Single(proof.Exceptions).Account);
    }

    private sealed class HandTurns(LiveContext contexts) : IDayTurns
    {
        public long PassedUpTo { get; set; }

        public bool DayIsOver { get; set; }

        public bool HasPassed(AccountId account) => account.Value <= PassedUpTo;

        public bool AreOver(DateOnly day) => DayIsOver || day < contexts.Today;
    }

    private sealed class HookedDays(IDailyRunStore days) : IDailyRunStore
    {
        public Action BeforeRecord { get; set; } = () => { };

        public ValueTask<IReadOnlyList<BillingRun>> Open(CancellationToken cancellation) => days.Open(cancellation);

        public ValueTask<IReadOnlyList<AccountId>> UnrecordedAfter(BillingRun run, bool withDue, AccountId after, int max, CancellationToken cancellation) =>
            days.UnrecordedAfter(run, withDue, after, max, cancellation);

        public ValueTask Record(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
        {
            BeforeRecord();
            return days.Record(run, items, cancellation);
        }
    }
}
