using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Dispatching;
using IspBilling.Outreach.Sending;

namespace IspBilling.Outreach.Tests.Dispatching;

public sealed class DispatcherTests
{
    private readonly DispatcherBench _bench = new();

    [Fact]
    public async Task While_its_channel_is_off_nothing_is_sent_and_what_was_written_before_never_is()
    {
        var before = _bench.Write(1);
        Assert.Equal(0, await _bench.Dispatcher().Pass(CancellationToken.None));
        await _bench.SwitchOn();
        var after = _bench.Write(2);

        await _bench.LiveOn(TimeSpan.FromDays(1), TimeSpan.FromHours(1));

        Assert.Equal([after], _bench.Target.Accepted.Keys);
        Assert.Equal(DeliveryStatus.BeforeDelivery, (await _bench.Find(before)).Status);
        Assert.Equal((DeliveryStatus.Delivered, "250 ok"), ((await _bench.Find(after)).Status, (await _bench.Find(after)).Receipt));
    }

    [Fact]
    public async Task Nothing_goes_outside_the_hours_of_its_channel()
    {
        _bench.Hours = new SendingHours(new SendingWindow(new TimeOnly(8, 0), new TimeOnly(18, 0), OnFreeDays: false), dailyCap: null, FreeDays.None, TimeZoneInfo.Utc);
        await _bench.SwitchOn();
        _bench.Clock.Advance(TimeSpan.FromHours(7));
        var evening = _bench.Write(1);

        await _bench.LiveOn(TimeSpan.FromHours(12), TimeSpan.FromHours(1));
        Assert.Empty(_bench.Target.Accepted);

        await _bench.LiveOn(TimeSpan.FromHours(2), TimeSpan.FromHours(1));
        Assert.Equal(DispatcherBench.Noon.AddHours(20), (await _bench.Find(evening)).EndedAt);
    }

    [Fact]
    public async Task A_day_has_as_many_messages_as_its_cap_and_the_rest_goes_on_the_days_after()
    {
        _bench.Hours = new SendingHours(window: null, dailyCap: 3, FreeDays.None, TimeZoneInfo.Utc);
        await _bench.SwitchOn();
        for (var account = 1; account <= 7; account++) _bench.Write(account);

        await _bench.LiveOn(TimeSpan.FromDays(4), TimeSpan.FromHours(1));

        var days = await Task.WhenAll(_bench.Target.Accepted.Keys.Select(_bench.Find));
        Assert.Equal([3, 3, 1], days.GroupBy(delivery => delivery.EndedAt!.Value.Date).OrderBy(day => day.Key).Select(day => day.Count()));
    }

    [Fact]
    public async Task What_no_longer_holds_is_not_sent_and_says_why()
    {
        await _bench.SwitchOn();
        var paid = _bench.Write(1);
        _bench.Account = _ => new MessageHoldsNoMore("the debt was paid meanwhile");

        await _bench.Dispatcher().Pass(CancellationToken.None);

        Assert.Equal(0, _bench.Target.Reached);
        Assert.Equal((DeliveryStatus.Superseded, "the debt was paid meanwhile"), ((await _bench.Find(paid)).Status, (await _bench.Find(paid)).Reason));
    }

    [Fact]
    public async Task A_reminder_waits_while_money_that_may_be_the_clients_is_not_assigned_and_a_document_does_not()
    {
        await _bench.SwitchOn();
        _bench.HasMoney.Add(new AccountId(1));
        var reminder = _bench.Write(1);
        _bench.Outbox.Add(new AccountId(1), 2, [new DeliverDocument(1, DeliveryPreference.Email)], _bench.Clock.GetUtcNow());

        await _bench.LiveOn(TimeSpan.FromDays(2), TimeSpan.FromHours(1));

        Assert.Equal(2, Assert.Single(_bench.Target.Accepted).Key.Version);
        Assert.Equal(DeliveryStatus.Waiting, (await _bench.Find(reminder)).Status);
        _bench.HasMoney.Clear();
        await _bench.LiveOn(TimeSpan.FromHours(12), TimeSpan.FromHours(1));
        Assert.Equal(DeliveryStatus.Delivered, (await _bench.Find(reminder)).Status);
    }

