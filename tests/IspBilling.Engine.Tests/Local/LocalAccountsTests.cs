using System.Collections.Concurrent;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Tests.Journal;
using IspBilling.Local;

namespace IspBilling.Engine.Tests.Local;

public sealed class LocalAccountsTests
{
    private readonly InMemoryJournal _stored = new();
    private readonly HookedJournal _journal;

    public LocalAccountsTests() => _journal = new HookedJournal(_stored);

    [Fact]
    public async Task Commands_of_one_account_run_one_at_a_time_in_the_order_asked()
    {
        const int accounts = 50, items = 40;
        await using var host = Host();
        var order = new ConcurrentDictionary<AccountId, List<string>>();
        await Task.WhenAll(Enumerable.Range(1, accounts).Select(account => Ask(host, account, Given.Client())));
        _journal.BeforeAppend = async commit =>
        {
            await Task.Yield();
            order.GetOrAdd(commit.Account, _ => []).Add(((OneOffAdded)commit.Decision.Events[0]).Id);
        };

        await Task.WhenAll(
            from item in Enumerable.Range(0, items)
            from account in Enumerable.Range(1, accounts)
            select Ask(host, account, Item($"{item}")));

        Assert.All(order.Values, asked => Assert.Equal(Enumerable.Range(0, items).Select(item => $"{item}"), asked));
        Assert.Equal(accounts, order.Count);
    }

