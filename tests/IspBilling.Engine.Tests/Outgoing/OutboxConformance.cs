using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Outgoing;

namespace IspBilling.Engine.Tests.Outgoing;

/// <summary>What every outbox promises; each implementation runs all of it. Rows come by the journal beside it, as they always do.</summary>
public abstract class OutboxConformance : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly Actor Clerk = new(ActorKind.Person, "7", "Eva Malá");
    private static readonly SendReminder ByEmailAndSms = new("second", DunningActions.Email | DunningActions.Sms, Money.Czk(499), new DateOnly(2026, 3, 2));
    private static readonly DeliverDocument Document = new(1, DeliveryPreference.Email);

    private readonly Dictionary<long, Writer> _writers = [];
    private IJournal _journal = null!;
    private IOutbox _outbox = null!;

    /// <summary>How many worlds of dispatchers are lived through.</summary>
    protected abstract int Worlds { get; }

    public async Task InitializeAsync() => (_journal, _outbox) = await Open();

    public abstract Task DisposeAsync();

    protected abstract Task<(IJournal Journal, IOutbox Outbox)> Open();

    [Fact]
    public async Task What_was_written_before_a_channel_was_switched_on_is_never_sent()
    {
        await Write(1, Noon, Document);
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, new SendThanks());

        var claimed = Assert.Single(await Claim(MessageChannel.Email, Noon.AddYears(1)));

        Assert.Equal(new SendThanks(), claimed.Message);
        Assert.Equal([DeliveryStatus.Claimed, DeliveryStatus.BeforeDelivery], (await History(1)).Select(delivery => delivery.Status));
    }

    [Fact]
    public async Task A_channel_that_was_switched_off_does_not_send_what_waited_when_it_is_on_again()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, Document);
        await Write(2, Noon, Document);
        var inHand = Assert.Single(await Claim(MessageChannel.Email, Noon, max: 1));
        await _outbox.Switch(MessageChannel.Email, isOn: false, Clerk, Noon, CancellationToken.None);
        await Write(3, Noon, new SendThanks());

        Assert.Empty(await Claim(MessageChannel.Email, Noon));
        await SwitchOn(MessageChannel.Email);

        Assert.Empty(await Claim(MessageChannel.Email, Noon.AddYears(1)));
        Assert.False(await _outbox.BeginSending(inHand.Lease, Noon.AddMinutes(1), CancellationToken.None));
        Assert.Equal(3, (await _outbox.Count(MessageChannel.Email, null, CancellationToken.None)).Of(DeliveryStatus.BeforeDelivery));
        var now = await Write(4, Noon, Document);
        Assert.Equal(now, Assert.Single(await Claim(MessageChannel.Email, Noon)).Id);
    }

    [Fact]
    public async Task A_paused_channel_goes_on_where_it_stopped_with_all_that_was_written_meanwhile()
    {
        await SwitchOn(MessageChannel.Email);
        var waiting = await Write(1, Noon, Document);
        await _outbox.Turn(new ChannelChange(MessageChannel.Email, ChannelState.Paused, Clerk, Noon, "wrong logo"), CancellationToken.None);
        var meanwhile = await Write(2, Noon, new SendThanks());

        Assert.Empty(await Claim(MessageChannel.Email, Noon));
        var paused = Assert.Single(await _outbox.Channels(CancellationToken.None), one => one.Channel == MessageChannel.Email);
        Assert.Equal((true, true, "wrong logo"), (paused.IsOn, paused.IsPaused, paused.Reason));
        await SwitchOn(MessageChannel.Email);
        Assert.Equal([waiting, meanwhile], (await Claim(MessageChannel.Email, Noon)).Select(delivery => delivery.Id));
    }

    [Fact]
    public async Task What_waits_is_stopped_with_a_reason_and_what_is_being_sent_goes_on()
    {
        await SwitchOn(MessageChannel.Email, MessageChannel.Sms);
        await Write(1, Noon, Document);
        var sending = Assert.Single(await Claim(MessageChannel.Email, Noon)).Lease;
        Assert.True(await _outbox.BeginSending(sending, Noon.AddMinutes(1), CancellationToken.None));
        await Write(2, Noon, ByEmailAndSms);
        await Write(3, Noon.AddHours(-1), Document);

        Assert.Equal(1, await _outbox.Stop(MessageChannel.Email, Noon, Clerk, Noon.AddMinutes(2), "wrong logo", CancellationToken.None));

        Assert.True(await End(sending, DeliveryOutcome.Delivered));
        var stopped = (await History(2)).Single(delivery => delivery.Channel == MessageChannel.Email);
        Assert.Equal((DeliveryStatus.Superseded, "stopped by Eva Malá: wrong logo"), (stopped.Status, stopped.Reason));
        Assert.Equal(stopped, Assert.Single(await Unreported()));
        Assert.Equal(DeliveryStatus.Waiting, Assert.Single(await History(3)).Status);
        Assert.Single(await Claim(MessageChannel.Sms, Noon));
    }

    [Fact]
    public async Task What_failed_or_may_have_arrived_is_sent_again_by_a_person_and_under_its_own_id()
    {
        await SwitchOn(MessageChannel.Email);
        var id = await Write(1, Noon, ByEmailAndSms);
        Assert.False(await _outbox.SendAgain(id, Clerk, Noon, "once more", CancellationToken.None));
        var first = Assert.Single(await Claim(MessageChannel.Email, Noon)).Lease;
        await _outbox.BeginSending(first, Noon.AddMinutes(1), CancellationToken.None);
        Assert.True(await End(first, DeliveryOutcome.Unknown));
        Assert.Equal(id, Assert.Single(await _outbox.Standing(DeliveryStatus.Unknown, MessageChannel.Email, null, 10, CancellationToken.None)).Id);

        Assert.True(await _outbox.SendAgain(id, Clerk, Noon.AddMinutes(5), "she has no mail", CancellationToken.None));

        Assert.Empty(await Unreported());
        Assert.False(await End(first, DeliveryOutcome.Delivered));
        var again = Assert.Single(await Claim(MessageChannel.Email, Noon.AddMinutes(5)));
        Assert.Equal((id, 2, 1, true), (again.Id, again.Attempts, again.AttemptsBefore, again.MayArriveTwice));
        await Sent(again);
        Assert.False(await _outbox.SendAgain(id, Clerk, Noon, "once more", CancellationToken.None));
        Assert.Equal(DeliveryStatus.Delivered, (await _outbox.Find(id, CancellationToken.None))!.Status);
        Assert.Null(await _outbox.Find(id with { Ordinal = 9 }, CancellationToken.None));
    }

    [Fact]
    public async Task What_was_accepted_may_come_back_and_the_account_hears_of_the_failure_alone()
    {
        await SwitchOn(MessageChannel.Email);
        var id = await Write(1, Noon, ByEmailAndSms);
        Assert.False(await Return(id, 0));
        var claimed = Assert.Single(await Claim(MessageChannel.Email, Noon));
        Assert.False(await Return(id, 1));
        await Sent(claimed);

        Assert.False(await Return(id, 2));
        Assert.False(await Return(id with { Ordinal = 9 }, 1));
        Assert.True(await Return(id, 1));
        Assert.False(await Return(id, 1));

        var returned = (await _outbox.Find(id, CancellationToken.None))!;
        Assert.Equal((DeliveryStatus.Failed, "came back", Noon.AddDays(1)), (returned.Status, returned.Reason, returned.EndedAt));
        Assert.Equal(DeliveryStatus.Failed, Assert.Single(await Unreported()).Status);
        Assert.False(await End(claimed.Lease, DeliveryOutcome.Delivered));
        Assert.True(await _outbox.SendAgain(id, Clerk, Noon.AddDays(2), "another address", CancellationToken.None));

        ValueTask<bool> Return(DeliveryId which, int attempt) => _outbox.Return(which, attempt, Noon.AddDays(1), "came back", CancellationToken.None);
    }

    [Fact]
    public async Task What_stands_somewhere_is_read_page_by_page_and_counted()
    {
        await SwitchOn(MessageChannel.Email);
        var ids = new List<DeliveryId>();
        for (var account = 1; account <= 5; account++) ids.Add(await Write(account, Noon.AddMinutes(account), Document));
        foreach (var delivery in await Claim(MessageChannel.Email, Noon.AddHours(1))) Assert.True(await End(delivery.Lease, DeliveryOutcome.Dead));
        await Write(6, Noon, Document);

        var read = new List<DeliveryId>();
        DeliveryId? after = null;
        while (await _outbox.Standing(DeliveryStatus.Dead, null, after, 2, CancellationToken.None) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 2);
            read.AddRange(page.Select(delivery => delivery.Id));
            after = page[^1].Id;
        }

        Assert.Equal(ids, read);
        Assert.Empty(await _outbox.Standing(DeliveryStatus.Dead, MessageChannel.Sms, null, 2, CancellationToken.None));
        var counts = await _outbox.Count(MessageChannel.Email, null, CancellationToken.None);
        Assert.Equal((5, 1), (counts.Of(DeliveryStatus.Dead), counts.Waiting));
        Assert.Equal(3, (await _outbox.Count(MessageChannel.Email, Noon.AddMinutes(3), CancellationToken.None)).Of(DeliveryStatus.Dead));
    }

    [Fact]
    public async Task Every_channel_is_off_until_a_person_switches_it_on_and_it_is_known_who()
    {
        Assert.Equal(
            Enum.GetValues<MessageChannel>().Order().Select(channel => new ChannelSwitch(channel, IsOn: false, null, null)),
            await _outbox.Channels(CancellationToken.None));

        await _outbox.Switch(MessageChannel.Sms, isOn: true, Clerk, Noon, CancellationToken.None);

        Assert.Equal(
            new ChannelSwitch(MessageChannel.Sms, IsOn: true, Noon, Clerk),
            Assert.Single(await _outbox.Channels(CancellationToken.None), one => one.Channel == MessageChannel.Sms));
    }

    [Fact]
    public async Task A_message_is_a_delivery_of_its_own_on_each_channel()
    {
        await SwitchOn(MessageChannel.Email, MessageChannel.Sms);
        await Write(1, Noon, ByEmailAndSms);

        var mail = Assert.Single(await Claim(MessageChannel.Email, Noon));
        await Sent(mail);
        var text = Assert.Single(await Claim(MessageChannel.Sms, Noon));

        Assert.Equal((1, 2), (mail.Id.Ordinal, text.Id.Ordinal));
        Assert.Equal((ByEmailAndSms, ByEmailAndSms), (mail.Message, text.Message));
        Assert.Equal([DeliveryStatus.Claimed, DeliveryStatus.Delivered], (await History(1)).Select(delivery => delivery.Status));
    }

    [Fact]
    public async Task A_channel_that_is_off_does_not_hold_up_the_other_half_of_a_message()
    {
        await SwitchOn(MessageChannel.Sms);
        await Write(1, Noon, ByEmailAndSms);

        Assert.Single(await Claim(MessageChannel.Sms, Noon));
        Assert.Equal([DeliveryStatus.Claimed, DeliveryStatus.BeforeDelivery], (await History(1)).Select(delivery => delivery.Status));
    }

    [Fact]
    public async Task What_is_due_first_is_claimed_first_and_nothing_twice()
    {
        await SwitchOn(MessageChannel.Email);
        var later = await Write(1, Noon.AddMinutes(2), Document);
        var first = await Write(2, Noon, Document);
        var second = await Write(3, Noon.AddMinutes(1), Document);
        var notYet = await Write(4, Noon.AddMinutes(9), Document);

        Assert.Equal([first, second], (await Claim(MessageChannel.Email, Noon.AddMinutes(5), max: 2)).Select(delivery => delivery.Id));
        Assert.Equal([later], (await Claim(MessageChannel.Email, Noon.AddMinutes(5), owner: "another")).Select(delivery => delivery.Id));
        Assert.Empty(await Claim(MessageChannel.Email, Noon.AddMinutes(5)));
        Assert.Equal([notYet], (await Claim(MessageChannel.Email, Noon.AddMinutes(9), lease: 60)).Select(delivery => delivery.Id));
    }

    [Fact]
    public async Task Of_many_that_claim_at_once_each_gets_others_and_together_they_get_all()
    {
        const int Deliveries = 200;
        await SwitchOn(MessageChannel.Email);
        for (var account = 1; account <= Deliveries; account++) await Write(account, Noon, Document);

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(dispatcher => Task.Run(async () =>
        {
            var mine = new List<Delivery>();
            while (await Claim(MessageChannel.Email, Noon, owner: $"d{dispatcher}", max: 7) is { Count: > 0 } more) mine.AddRange(more);
            return mine;
        })));

        var all = claims.SelectMany(mine => mine).Select(delivery => delivery.Id.Account.Value).ToList();
        Assert.Equal(Enumerable.Range(1, Deliveries).Select(account => (long)account), all.Order());
    }

    [Fact]
    public async Task A_lease_that_runs_out_before_anything_was_sent_gives_the_delivery_to_another()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, Document);
        var lost = Assert.Single(await Claim(MessageChannel.Email, Noon, lease: 1)).Lease;
        Assert.Empty(await Claim(MessageChannel.Email, Noon.AddSeconds(59), owner: "another"));

        var taken = Assert.Single(await Claim(MessageChannel.Email, Noon.AddMinutes(1), owner: "another"));

        Assert.Equal(2, taken.Attempts);
        Assert.False(await _outbox.Renew(lost, Noon.AddHours(1), CancellationToken.None));
        Assert.False(await _outbox.BeginSending(lost, Noon.AddHours(1), CancellationToken.None));
        Assert.False(await _outbox.RetryLater(lost, Noon.AddHours(1), "busy", CancellationToken.None));
        Assert.False(await _outbox.End(lost, DeliveryOutcome.Failed, Noon, "no such address", receipt: null, CancellationToken.None));
        Assert.True(await _outbox.BeginSending(taken.Lease, Noon.AddHours(1), CancellationToken.None));
    }

    [Fact]
    public async Task The_same_dispatcher_that_claims_again_has_lost_its_first_lease()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, Document);
        var first = Assert.Single(await Claim(MessageChannel.Email, Noon, lease: 1)).Lease;

        var second = Assert.Single(await Claim(MessageChannel.Email, Noon.AddMinutes(2))).Lease;

        Assert.False(await _outbox.BeginSending(first, Noon.AddHours(1), CancellationToken.None));
        Assert.True(await _outbox.BeginSending(second, Noon.AddHours(1), CancellationToken.None));
    }

    [Fact]
    public async Task A_lease_that_is_renewed_does_not_run_out()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, Document);
        var lease = Assert.Single(await Claim(MessageChannel.Email, Noon, lease: 1)).Lease;

        Assert.True(await _outbox.Renew(lease, Noon.AddMinutes(10), CancellationToken.None));

        Assert.Empty(await Claim(MessageChannel.Email, Noon.AddMinutes(9), owner: "another"));
        Assert.Single(await Claim(MessageChannel.Email, Noon.AddMinutes(10), owner: "another"));
    }

    [Fact]
    public async Task Who_stops_while_sending_leaves_an_unknown_outcome_that_nobody_sends_again()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, Document);
        var sending = Assert.Single(await Claim(MessageChannel.Email, Noon, lease: 1)).Lease;
        Assert.True(await _outbox.BeginSending(sending, Noon.AddMinutes(1), CancellationToken.None));

        Assert.Empty(await Claim(MessageChannel.Email, Noon.AddMinutes(1), owner: "another"));
        Assert.Empty(await Claim(MessageChannel.Email, Noon.AddYears(1), owner: "another"));

        var unknown = Assert.Single(await History(1));
        Assert.Equal((DeliveryStatus.Unknown, OutboxWords.LeaseRanOut, Noon.AddMinutes(1)), (unknown.Status, unknown.Reason, unknown.EndedAt));
    }

    [Fact]
    public async Task Who_was_slow_and_not_dead_may_still_say_how_it_ended()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, Document);
        var slow = Assert.Single(await Claim(MessageChannel.Email, Noon, lease: 1)).Lease;
        Assert.True(await _outbox.BeginSending(slow, Noon.AddMinutes(1), CancellationToken.None));
        Assert.Empty(await Claim(MessageChannel.Email, Noon.AddMinutes(5), owner: "another"));

        Assert.True(await _outbox.End(slow, DeliveryOutcome.Delivered, Noon.AddMinutes(6), reason: null, "queued as 4711", CancellationToken.None));

        var delivered = Assert.Single(await History(1));
        Assert.Equal((DeliveryStatus.Delivered, null, "queued as 4711"), (delivered.Status, delivered.Reason, delivered.Receipt));
    }

    [Fact]
    public async Task What_failed_for_now_waits_for_its_next_attempt_and_says_why()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, Document);
        var tried = Assert.Single(await Claim(MessageChannel.Email, Noon)).Lease;
        Assert.True(await _outbox.BeginSending(tried, Noon.AddMinutes(1), CancellationToken.None));

        Assert.True(await _outbox.RetryLater(tried, Noon.AddHours(2), "451 try again later", CancellationToken.None));

        var waiting = Assert.Single(await History(1));
        Assert.Equal((DeliveryStatus.Waiting, "451 try again later", Noon.AddHours(2), 1), (waiting.Status, waiting.Reason, waiting.DueAt, waiting.Attempts));
        Assert.Empty(await Claim(MessageChannel.Email, Noon.AddHours(2).AddSeconds(-1)));
        Assert.Equal(2, Assert.Single(await Claim(MessageChannel.Email, Noon.AddHours(2))).Attempts);
    }

    [Theory]
    [InlineData(DeliveryOutcome.Delivered, false, true, DeliveryStatus.Delivered)]
    [InlineData(DeliveryOutcome.Failed, true, true, DeliveryStatus.Failed)]
    [InlineData(DeliveryOutcome.Dead, true, true, DeliveryStatus.Dead)]
    [InlineData(DeliveryOutcome.Superseded, true, false, DeliveryStatus.Superseded)]
    [InlineData(DeliveryOutcome.Unknown, false, true, DeliveryStatus.Unknown)]
    public async Task A_delivery_ends_from_where_that_makes_sense_and_stays_so(
        DeliveryOutcome outcome, bool beforeSending, bool whileSending, DeliveryStatus status)
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, Document);
        await Write(2, Noon, Document);
        var claimed = await Claim(MessageChannel.Email, Noon);
        await _outbox.BeginSending(claimed[1].Lease, Noon.AddMinutes(1), CancellationToken.None);

        Assert.Equal(beforeSending, await End(claimed[0].Lease, outcome));
        Assert.Equal(whileSending, await End(claimed[1].Lease, outcome));

        // Whoever did not hear the answer says it again.
        Assert.Equal(beforeSending, await End(claimed[0].Lease, outcome));
        Assert.Equal(whileSending, await End(claimed[1].Lease, outcome));
        var ended = Assert.Single(await History(whileSending ? 2 : 1));
        Assert.Equal((status, outcome, null), (ended.Status, ended.Outcome, ended.DueAt));
        Assert.DoesNotContain(await Claim(MessageChannel.Email, Noon.AddYears(1)), again => again.Id == ended.Id);
        Assert.False(await _outbox.RetryLater(ended.Lease, Noon, "again", CancellationToken.None));
        Assert.False(await _outbox.BeginSending(ended.Lease, Noon, CancellationToken.None));
    }

    [Fact]
    public async Task What_ends_every_dispatcher_that_takes_it_in_hand_is_given_up()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, Document);
        var now = Noon;
        for (var attempt = 1; attempt <= OutboxLimits.MaxAttempts; attempt++, now = now.AddMinutes(1))
            Assert.Equal(attempt, Assert.Single(await Claim(MessageChannel.Email, now, lease: 1)).Attempts);

        Assert.Empty(await Claim(MessageChannel.Email, now));

        var dead = Assert.Single(await History(1));
        Assert.Equal((DeliveryStatus.Dead, OutboxWords.TooManyAttempts, OutboxLimits.MaxAttempts), (dead.Status, dead.Reason, dead.Attempts));
    }

    [Fact]
    public async Task What_a_target_says_is_kept_up_to_a_length()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, Document);
        var claimed = Assert.Single(await Claim(MessageChannel.Email, Noon));

        Assert.True(await _outbox.End(claimed.Lease, DeliveryOutcome.Failed, Noon, new string('x', 10_000), receipt: null, CancellationToken.None));

        Assert.Equal(OutboxLimits.MaxText, Assert.Single(await History(1)).Reason!.Length);
    }

    [Fact]
    public async Task An_account_is_told_what_became_of_its_reminders_until_it_knows_and_of_nothing_else()
    {
        await SwitchOn(MessageChannel.Email, MessageChannel.Sms);
        await Write(1, Noon, ByEmailAndSms, Document, new SendThanks());
        foreach (var delivery in await Claim(MessageChannel.Email, Noon)) await Sent(delivery);
        Assert.Single(await Claim(MessageChannel.Sms, Noon));

        var ended = Assert.Single(await Unreported());
        Assert.Equal((ByEmailAndSms, MessageChannel.Email, DeliveryOutcome.Delivered), (ended.Message, ended.Channel, ended.Outcome!.Value));
        Assert.Empty(await _outbox.Unreported(ended.Id, 10, CancellationToken.None));
        Assert.Equal(ended, Assert.Single(await Unreported()));

        await _outbox.Reported([ended], CancellationToken.None);

        Assert.Empty(await Unreported());
    }

    [Fact]
    public async Task What_ended_otherwise_while_it_was_reported_is_reported_again()
    {
        await SwitchOn(MessageChannel.Email);
        await Write(1, Noon, ByEmailAndSms);
        var slow = Assert.Single(await Claim(MessageChannel.Email, Noon, lease: 1)).Lease;
        await _outbox.BeginSending(slow, Noon.AddMinutes(1), CancellationToken.None);
        Assert.Empty(await Claim(MessageChannel.Email, Noon.AddMinutes(1)));
        var unknown = Assert.Single(await Unreported());
        Assert.True(await End(slow, DeliveryOutcome.Delivered));

        await _outbox.Reported([unknown], CancellationToken.None);

        Assert.Equal(DeliveryOutcome.Delivered, Assert.Single(await Unreported()).Outcome);
    }

    [Fact]
    public async Task The_history_of_an_account_is_read_page_by_page_the_newest_first()
    {
        await Write(2, Noon, Document);
        var ids = new List<DeliveryId>();
        for (var i = 0; i < 5; i++) ids.Add(await Write(1, Noon.AddMinutes(i), ByEmailAndSms));
        var expected = ids.SelectMany(id => new[] { id, id with { Ordinal = 2 } }).Reverse().ToList();

        var read = new List<DeliveryId>();
        DeliveryId? before = null;
        while (await _outbox.History(new AccountId(1), before, 3, CancellationToken.None) is { Count: > 0 } page)
        {
            Assert.InRange(page.Count, 1, 3);
            read.AddRange(page.Select(delivery => delivery.Id));
            before = page[^1].Id;
        }

        Assert.Equal(expected, read);
        Assert.Empty(await _outbox.History(new AccountId(3), null, 3, CancellationToken.None));
    }

    /// <summary>Dispatchers that stop anywhere, start again, are slow, and are told no by their target.</summary>
    [Fact]
    public async Task Each_delivery_is_accepted_once_unless_nobody_knows_whether_it_was()
    {
        await SwitchOn(MessageChannel.Email);
        var (unknown, retried, crashes) = (0, 0, 0);
        for (var world = 0; world < Worlds; world++)
        {
            var start = Noon.AddDays(world);
            var ids = new HashSet<DeliveryId>();
            for (var i = 0; i < 12; i++) ids.Add(await Write((world * 100) + i + 1, start.AddSeconds(i * 5), Document));

            var dispatchers = new DispatcherWorld(_outbox, MessageChannel.Email, start, world);
            await dispatchers.Live(steps: 250);
            await dispatchers.EndCalmly();

            foreach (var id in ids)
            {
                var delivery = Assert.Single(await _outbox.History(id.Account, null, 10, CancellationToken.None));
                var accepted = dispatchers.Accepted.GetValueOrDefault(id);
                Assert.True(Fits(delivery.Status, accepted), $"world {world}: {id} is {delivery.Status} and was accepted {accepted} times");
                unknown += delivery.Status == DeliveryStatus.Unknown ? 1 : 0;
            }

            retried += dispatchers.Retried;
            crashes += dispatchers.Crashes;
        }

        // Otherwise the worlds are too gentle to show anything.
        Assert.True(unknown > 0 && retried > 0 && crashes > 0, $"{unknown} unknown, {retried} retried, {crashes} crashes");

        static bool Fits(DeliveryStatus status, int accepted) => status switch
        {
            DeliveryStatus.Delivered => accepted == 1,
            DeliveryStatus.Superseded => accepted == 0,
            DeliveryStatus.Unknown => accepted <= 1,
            _ => false,
        };
    }

    /// <returns>The first of the deliveries.</returns>
    protected async Task<DeliveryId> Write(long account, DateTimeOffset at, params OutgoingMessage[] messages)
    {
        if (!_writers.TryGetValue(account, out var writer)) _writers[account] = writer = new Writer(_journal, account);
        var command = Given.Client($"Client {writer.Head.Version.ToString(CultureInfo.InvariantCulture)}");
        var commit = writer.Decide(command, "2026-03-02");
        await writer.Append(commit with { At = at, Decision = commit.Decision with { Messages = [.. messages] } });
        return new DeliveryId(writer.Account, writer.Head.Version, 1);
    }

    protected async Task SwitchOn(params MessageChannel[] channels)
    {
        foreach (var channel in channels) await _outbox.Switch(channel, isOn: true, Clerk, Noon, CancellationToken.None);
    }

    private ValueTask<IReadOnlyList<Delivery>> Claim(MessageChannel channel, DateTimeOffset now, string owner = "one", int max = 100, int lease = 5) =>
        _outbox.Claim(channel, owner, now, now.AddMinutes(lease), max, CancellationToken.None);

    private async Task Sent(Delivery delivery)
    {
        Assert.True(await _outbox.BeginSending(delivery.Lease, Noon.AddMinutes(1), CancellationToken.None));
        Assert.True(await End(delivery.Lease, DeliveryOutcome.Delivered));
    }

    private ValueTask<bool> End(Lease lease, DeliveryOutcome outcome) => _outbox.End(lease, outcome, Noon, reason: null, receipt: null, CancellationToken.None);

    private ValueTask<IReadOnlyList<Delivery>> History(long account) => _outbox.History(new AccountId(account), null, 100, CancellationToken.None);

    private ValueTask<IReadOnlyList<Delivery>> Unreported() => _outbox.Unreported(null, 10, CancellationToken.None);
}