    [Fact]
    public async Task A_target_that_is_down_for_an_hour_gets_every_message_once()
    {
        await _bench.SwitchOn();
        var up = DispatcherBench.Noon.AddHours(1);
        _bench.Target.Reach = (_, _) => Task.FromResult<SendResult?>(_bench.Clock.GetUtcNow() < up ? new SendResult.Refused("connection refused", IsPermanent: false) : null);
        var ids = Enumerable.Range(1, 100).Select(account => _bench.Write(account)).ToList();

        await _bench.LiveOn(TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(1));
        Assert.Empty(_bench.Target.Accepted);
        // While it is left alone it is not asked: a hundred messages, four attempts each.
        Assert.InRange(_bench.Target.Reached, 1, 300);
        await _bench.LiveOn(TimeSpan.FromHours(3), TimeSpan.FromMinutes(1));

        Assert.Equal(ids.Order(ById), _bench.Target.Accepted.Keys.Order(ById));
        Assert.All(_bench.Target.Accepted.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task A_target_that_never_answers_makes_dead_letters_with_the_reason()
    {
        await _bench.SwitchOn();
        _bench.Target.Reach = (_, _) => Task.FromResult<SendResult?>(new SendResult.Refused("connection refused", IsPermanent: false));
        var id = _bench.Write(1);

        await _bench.LiveOn(TimeSpan.FromDays(5), TimeSpan.FromMinutes(30));

        var dead = await _bench.Find(id);
        Assert.Equal((DeliveryStatus.Dead, "connection refused", RetryTable.MostAttempts), (dead.Status, dead.Reason, dead.Attempts));
    }

    [Fact]
    public async Task A_dead_letter_that_a_person_sends_again_gets_all_its_attempts_anew()
    {
        await _bench.SwitchOn();
        var isDown = true;
        _bench.Target.Reach = (_, _) => Task.FromResult<SendResult?>(isDown ? new SendResult.Refused("connection refused", IsPermanent: false) : null);
        var id = _bench.Write(1);
        await _bench.LiveOn(TimeSpan.FromDays(5), TimeSpan.FromMinutes(30));

        Assert.True(await _bench.Outbox.SendAgain(id, Messages.Clerk, _bench.Clock.GetUtcNow(), "the server is back", CancellationToken.None));
        await _bench.Dispatcher().Pass(CancellationToken.None);
        Assert.Equal(DeliveryStatus.Waiting, (await _bench.Find(id)).Status);
        isDown = false;
        await _bench.LiveOn(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));

        Assert.Equal((DeliveryStatus.Delivered, false), ((await _bench.Find(id)).Status, (await _bench.Find(id)).MayArriveTwice));
    }

    [Fact]
    public async Task What_is_refused_for_good_is_not_tried_again()
    {
        await _bench.SwitchOn();
        _bench.Target.Reach = (_, _) => Task.FromResult<SendResult?>(new SendResult.Refused("550 no such user", IsPermanent: true));
        var id = _bench.Write(1);

        await _bench.LiveOn(TimeSpan.FromDays(1), TimeSpan.FromHours(1));

        Assert.Equal((DeliveryStatus.Failed, 1), ((await _bench.Find(id)).Status, _bench.Target.Reached));
    }

    [Fact]
    public async Task A_target_that_takes_a_message_and_says_nothing_leaves_it_unknown_and_it_is_not_sent_again_by_itself()
    {
        await _bench.SwitchOn();
        var entered = new TaskCompletionSource();
        _bench.Target.Answer = async (_, cancellation) =>
        {
            entered.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return new SendResult.Accepted(null);
        };
        var id = _bench.Write(1);
        var pass = _bench.Dispatcher().Pass(CancellationToken.None);
        await entered.Task;

        _bench.Clock.Advance(TimeSpan.FromSeconds(61));
        await pass;

        Assert.Equal(DeliveryStatus.Unknown, (await _bench.Find(id)).Status);
        _bench.Target.Answer = (_, _) => Task.FromResult<SendResult>(new SendResult.Accepted(null));
        await _bench.LiveOn(TimeSpan.FromDays(1), TimeSpan.FromHours(1));
        Assert.Equal(1, _bench.Target.Accepted[id]);
        Assert.True(await _bench.Outbox.SendAgain(id, Messages.Clerk, _bench.Clock.GetUtcNow(), "she has no mail", CancellationToken.None));
        await _bench.Dispatcher().Pass(CancellationToken.None);
        Assert.Equal((DeliveryStatus.Delivered, true), ((await _bench.Find(id)).Status, (await _bench.Find(id)).MayArriveTwice));
    }

    [Fact]
    public async Task A_target_that_does_not_let_itself_be_reached_in_time_got_nothing_and_is_tried_again()
    {
        await _bench.SwitchOn();
        var entered = new TaskCompletionSource();
        _bench.Target.Reach = async (_, cancellation) =>
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return null;
        };
        var id = _bench.Write(1);
        var pass = _bench.Dispatcher().Pass(CancellationToken.None);
        await entered.Task;
        _bench.Clock.Advance(TimeSpan.FromSeconds(61));
        await pass;

        Assert.Equal(DeliveryStatus.Waiting, (await _bench.Find(id)).Status);
        _bench.Target.Reach = (_, _) => Task.FromResult<SendResult?>(null);
        await _bench.LiveOn(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));
        Assert.Equal(1, _bench.Target.Accepted[id]);
    }

    [Fact]
    public async Task A_fault_of_ours_after_sending_has_begun_leaves_it_unknown()
    {
        await _bench.SwitchOn();
        _bench.Target.Answer = (_, _) => throw new FormatException("who could have known");
        var id = _bench.Write(1);

        await _bench.Dispatcher().Pass(CancellationToken.None);

        Assert.Equal(DeliveryStatus.Unknown, (await _bench.Find(id)).Status);
        Assert.Contains("who could have known", Assert.Single(_bench.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_no_template_can_put_into_words_waits_for_a_person()
    {
        await _bench.SwitchOn();
        _bench.Words = _ => new Composition.Impossible("the template has no such field");
        var id = _bench.Write(1);
        await _bench.Dispatcher().Pass(CancellationToken.None);
        Assert.Equal((DeliveryStatus.Waiting, "the template has no such field"), ((await _bench.Find(id)).Status, (await _bench.Find(id)).Reason));

        _bench.Words = _ => new Composition.Written(Messages.Text);
        await _bench.LiveOn(TimeSpan.FromHours(1), TimeSpan.FromMinutes(1));

        Assert.Equal(DeliveryStatus.Delivered, (await _bench.Find(id)).Status);
    }

    /// <summary>The process ends behind each call that a dispatcher makes; another one goes on when the leases have run out.</summary>
    [Fact]
    public async Task A_dispatcher_that_ends_at_any_step_sends_nothing_twice_and_loses_nothing()
    {
        var (unknown, calls) = (0, 0);
        while (true)
        {
            var bench = new DispatcherBench();
            await bench.SwitchOn();
            var ids = new[] { bench.Write(1), bench.Write(2, new DeliverDocument(1, DeliveryPreference.Email)), bench.Write(3) };
            var life = new Life(++calls);
            var pass = bench.Dispatcher(life, new DispatcherOptions { ShortRetries = 0, Workers = 1 }).Pass(CancellationToken.None);
            if (await Task.WhenAny(pass, life.Over) == pass) break;

            bench.Clock.Advance(TimeSpan.FromMinutes(10));
            await bench.LiveOn(TimeSpan.FromHours(1), TimeSpan.FromMinutes(10));

            foreach (var id in ids)
            {
                var (delivery, accepted) = (await bench.Find(id), bench.Target.Accepted.GetValueOrDefault(id));
                Assert.True(
                    delivery.Status is DeliveryStatus.Delivered && accepted == 1 || delivery.Status is DeliveryStatus.Unknown && accepted <= 1,
                    $"after call {calls}: {id} is {delivery.Status} and was accepted {accepted} times");
                unknown += delivery.Status == DeliveryStatus.Unknown ? 1 : 0;
            }
        }

        // Each message ends at least when it has begun and when it was sent; otherwise nothing was killed.
        Assert.InRange(unknown, 6, calls);
    }

    [Fact]
    public async Task Of_two_dispatchers_each_message_goes_out_by_one()
    {
        await _bench.SwitchOn();
        var ids = Enumerable.Range(1, 500).Select(account => _bench.Write(account)).ToList();

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var dispatcher = _bench.Dispatcher();
            while (await dispatcher.Pass(CancellationToken.None) > 0)
            {
            }
        })));

        Assert.Equal(ids.Count, _bench.Target.Accepted.Count);
        Assert.All(_bench.Target.Accepted.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task A_slow_target_keeps_its_lease_and_another_dispatcher_leaves_it_alone()
    {
        await _bench.SwitchOn();
        var (entered, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        _bench.Target.Answer = async (_, _) =>
        {
            entered.SetResult();
            await answer.Task;
            return new SendResult.Accepted(null);
        };
        var id = _bench.Write(1);
        var options = new DispatcherOptions { ShortRetries = 0, Timeout = TimeSpan.FromMinutes(30) };
        var pass = _bench.Dispatcher(options: options).Pass(CancellationToken.None);
        await entered.Task;
        for (var step = 0; step < 20; step++)
        {
            var due = (await _bench.Find(id)).DueAt!.Value;
            _bench.Clock.Advance(TimeSpan.FromSeconds(41));
            while ((await _bench.Find(id)).DueAt == due) await Task.Yield();
            Assert.Equal(0, await _bench.Dispatcher().Pass(CancellationToken.None));
        }

        answer.SetResult();
        await pass;

        Assert.Equal((DeliveryStatus.Delivered, 1), ((await _bench.Find(id)).Status, _bench.Target.Accepted[id]));
    }

    private static readonly Comparer<DeliveryId> ById = Comparer<DeliveryId>.Create(static (one, other) => one.Account.Value.CompareTo(other.Account.Value));
}
