using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Reviews;

namespace IspBilling.Engine.Tests.Effects;

/// <summary>What is planned for two weeks is what then happens, as long as nothing else does.</summary>
public sealed class DunningPlanTests
{
    private const int Days = 14;
    private const int Clients = 40;

    /// <summary>Reviews are of that time.</summary>
    private static readonly TimeOnly Noon = new(12, 0);

    private sealed record Happened(long Account, DateOnly On, string? Step, ServiceLevel Level);

    /// <summary>A provider whose clients owe this and that, of which some was told, some came back, some was paid and some promised.</summary>
    private sealed class World
    {
        private readonly Random _random;
        private readonly HandClock _clock = new("2026-03-02");
        private readonly InMemoryJournal _journal = new();
        private readonly DirectAccounts _accounts;
        private readonly DeliveryReports _reports;
        private readonly ReviewPump _pump;
        private int _named;

        public World(int seed)
        {
            _random = new Random(seed);
            Settings = Given.Settings with { Outreach = Rules(_random), Holidays = new GoodFriday(), DunningPolicy = Policy(_random) };
            Settings = Settings.With(Policy(_random), "businesses");
            var contexts = new LiveContext(_clock, TimeZoneInfo.Utc, Settings);
            _accounts = new DirectAccounts(_journal, contexts);
            _reports = new DeliveryReports(_journal.Outbox, _accounts, TimeZoneInfo.Utc);
            _pump = new ReviewPump(_accounts, new Everybody(), contexts);
        }

        public ProviderSettings Settings { get; }

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
                await Ask(account, client with { Profile = client.Profile with { Group = _random.Next(3) == 0 ? "businesses" : null } });
            }

            for (var day = 0; day < 28; day++)
            {
                for (var account = 1; account <= Clients; account++)
                {
                    if (_random.Next(10) == 0) await Invoice(account);
                    if (_random.Next(30) == 0) await Ask(account, Given.Payment($"p{++_named}", _random.Next(100, 600), $"{Today:yyyy-MM-dd}"));
                    if (_random.Next(25) == 0) await Ask(account, new PromiseToPay(Today.AddDays(_random.Next(0, 12))));
                    if (_random.Next(200) == 0) await Ask(account, new SetDunningExemption(true, "friend"));
                }

                await Day(bounces: true);
            }
        }

        /// <summary>Two weeks in which nothing does, from today on.</summary>
        public async Task<List<Happened>> Run()
        {
            var happened = new List<Happened>();
            for (var day = 0; day < Days; day++)
            {
                var before = States.Select(state => (state.Dunning.Taken, state.Level)).ToList();
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
            await _pump.RunDay(CancellationToken.None);
            await Dispatch(Noon, bounces);
            _clock.MoveTo($"{Today.AddDays(1):yyyy-MM-dd}");
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
                    var outcome = bounces && _random.Next(4) == 0 ? DeliveryOutcome.Failed : DeliveryOutcome.Delivered;
                    await _journal.Outbox.End(delivery.Lease, outcome, next, null, null, CancellationToken.None);
                    if (bounces && outcome == DeliveryOutcome.Delivered && delivery.Message is SendReminder && _random.Next(6) == 0)
                        await Ask((int)delivery.Id.Account.Value, new TakeBackDelivery(delivery.Id, channel, delivery.Message, "550", Today));
                }
            }

            await _reports.Tell(CancellationToken.None);
        }

        private async Task Invoice(int account)
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

    private static DunningPlan Plan(ProviderSettings settings, DateOnly today) => new(
        settings.On, today, Days, settings.HoursOf(MessageChannel.Email, today, TimeZoneInfo.Utc), settings.HoursOf(MessageChannel.Sms, today, TimeZoneInfo.Utc));

    private static bool IsUnderWay(TakenStep taken) =>
        (taken.By.HasFlag(DunningActions.Email) && taken.NoticeBy(MessageChannel.Email) is null)
        || (taken.By.HasFlag(DunningActions.Sms) && taken.NoticeBy(MessageChannel.Sms) is null);

    [Fact]
    public async Task What_is_planned_for_two_weeks_is_what_then_happens()
    {
        var (steps, restricted) = (0, 0);
        for (var seed = 1; seed <= 25; seed++)
        {
            var world = new World(seed);
            await world.Live();
            var plan = Plan(world.Settings, world.Today);
            var planned = world.States.SelectMany(plan.Of).Select(action => new Happened(action.Account.Value, action.On, action.Step, action.Level)).ToHashSet();

            var happened = await world.Run();

            Assert.True(
                planned.SetEquals(happened),
                $"seed {seed}: planned and not done {string.Join(", ", planned.Except(happened))}; done and not planned {string.Join(", ", happened.Except(planned))}");
            steps += happened.Count(one => one.Step is not null);
            restricted += happened.Count(one => one.Level != ServiceLevel.Full);
        }

        Assert.True(steps > 500 && restricted > 50, $"{steps} steps and {restricted} restrictions say too little");
    }

    [Fact]
    public async Task Where_nothing_is_under_way_the_next_review_date_of_an_account_is_the_first_day_of_its_plan()
    {
        var world = new World(7);
        await world.Live();
        var plan = Plan(world.Settings, world.Today);

        foreach (var state in world.States.Where(state => !state.Dunning.Taken.Any(IsUnderWay)))
        {
            var next = DunningEvaluation.NextActionFrom(world.Today, state.Debtor, world.Settings.On(world.Today).DunningOf(state));
            Assert.Equal(next <= plan.Through ? next : null, plan.Of(state) is [var first, ..] ? first.On : null);
        }
    }
}
