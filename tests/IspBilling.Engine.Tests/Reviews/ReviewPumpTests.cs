using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.Tests.Journal;
using IspBilling.Demo;

namespace IspBilling.Engine.Tests.Reviews;

public sealed class ReviewPumpTests : IAsyncLifetime
{
    private const int Debtors = 5;
    private readonly HandClock _clock = new("2026-01-01");
    private readonly HookedJournal _journal = new(new InMemoryJournal());
    private LiveContext _context = null!;
    private DirectAccounts _host = null!;
    private ReviewPump _pump = null!;

    public async Task InitializeAsync()
    {
        _context = new LiveContext(_clock, TimeZoneInfo.Utc, Given.Settings);
        _host = new DirectAccounts(_journal, _context);
        _pump = new ReviewPump(_host, new EveryDebtor(), _context);
        for (var account = 1; account <= Debtors; account++)
        {
            foreach (AccountCommand command in new AccountCommand[] { Given.Client(), Given.Service("net", "2026-01-01", Given.Slow), Given.Bill("2026-01-01") })
                await _host.Ask(new AccountId(account), new Envelope(Writer.NewId(), command, Actor.System("test")), CancellationToken.None);
        }

        // Due on the 15th, the first step after five days.
        _clock.MoveTo("2026-01-20");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task The_same_day_again_takes_no_second_step()
    {
        Assert.Equal(new ReviewSummary(Debtors, Steps: Debtors, Cleared: 0, Failed: 0), await _pump.RunDay(CancellationToken.None));

        Assert.Equal(new ReviewSummary(Debtors, Steps: Debtors, Cleared: 0, Failed: 0), await _pump.RunDay(CancellationToken.None));
        for (var account = 1; account <= Debtors; account++) Assert.Single((await State(account)).Dunning.Taken);
    }

    [Fact]
    public async Task An_account_out_of_reach_holds_up_nobody_and_is_reviewed_the_next_time()
    {
        _journal.BeforeAppend = commit => commit.Account.Value == 2 ? throw new InvalidOperationException("unreadable") : Task.CompletedTask;

        Assert.Equal(new ReviewSummary(Debtors, Steps: Debtors - 1, Cleared: 0, Failed: 1), await _pump.RunDay(CancellationToken.None));

        Assert.Empty((await State(2)).Dunning.Taken);
        _journal.BeforeAppend = _ => Task.CompletedTask;
        await _pump.RunDay(CancellationToken.None);
        Assert.Single((await State(2)).Dunning.Taken);
    }

    [Fact]
    public async Task When_nobody_can_be_reached_the_review_stops()
    {
        _journal.BeforeAppend = _ => throw new InvalidOperationException("the database is away");

        await Assert.ThrowsAsync<InvalidOperationException>(() => _pump.RunDay(CancellationToken.None));
    }

    private async Task<AccountState> State(long account) =>
        (await _journal.Load(new AccountId(account), default, bulk: false, CancellationToken.None)).State;

    /// <summary>Finds everyone due whenever it is asked, also those reviewed already.</summary>
    private sealed class EveryDebtor : IReviewStore
    {
        public ValueTask<IReadOnlyList<DueReview>> DueAfter(DateOnly today, DueReview after, int max, CancellationToken cancellation) =>
            ValueTask.FromResult<IReadOnlyList<DueReview>>(
                [.. Enumerable.Range(1, Debtors).Where(id => id > after.Account.Value).Select(id => new DueReview(today, new AccountId(id))).Take(max)]);
    }
}
