using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;

namespace IspBilling.Engine.Tests.Reviews;

public sealed class ReminderQueueTests
{
    private readonly ShortStore _store = new();
    private readonly List<Exception> _failures = [];

    [Fact]
    public async Task What_waits_when_the_queue_is_closed_is_written_in_batches_before_it_ends()
    {
        var queue = Queue(new ReminderQueueOptions { BatchSize = 10 });
        for (var account = 1; account <= 25; account++) Assert.True(queue.TryChange(new AccountId(account), needed: true));

        await Drained(queue);

        Assert.Equal([10, 10, 5], _store.Batches);
        Assert.Equal(25, _store.Reminded.Count);
    }

    [Fact]
    public async Task Of_two_changes_to_an_account_the_later_one_counts()
    {
        var queue = Queue(new ReminderQueueOptions());
        queue.TryChange(new AccountId(1), needed: true);
        queue.TryChange(new AccountId(2), needed: false);
        queue.TryChange(new AccountId(1), needed: false);
        queue.TryChange(new AccountId(2), needed: true);

        await Drained(queue);

        Assert.Equal([new AccountId(2)], _store.Reminded);
    }

    [Fact]
    public void A_full_or_closed_queue_says_so()
    {
        var queue = Queue(new ReminderQueueOptions { Capacity = 2 });
        Assert.True(queue.TryChange(new AccountId(1), needed: true));
        Assert.True(queue.TryChange(new AccountId(2), needed: true));

        Assert.False(queue.TryChange(new AccountId(3), needed: true));
        queue.Close();
        Assert.False(queue.TryChange(new AccountId(4), needed: true));
    }

    [Fact]
    public async Task A_failed_batch_is_tried_again()
    {
        _store.FailuresToCome = 2;
        var queue = Queue(new ReminderQueueOptions { Attempts = 3 });
        queue.TryChange(new AccountId(1), needed: true);

        await Drained(queue);

        Assert.Equal([new AccountId(1)], _store.Reminded);
        Assert.Equal(2, _failures.Count);
    }

    [Fact]
    public async Task A_batch_that_keeps_failing_is_given_up_and_the_next_one_written()
    {
        _store.FailuresToCome = 3;
        var queue = Queue(new ReminderQueueOptions { Attempts = 3, BatchSize = 1 });
        queue.TryChange(new AccountId(1), needed: true);
        queue.TryChange(new AccountId(2), needed: true);

        await Drained(queue);

        Assert.Equal([new AccountId(2)], _store.Reminded);
    }

    [Fact]
    public async Task An_account_asks_for_its_reminder_when_it_begins_to_need_one_and_lets_it_go_at_a_turn()
    {
        var clock = new HandClock("2026-01-01");
        var contexts = new LiveContext(clock, TimeZoneInfo.Utc, Given.Settings);
        var journal = new InMemoryJournal();
        var account = await new Writer(journal, 1).Subscribe();
        await account.Commit(Given.Bill("2026-01-01"), "2026-01-01");
        var queue = Queue(new ReminderQueueOptions());
        var reminder = new AccountReminder(account.Account, queue, contexts);

        reminder.Follow(account.State);
        reminder.Follow(null);
        clock.MoveTo("2026-01-20");
        // Overdue now; a second command does not ask again.
        reminder.Follow(account.State);
        reminder.Follow(account.State);
        queue.Close();
        await queue.Work(_failures.Add, default);
        Assert.Equal([1], _store.Batches);
        Assert.Equal([account.Account], _store.Reminded);

        var later = Queue(new ReminderQueueOptions());
        new AccountReminder(account.Account, later, contexts).Settle(isNeeded: false, isMisplaced: false);
        await Drained(later);
        Assert.Empty(_store.Reminded);
    }

    [Fact]
    public async Task A_turn_at_the_right_time_leaves_the_reminder_as_it_is_and_one_at_another_time_sets_it_anew()
    {
        var contexts = new LiveContext(new HandClock("2026-01-01"), TimeZoneInfo.Utc, Given.Settings);
        var queue = Queue(new ReminderQueueOptions());

        new AccountReminder(new AccountId(1), queue, contexts).Settle(isNeeded: true, isMisplaced: false);
        new AccountReminder(new AccountId(2), queue, contexts).Settle(isNeeded: true, isMisplaced: true);
        await Drained(queue);

        Assert.Equal([new AccountId(2)], _store.Reminded);
    }

    private ReminderQueue Queue(ReminderQueueOptions options) =>
        new(_store, TimeProvider.System, options with { FirstPause = TimeSpan.FromMilliseconds(1) });

    private Task Drained(ReminderQueue queue)
    {
        queue.Close();
        return queue.Work(_failures.Add, default);
    }

    private sealed class ShortStore : IReminderStore
    {
        public SortedSet<AccountId> Reminded { get; } = [];

        public List<int> Batches { get; } = [];

        public int FailuresToCome { get; set; }

        public Task Set(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation)
        {
            if (FailuresToCome-- > 0) throw new IOException("the database is away");
            Batches.Add(accounts.Count);
            Reminded.UnionWith(accounts);
            return Task.CompletedTask;
        }

        public Task Remove(IReadOnlyCollection<AccountId> accounts, CancellationToken cancellation)
        {
            Reminded.ExceptWith(accounts);
            return Task.CompletedTask;
        }
    }
}