    [Fact]
    public async Task The_same_command_asked_twice_at_once_happens_once()
    {
        await using var host = Host();
        await Ask(host, 1, Given.Client());
        await Ask(host, 1, Given.Service("net", "2026-01-01", Given.Slow));
        var billing = Writer.NewId();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Ask(host, 1, Given.Bill("2026-01-01"), billing)));

        Assert.All(replies, reply => Assert.Equal("2600000001", Assert.IsType<Billed>(reply).Documents[0].Number));
    }

    [Fact]
    public async Task Idle_accounts_are_let_go_the_longest_idle_first_and_come_back_as_they_were()
    {
        await using var host = Host(new LocalAccountsOptions { LiveMax = 100 });
        for (var account = 1; account <= 500; account++)
        {
            await Ask(host, account, Given.Client());
            await Ask(host, 1, Item($"{account}"));
            Assert.InRange(host.Live, 1, 101);
        }

        var loads = _journal.Loads;
        await Ask(host, 1, Item("still live"));
        Assert.Equal(loads, _journal.Loads);
        await Ask(host, 2, Item("long gone"));
        Assert.Equal(loads + 1, _journal.Loads);
    }

    [Fact]
    public async Task An_account_asked_only_in_bulk_is_not_kept()
    {
        await using var host = Host();
        await Ask(host, 1, Given.Client(), bulk: true);
        await Ask(host, 2, Given.Client());

        await Ask(host, 1, Item("bulk"), bulk: true);
        await Ask(host, 2, Item("bulk, but somebody works with it"), bulk: true);

        Assert.True(SpinWait.SpinUntil(() => host.Live == 1, TimeSpan.FromSeconds(10)));
        Assert.Equal(2, _stored.EntriesOf(new AccountId(1)).Count);
        Assert.Equal(2, _stored.EntriesOf(new AccountId(2)).Count);
    }

    [Fact]
    public async Task Bulk_and_other_commands_to_one_account_at_once_lose_nothing()
    {
        const int rounds = 300;
        await using var host = Host();
        await Ask(host, 1, Given.Client());

        await Task.WhenAll(Enumerable.Range(0, rounds).Select(async round =>
        {
            await Task.Yield();
            await Ask(host, 1, Item($"{round}"), bulk: round % 7 != 0);
        }));

        Assert.Equal(1 + rounds, _stored.EntriesOf(new AccountId(1)).Count);
    }

    [Fact]
    public async Task Accounts_that_come_and_go_under_load_lose_nothing()
    {
        const int accounts = 300, rounds = 20;
        await using var host = Host(new LocalAccountsOptions { LiveMax = 30, InFlightMax = 64 });
        await Task.WhenAll(Enumerable.Range(1, accounts).Select(account => Ask(host, account, Given.Client())));

        await Task.WhenAll(
            from round in Enumerable.Range(0, rounds)
            from account in Enumerable.Range(1, accounts)
            select Ask(host, account, Item($"{round}")));

        for (var account = 1; account <= accounts; account++) Assert.Equal(1 + rounds, _stored.EntriesOf(new AccountId(account)).Count);
        await Ask(host, 1, Item("one more"));
        Assert.InRange(host.Live, 1, 30);
    }

    [Fact]
    public async Task An_account_that_is_flooded_refuses_and_the_others_do_not_notice()
    {
        await using var host = Host(new LocalAccountsOptions { MailboxMax = 10 });
        await Ask(host, 1, Given.Client());
        await Ask(host, 2, Given.Client());
        var held = Hold(account: 1, out var release);

        // One runs, one is next, ten wait.
        List<Task<AccountReply>> taken = [Ask(host, 1, Item("0"))];
        await held;
        taken.AddRange(Enumerable.Range(1, 11).Select(i => Ask(host, 1, Item($"{i}"))));
        await Assert.ThrowsAsync<AccountBusyException>(() => Ask(host, 1, Item("too many")));
        Assert.IsType<Done>(await Ask(host, 2, Item("fine")));

        release();
        Assert.All(await Task.WhenAll(taken), reply => Assert.IsType<Done>(reply));
        Assert.IsType<Done>(await Ask(host, 1, Item("again")));
    }

    [Fact]
    public async Task Callers_wait_when_too_many_commands_are_under_way()
    {
        await Task.WhenAll(Create(1), Create(2));
        await using var host = Host(new LocalAccountsOptions { InFlightMax = 2 });
        var held = Hold(account: 1, out var release);
        var first = Ask(host, 1, Item("a"));
        var second = Ask(host, 1, Item("b"));
        await held;

        var waiting = Ask(host, 2, Item("c"));
        using var impatience = new CancellationTokenSource();
        var impatient = host.Ask(new AccountId(2), new Envelope(Writer.NewId(), Item("d"), "test"), impatience.Token).AsTask();
        await impatience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.False(waiting.IsCompleted);
        release();
        await Task.WhenAll(first, second, waiting);
        Assert.Equal(2, _stored.EntriesOf(new AccountId(2)).Count);
    }

    [Fact]
    public async Task A_stopping_host_answers_what_it_has_taken_and_refuses_the_rest()
    {
        await Create(1);
        var host = Host(new LocalAccountsOptions { InFlightMax = 5 });
        var held = Hold(account: 1, out var release);
        var taken = Enumerable.Range(0, 5).Select(i => Ask(host, 1, Item($"{i}"))).ToList();
        await held;
        var waitingForRoom = Ask(host, 1, Item("waits for room"));

        var stopping = host.DisposeAsync().AsTask();
        await Assert.ThrowsAsync<HostStoppingException>(() => Ask(host, 1, Item("too late")));
        Assert.False(stopping.IsCompleted);
        release();
        await stopping;

        Assert.All(await Task.WhenAll(taken), reply => Assert.IsType<Done>(reply));
        await Assert.ThrowsAsync<HostStoppingException>(() => waitingForRoom);
        await Assert.ThrowsAsync<HostStoppingException>(() => Ask(host, 1, Item("much too late")));
        Assert.Equal(6, _stored.EntriesOf(new AccountId(1)).Count);
    }

    [Fact]
    public async Task A_caller_that_gave_up_before_its_turn_is_not_carried_out()
    {
        await using var host = Host();
        await Ask(host, 1, Given.Client());
        var held = Hold(account: 1, out var release);
        var first = Ask(host, 1, Item("a"));
        await held;
        using var gaveUp = new CancellationTokenSource();
        var abandoned = host.Ask(new AccountId(1), new Envelope(Writer.NewId(), Item("b"), "test"), gaveUp.Token).AsTask();
        await gaveUp.CancelAsync();
        release();

        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        Assert.Equal(2, _stored.EntriesOf(new AccountId(1)).Count);
    }

    private LocalAccounts Host(LocalAccountsOptions? options = null) =>
        new(_journal, new LiveContext(new HandClock("2026-01-01"), TimeZoneInfo.Utc, Given.Settings), options ?? new LocalAccountsOptions());

    /// <summary>Behind the host's back, so that all of its room is free.</summary>
    private Task Create(int account) => new Writer(_stored, account).Commit(Given.Client(), "2026-01-01");

    // Not async: what a host throws at once must not look like an answer.
    private static Task<AccountReply> Ask(LocalAccounts host, int account, AccountCommand command, CommandId? id = null, bool bulk = false)
    {
        try
        {
            return host.Ask(new AccountId(account), new Envelope(id ?? Writer.NewId(), command, "test", bulk), CancellationToken.None).AsTask();
        }
        catch (Exception refused) when (refused is HostStoppingException or AccountBusyException)
        {
            return Task.FromException<AccountReply>(refused);
        }
    }

    /// <summary>Appends of one account stand still until released; tells when the first does.</summary>
    private Task Hold(long account, out Action release)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _journal.BeforeAppend = async commit =>
        {
            if (commit.Account.Value != account) return;
            held.TrySetResult();
            await released.Task;
        };
        release = released.SetResult;
        return held.Task;
    }

    private static AddOneOff Item(string id) => new(id, Given.Day("2026-01-01"), "item", Quantity.One, Money.Czk(1), PriceMode.Gross, VatCategory.Standard);
}
