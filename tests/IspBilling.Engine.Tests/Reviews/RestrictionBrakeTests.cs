using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;

namespace IspBilling.Engine.Tests.Reviews;

/// <summary>Ten clients who were told and are to be throttled on the same day, with a provider whose brake lets three pass.</summary>
public sealed class RestrictionBrakeTests : IAsyncLifetime
{
    private const int Debtors = 10;
    private const int Limit = 3;
    private readonly HandClock _clock = new("2026-01-01");
    private readonly InMemoryJournal _journal = new();
    private LiveContext _contexts = null!;
    private DirectAccounts _accounts = null!;

    public async Task InitializeAsync()
    {
        _contexts = Node();
        _accounts = new DirectAccounts(_journal, _contexts);
        for (var account = 1; account <= Debtors; account++)
        {
            foreach (AccountCommand command in new AccountCommand[] { Given.Client(), Given.Service("net", "2026-01-01", Given.Slow), Given.Bill("2026-01-01") })
                await Ask(account, command);
        }

        // Due on the 15th, told on the 29th, throttled 21 days after the due date.
        _clock.MoveTo("2026-01-29");
        for (var account = 1; account <= Debtors; account++)
        {
            await Ask(account, new Review());
            var taken = State(account).Dunning.Last!.Value;
            await Ask(account, new RecordDelivery(
                new DeliveryId(new AccountId(account), 9, 1), MessageChannel.Email, new SendReminder(taken.Code, DunningActions.Email, Money.Czk(499), taken.On),
                DeliveryOutcome.Delivered, taken.On));
        }

        _clock.MoveTo("2026-02-05");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Beyond_the_limit_restrictions_wait_for_a_person_who_releases_them()
    {
        await ReviewAll(_accounts);
        Assert.Equal(Limit, Restricted);

        // Asked again, by whichever node, it is as it was.
        await ReviewAll(_accounts);
        Assert.Equal(Limit, Restricted);

        _contexts.Replace(_contexts.Settings with { ReleasedOn = _contexts.Today });
        await ReviewAll(_accounts);
        Assert.Equal(Debtors, Restricted);
    }

    [Fact]
    public async Task Each_day_lets_as_many_pass_again()
    {
        for (var day = 5; day < 9; day++)
        {
            _clock.MoveTo($"2026-02-{day:00}");
            await ReviewAll(_accounts);
            Assert.Equal(Math.Min(Debtors, Limit * (day - 4)), Restricted);
        }
    }

    [Fact]
    public async Task Two_nodes_count_together()
    {
        var other = new DirectAccounts(_journal, Node());
        for (var account = 1; account <= Debtors; account++) await Ask(account % 2 == 0 ? other : _accounts, account, new Review());

        Assert.Equal(Limit, Restricted);
    }

    [Fact]
    public async Task Whoever_pays_is_restored_whatever_the_brake_says()
    {
        await ReviewAll(_accounts);
        var restricted = Enumerable.Range(1, Debtors).First(account => State(account).Level != ServiceLevel.Full);

        await Ask(restricted, Given.Payment("p", 5_000, "2026-02-05"));

        Assert.Equal(ServiceLevel.Full, State(restricted).Level);
        // What it took stays taken: one more would be one more than may be in a day.
        await ReviewAll(_accounts);
        Assert.Equal(Limit - 1, Restricted);
    }

    [Fact]
    public async Task An_account_whose_commit_was_lost_keeps_its_place()
    {
        var brake = _contexts.Brake!;
        for (var again = 0; again < 5; again++) Assert.True(await brake.MayRestrict(new AccountId(1), _contexts.Today, CancellationToken.None));
        Assert.True(await brake.MayRestrict(new AccountId(2), _contexts.Today, CancellationToken.None));
        Assert.True(await brake.MayRestrict(new AccountId(3), _contexts.Today, CancellationToken.None));
        Assert.False(await brake.MayRestrict(new AccountId(4), _contexts.Today, CancellationToken.None));
    }

    private readonly InMemoryPermits _permits = new(clients: 100);

    private int Restricted => Enumerable.Range(1, Debtors).Count(account => State(account).Level != ServiceLevel.Full);

    private LiveContext Node()
    {
        var contexts = new LiveContext(_clock, TimeZoneInfo.Utc, Given.Settings with { Outreach = new OutreachRules { Brake = new Brake(1, 300) } });
        contexts.Brake = new RestrictionBrake(_permits, contexts);
        return contexts;
    }

    private static async Task ReviewAll(IAccounts accounts)
    {
        for (var account = 1; account <= Debtors; account++) await Ask(accounts, account, new Review());
    }

    private AccountState State(int account) => _journal.StateOf(new AccountId(account));

    private Task Ask(int account, AccountCommand command) => Ask(_accounts, account, command);

    private static async Task Ask(IAccounts accounts, int account, AccountCommand command) => Assert.IsNotType<Refused>(
        await accounts.Ask(new AccountId(account), new Envelope(Writer.NewId(), command, Actor.System("test")), CancellationToken.None));
}
