using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Snapshots;

namespace IspBilling.Engine.Tests.Outgoing;

/// <summary>
/// One client who is reminded on 2026-02-20 and 2026-03-06 of an invoice due 2026-02-15, with a provider that is an hour east of Greenwich.
/// </summary>
public sealed class DeliveryReportsTests
{
    private static readonly AccountId Id = new(1);
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("provider", TimeSpan.FromHours(1), "provider", "provider");

    private readonly InMemoryJournal _journal = new();
    private readonly HandClock _clock = new("2026-02-01");
    private readonly DirectAccounts _accounts;
    private readonly DeliveryReports _reports;

    public DeliveryReportsTests()
    {
        _accounts = new DirectAccounts(_journal, new LiveContext(_clock, Zone, Given.Settings));
        _reports = new DeliveryReports(_journal.Outbox, _accounts, Zone);
    }

    [Fact]
    public async Task The_account_learns_on_which_day_its_reminder_arrived_in_the_providers_time()
    {
        await BecomeDebtor();
        _clock.MoveTo("2026-02-20");
        await Ask(new Review());
        await Deliver(new DateTimeOffset(2026, 2, 23, 23, 30, 0, TimeSpan.Zero));
        _clock.MoveTo("2026-02-25");

        Assert.Equal(1, await _reports.Tell(CancellationToken.None));

        Assert.Equal(Given.Day("2026-02-24"), Assert.Single(_journal.StateOf(Id).Dunning.Taken).ToldOn);
        Assert.Equal(0, await _reports.Tell(CancellationToken.None));
    }

