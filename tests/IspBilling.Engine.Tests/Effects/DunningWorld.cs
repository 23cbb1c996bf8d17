using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Json;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Reviews;

namespace IspBilling.Engine.Tests.Effects;

/// <summary>What dunning did to an account on a day.</summary>
internal sealed record Happened(long Account, DateOnly On, string? Step, ServiceLevel Level);

/// <summary>A provider whose clients owe this and that, of which some was told, some came back, some was paid and some promised.</summary>
internal sealed class DunningWorld
{
    public const int Days = 14;
    public const int Clients = 40;

    /// <summary>Reviews are of that time.</summary>
    private static readonly TimeOnly Noon = new(12, 0);

    private readonly Random _random;
    private readonly HandClock _clock = new("2026-03-02") { Now = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero) };
    private readonly InMemoryJournal _journal = new();
    private readonly LiveContext _contexts;
    private readonly DirectAccounts _accounts;
    private readonly DeliveryReports _reports;
    private readonly ReviewPump _pump;
    private int _named;

    public DunningWorld(int seed)
    {
        _random = new Random(seed);
        Settings = Given.Settings with { Outreach = Rules(_random), Holidays = new GoodFriday(), DunningPolicy = Policy(_random) };
        Settings = Settings.With(Policy(_random), "businesses");
        _contexts = new LiveContext(_clock, TimeZoneInfo.Utc, Settings);
        _accounts = new DirectAccounts(_journal, _contexts);
        _reports = new DeliveryReports(_journal.Outbox, _accounts, TimeZoneInfo.Utc);
        _pump = new ReviewPump(_accounts, new Everybody(), _contexts);
    }

    public ProviderSettings Settings { get; private set; }

    public DateOnly Today => DateOnly.FromDateTime(_clock.Now.UtcDateTime);

    public IEnumerable<AccountState> States => Enumerable.Range(1, Clients).Select(account => _journal.StateOf(new AccountId(account)));

    /// <summary>Four weeks in which anything happens.</summary>
    public async Task Live()
    {
        foreach (var channel in new[] { MessageChannel.Email, MessageChannel.Sms })
            await _journal.Outbox.Switch(channel, isOn: true, Actor.System("test"), _clock.Now, CancellationToken.None);
        for (var account = 1; account <= Clients; account++)
        {
            var client = Given.Client();
            await Ask(account, client with
            {
                Profile = client.Profile with
                {
                    Group = _random.Next(3) == 0 ? "businesses" : null,
                    Phone = _random.Next(2) == 0 ? "+420777123456" : null,
                    Email = _random.Next(8) == 0 ? null : client.Profile.Email,
                },
            });
        }

        for (var day = 0; day < 28; day++)
        {
            for (var account = 1; account <= Clients; account++)
            {
                if (_random.Next(10) == 0) await Invoice(account);
                if (_random.Next(30) == 0) await Pay(account);
                if (_random.Next(25) == 0) await Ask(account, new PromiseToPay(Today.AddDays(_random.Next(0, 12))));
                if (_random.Next(100) == 0) await Ask(account, new MarkEmail(_random.Next(2) == 0 ? EmailFault.Undeliverable : EmailFault.Complaint, [], "550"));
                if (_random.Next(200) == 0) await Ask(account, new SetDunningExemption(true, "friend"));
            }

            await Day(bounces: true);
        }
    }

    public static Task NothingElse(int day) => Task.CompletedTask;

    /// <summary>Two weeks from today on, in which every message is accepted.</summary>
    /// <param name="meanwhile">What else happens, at the beginning of each day.</param>
    public async Task<List<Happened>> Run(Func<int, Task> meanwhile)
    {
        var happened = new List<Happened>();
        for (var day = 0; day < Days; day++)
        {
            var before = States.Select(state => (state.Dunning.Taken, state.Level)).ToList();
            await meanwhile(day);
            await Day(bounces: false);
            var today = DateOnly.FromDateTime(_clock.Now.UtcDateTime.AddDays(-1));
            foreach (var (state, i) in States.Select((state, i) => (state, i)))
            {
                var step = state.Dunning.Last is { } last && last.On == today && !(before[i].Taken is [.., var was] && was.On == today) ? last.Code : null;
                if (step is not null || state.Level != before[i].Level) happened.Add(new Happened(i + 1, today, step, state.Level));
            }
        }

        return happened;
    }

    /// <summary>What waits goes, everybody is reviewed, what that decides goes; then it is the next day.</summary>
    private async Task Day(bool bounces)
    {
        await Dispatch(TimeOnly.MinValue, bounces);
        _clock.Now = new DateTimeOffset(Today, Noon, TimeSpan.Zero);
        await _pump.RunDay(CancellationToken.None);
        await Dispatch(Noon, bounces);
        _clock.Now = new DateTimeOffset(Today.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);
    }

    /// <summary>Whatever may go on the rest of the day goes when it may.</summary>
    private async Task Dispatch(TimeOnly from, bool bounces)
    {
        var (now, night) = (new DateTimeOffset(Today, from, TimeSpan.Zero), new DateTimeOffset(Today, new TimeOnly(23, 59), TimeSpan.Zero));
        foreach (var channel in new[] { MessageChannel.Email, MessageChannel.Sms })
        {
            var hours = Settings.HoursOf(channel, Today, TimeZoneInfo.Utc);
            foreach (var delivery in await _journal.Outbox.Claim(channel, "test", night, night.AddMinutes(1), 1_000, CancellationToken.None))
            {
                var next = hours.NextFrom(now);
                if (hours.DayOf(next) > Today)
                {
                    await _journal.Outbox.RetryLater(delivery.Lease, next, "quiet", CancellationToken.None);
                    continue;
                }

                await _journal.Outbox.BeginSending(delivery.Lease, night.AddMinutes(1), CancellationToken.None);
                var (client, isDocument) = (_journal.StateOf(delivery.Id.Account), delivery.Message is DeliverDocument);
                var isThere = channel == MessageChannel.Sms
                    ? client.Profile!.Phone is not null
                    : client.Profile!.Email is not null && (client.EmailMark is null || (client.EmailMark.Fault == EmailFault.Complaint && isDocument));
                var outcome = !isThere || (bounces && _random.Next(4) == 0) ? DeliveryOutcome.Failed : DeliveryOutcome.Delivered;
                await _journal.Outbox.End(delivery.Lease, outcome, next, null, null, CancellationToken.None);
                if (outcome == DeliveryOutcome.Failed && channel == MessageChannel.Email)
                    await Ask((int)delivery.Id.Account.Value, new SendAnotherWay(delivery.Id, delivery.Message));
                if (bounces && outcome == DeliveryOutcome.Delivered && delivery.Message is SendReminder && _random.Next(6) == 0)
                    await Ask((int)delivery.Id.Account.Value, new TakeBackDelivery(delivery.Id, channel, delivery.Message, "550", Today));
            }
        }

        await _reports.Tell(CancellationToken.None);
    }

    /// <summary>From now on everybody without a group is dunned by another policy.</summary>
    public void ChangePolicy()
    {
        Settings = Settings with { DunningPolicy = Policy(_random) };
        _contexts.Replace(Settings);
    }

    public Task Pay(int account) => Ask(account, Given.Payment($"p{++_named}", _random.Next(100, 600), $"{Today:yyyy-MM-dd}"));

    public Task Promise(int account) => Ask(account, new PromiseToPay(Today.AddDays(_random.Next(1, 12))));

    /// <summary>What was added to an account's journal after a version, turn by turn.</summary>
    public IEnumerable<(DateTime At, List<AccountEvent> Events)> TurnsAfter(int account, long version)
    {
        List<AccountEvent> turn = [];
        var at = default(DateTime);
        foreach (var entry in _journal.EntriesAfter(new AccountId(account), version))
        {
            if (entry.Origin.Command is not null && turn.Count > 0)
            {
                yield return (at, turn);
                turn = [];
            }

            at = entry.Origin.At.UtcDateTime;
            turn.Add(JournalJson.ReadEvent(entry.Name, entry.Payload, entry.Personal));
        }

        if (turn.Count > 0) yield return (at, turn);
    }

    public async Task Invoice(int account)
    {
        await Ask(account, new AddOneOff($"i{++_named}", Today, "item", Quantity.One, Money.Czk(_random.Next(50, 900)), PriceMode.Gross, VatCategory.Standard));
        await Ask(account, new Bill(Today, null, PreviewOnly: false));
    }

    private async Task Ask(int account, AccountCommand command) => Assert.IsNotType<Refused>(
        await _accounts.Ask(new AccountId(account), new Envelope(Writer.NewId(), command, Actor.System("test")), CancellationToken.None));

    private static OutreachRules Rules(Random random) => new()
    {
        FreeWeekends = random.Next(2) == 0 ? true : null,
        HolidaysOf = random.Next(2) == 0 ? "CZ" : null,
        DaysBeforeFree = random.Next(3) is var days and > 0 ? days : null,
        Email = random.Next(2) == 0 ? new SendingWindow(new TimeOnly(8, 0), new TimeOnly(random.Next(2) == 0 ? 11 : 18, 0), random.Next(2) == 0) : null,
        Sms = random.Next(2) == 0 ? new SendingWindow(new TimeOnly(13, 0), new TimeOnly(18, 0), OnFreeDays: false) : null,
    };

    private static DunningPolicy Policy(Random random)
    {
        var first = random.Next(1, 6);
        return new DunningPolicy(
            "drawn",
            [
                new DunningStep("first", first, [Money.Czk(50)], DunningActions.Email, 0) { DeadlineDays = 5 },
                new DunningStep("second", first + random.Next(2, 8), [Money.Czk(100)], DunningActions.Email | DunningActions.Sms | DunningActions.Fee, random.Next(0, 5), Fee: [Money.Czk(50)]),
                new DunningStep("slow", first + 8, [Money.Czk(100)], DunningActions.Sms | DunningActions.Throttle, random.Next(0, 4), Profile: "1M"),
                new DunningStep("block", first + 10, [Money.Czk(200)], DunningActions.Block, random.Next(0, 4)) { AfterDeadline = random.Next(2) == 0 ? true : null },
            ],
            ThankOnClearing: true)
        {
            NoticeDays = random.Next(3) switch { 0 => 0, 1 => 3, _ => null },
        };
    }

    private sealed class GoodFriday : IHolidays
    {
        public IEnumerable<DateOnly> Of(string country, int year) => year == 2026 ? [new DateOnly(2026, 4, 3), new DateOnly(2026, 4, 6)] : [];
    }

    private sealed class Everybody : IReviewStore
    {
        public ValueTask<IReadOnlyList<DueReview>> DueAfter(DateOnly today, DueReview after, int max, CancellationToken cancellation) =>
            ValueTask.FromResult<IReadOnlyList<DueReview>>(
                [.. Enumerable.Range(1, Clients).Where(account => account > after.Account.Value).Take(max).Select(account => new DueReview(today, new AccountId(account)))]);
    }
}