    [Fact]
    public async Task A_report_that_was_taken_and_not_recorded_as_such_is_known_again()
    {
        await BecomeDebtor();
        _clock.MoveTo("2026-02-20");
        await Ask(new Review());
        await Deliver(_clock.Now.AddDays(2));
        _clock.MoveTo("2026-02-25");
        var forgetful = new DeliveryReports(new ForgetsReports(_journal.Outbox), _accounts, Zone);
        Assert.Equal(1, await forgetful.Tell(CancellationToken.None));
        var events = _journal.EntriesOf(Id).Count;

        Assert.Equal(1, await _reports.Tell(CancellationToken.None));

        Assert.Equal(events, _journal.EntriesOf(Id).Count);
        Assert.Empty(await _journal.Outbox.Unreported(null, 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_report_that_is_refused_is_made_again_later()
    {
        await BecomeDebtor();
        _clock.MoveTo("2026-02-20");
        await Ask(new Review());
        // The dispatcher's clock is ahead.
        await Deliver(_clock.Now.AddDays(2));

        Assert.Equal(0, await _reports.Tell(CancellationToken.None));
        _clock.MoveTo("2026-02-22");

        Assert.Equal(1, await _reports.Tell(CancellationToken.None));
    }

    [Fact]
    public async Task A_state_does_not_grow_with_what_is_delivered()
    {
        await BecomeDebtor();
        _clock.MoveTo("2026-02-20");
        await Ask(new Review());
        await Deliver(_clock.Now);
        _clock.MoveTo("2026-02-21");
        var reminder = Assert.IsType<SendReminder>(Assert.Single(await History(), delivery => delivery.Message is SendReminder).Message);
        await Report(reminder, version: 1);
        var (size, events) = (StateSnapshot.Write(_journal.StateOf(Id)).Length, _journal.EntriesOf(Id).Count);

        for (var version = 2; version <= 1_000; version++)
        {
            await Report(reminder, version);
            await Report(new DeliverDocument(1, DeliveryPreference.Email), version);
        }

        Assert.Equal((size, events), (StateSnapshot.Write(_journal.StateOf(Id)).Length, _journal.EntriesOf(Id).Count));
    }

    /// <summary>Whether a client hears of each step for twenty years or not, the state is as large.</summary>
    [Fact]
    public async Task Years_of_reminders_that_arrive_late_leave_a_state_as_small_as_years_of_those_that_arrive_at_once()
    {
        var sizes = new List<int>();
        foreach (var arrivesLater in new[] { 0, 3 })
        {
            var account = AccountState.New(Id);
            Decide(Given.Client(), "2014-01-01");
            for (var month = new DateOnly(2014, 2, 1); month.Year < 2030; month = month.AddMonths(1))
            {
                Decide(new AddOneOff($"{month:yyyyMM}", month, "item", Quantity.One, Money.Czk(499), PriceMode.Gross, VatCategory.Standard), $"{month:yyyy-MM-dd}");
                Decide(new Bill(month, null, PreviewOnly: false), $"{month:yyyy-MM-dd}");
                var review = month.AddDays(20);
                Decide(new Review(), $"{review:yyyy-MM-dd}");
                var taken = account.Dunning.Last!.Value;
                var reminder = new SendReminder(taken.Code, DunningActions.Email, Money.Czk(499), taken.On);
                Decide(
                    new RecordDelivery(new DeliveryId(Id, account.Version, 1), MessageChannel.Email, reminder, DeliveryOutcome.Delivered, review.AddDays(arrivesLater)),
                    $"{review.AddDays(arrivesLater):yyyy-MM-dd}");
                Assert.Equal(review.AddDays(arrivesLater), account.Dunning.Last!.Value.ToldOn);
                Decide(Given.Payment($"{month:yyyyMM}", 499, $"{month:yyyy-MM-dd}", null), $"{review.AddDays(4):yyyy-MM-dd}");
            }

            sizes.Add(StateSnapshot.Write(account).Length);

            void Decide(AccountCommand command, string today)
            {
                var context = Given.On(Given.Day(today), Given.Settings with { CorrectionHorizonMonths = 6 });
                foreach (var happened in AccountDecider.Decide(account, command, context).Events)
                    account = account.Evolve(happened is DocumentIssued issued ? issued with { Document = issued.Document.Numbered(issued.Document.Ordinal) } : happened);
            }
        }

        Assert.Equal(sizes[0], sizes[1]);
        Assert.InRange(sizes[0], 1, 10_000);
    }

    private async Task BecomeDebtor()
    {
        await _journal.Outbox.Switch(MessageChannel.Email, isOn: true, Actor.System("test"), _clock.Now, CancellationToken.None);
        await Ask(Given.Client());
        await Ask(Given.Service("net", "2026-02-01", Given.Slow, end: "2026-03-01"));
        await Ask(Given.Bill("2026-02-01"));
    }

    /// <summary>Everything that waits is accepted.</summary>
    private async Task Deliver(DateTimeOffset at)
    {
        var outbox = _journal.Outbox;
        foreach (var delivery in await outbox.Claim(MessageChannel.Email, "test", at, at.AddMinutes(1), 100, CancellationToken.None))
        {
            Assert.True(await outbox.BeginSending(delivery.Lease, at.AddMinutes(1), CancellationToken.None));
            Assert.True(await outbox.End(delivery.Lease, DeliveryOutcome.Delivered, at, reason: null, receipt: null, CancellationToken.None));
        }
    }

    private async Task Report(OutgoingMessage message, long version) => Assert.IsType<Done>(await Ask(
        new RecordDelivery(new DeliveryId(Id, version, 1), MessageChannel.Email, message, DeliveryOutcome.Delivered, Given.Day("2026-02-21"))));

    private async Task<AccountReply> Ask(AccountCommand command)
    {
        var reply = await _accounts.Ask(Id, new Envelope(Writer.NewId(), command, Actor.System("test")), CancellationToken.None);
        Assert.IsNotType<Refused>(reply);
        return reply;
    }

    private ValueTask<IReadOnlyList<Delivery>> History() => _journal.Outbox.History(Id, null, 100, CancellationToken.None);

    /// <summary>The process ends when the account has the report, and before the outbox knows.</summary>
    private sealed class ForgetsReports(IOutbox outbox) : IOutbox
    {
        public ValueTask<IReadOnlyList<Delivery>> Unreported(DeliveryId? after, int max, CancellationToken cancellation) => outbox.Unreported(after, max, cancellation);

        public ValueTask Reported(IReadOnlyCollection<Delivery> deliveries, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask<bool> Return(DeliveryId id, int attempt, DateTimeOffset at, string reason, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Delivery>> Claim(
            MessageChannel channel, string owner, DateTimeOffset now, DateTimeOffset until, int max, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<bool> Renew(Lease lease, DateTimeOffset until, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<bool> BeginSending(Lease lease, DateTimeOffset until, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<bool> RetryLater(Lease lease, DateTimeOffset nextAttempt, string reason, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<bool> End(Lease lease, DeliveryOutcome outcome, DateTimeOffset at, string? reason, string? receipt, CancellationToken cancellation) =>
            throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Delivery>> History(AccountId account, DeliveryId? before, int max, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<ChannelSwitch>> Channels(CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask Turn(ChannelChange change, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<long> SentSince(MessageChannel channel, DateTimeOffset from, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<DeliveryCounts> Count(MessageChannel channel, DateTimeOffset? writtenFrom, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<Delivery>> Standing(
            DeliveryStatus status, MessageChannel? channel, DeliveryId? after, int max, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<Delivery?> Find(DeliveryId id, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<bool> SendAgain(DeliveryId id, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation) => throw new NotSupportedException();

        public ValueTask<int> Stop(
            MessageChannel channel, DateTimeOffset? writtenFrom, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation) =>
            throw new NotSupportedException();
    }
}
