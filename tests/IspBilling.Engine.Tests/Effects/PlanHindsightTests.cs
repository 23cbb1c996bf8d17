using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Tests.Effects;

/// <summary>What became of a plan: whatever was done otherwise names what made it so, and what was done as planned names nothing.</summary>
public sealed class PlanHindsightTests
{
    private const int Seeds = 25;

    [Fact]
    public async Task Where_nothing_else_happened_nothing_differs()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var (world, before) = await Begin(seed);
            await world.Run(DunningWorld.NothingElse);

            for (var account = 1; account <= DunningWorld.Clients; account++)
            {
                var review = Look(world, before, account, settings: null);
                Assert.True(review.Differences.IsEmpty, $"seed {seed}, account {account}: {string.Join("; ", review.Differences)}");
            }
        }
    }

    /// <summary>The plan, with each difference carried out on it in turn, comes out at what was done; and each difference is of a turn that was not dunning's own.</summary>
    [Fact]
    public async Task A_difference_names_the_payment_the_promise_or_the_invoice_that_made_it()
    {
        var named = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var (world, before) = await Begin(seed);
            var random = new Random(seed);
            await world.Run(async _ =>
            {
                for (var account = 1; account <= DunningWorld.Clients; account += 2)
                {
                    if (random.Next(10) == 0) await (random.Next(3) switch { 0 => world.Pay(account), 1 => world.Promise(account), _ => world.Invoice(account) });
                }
            });

            for (var account = 1; account <= DunningWorld.Clients; account++)
            {
                var where = $"seed {seed}, account {account}";
                var review = Look(world, before, account, settings: null);
                var turns = world.TurnsAfter(account, before.States[account - 1].Version).ToList();
                foreach (var difference in review.Differences)
                {
                    Assert.True(difference.Cause == PlanCause.Event, $"{where}: {difference}");
                    Assert.True(turns[difference.Station!.Value].Events.Exists(IsForeign), $"{where}: {difference} is of {turns[difference.Station.Value].Events[0]}");
                    Assert.Equal(DateOnly.FromDateTime(turns[difference.Station.Value].At), difference.On);
                    named++;
                }

                Assert.Equal(Done(world, before, account), CarriedOut(review, account));
            }
        }

        Assert.True(named > 200, $"{named} differences say too little");
    }

    [Fact]
    public async Task A_policy_that_changed_is_named_as_the_setting_that_made_the_difference()
    {
        var named = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var (world, before) = await Begin(seed);
            var (changedOn, terms) = (default(DateOnly), default(PlanTerms));
            await world.Run(day =>
            {
                if (day != 5) return Task.CompletedTask;
                world.ChangePolicy();
                (changedOn, terms) = (world.Today, world.Settings.PlanTerms(TimeZoneInfo.Utc));
                return Task.CompletedTask;
            });

            for (var account = 1; account <= DunningWorld.Clients; account++)
            {
                var review = Look(world, before, account, (changedOn, terms!));
                Assert.All(review.Differences, difference => Assert.Equal((PlanCause.Setting, changedOn), (difference.Cause, difference.On)));
                Assert.Equal(Done(world, before, account), CarriedOut(review, account));
                named += review.Differences.Length;
            }
        }

        Assert.True(named > 50, $"{named} differences say too little");
    }

    /// <summary>A message that a target held back for days: the day passes, and the plan after it is another one.</summary>
    [Fact]
    public void A_day_that_passes_without_what_was_planned_for_it_is_told()
    {
        var policy = new DunningPolicy("short", [new DunningStep("first", 1, [Money.Czk(1)], DunningActions.Email, 0)], ThankOnClearing: false);
        var settings = Given.Settings with { DunningPolicy = policy };
        var today = new DateOnly(2026, 3, 2);
        var account = Debtor(settings, today.AddDays(-15));

        var review = PlanHindsight.Of(account, settings.PlanTerms(TimeZoneInfo.Utc), PlanDays.Of(today, 7), [], today.AddDays(2));

        Assert.Equal([today, today.AddDays(1)], review.Differences.Select(difference => difference.On));
        Assert.All(review.Differences, difference => Assert.Equal(PlanCause.NotDone, difference.Cause));
        Assert.Equal((today, "first"), (review.Planned.Single().On, review.Planned.Single().Step));
        Assert.Equal((today.AddDays(2), "first"), (review.Ahead.Single().On, review.Ahead.Single().Step));
    }

    private static AccountState Debtor(ProviderSettings settings, DateOnly issued)
    {
        AccountCommand[] asked = [Given.Client(), new AddOneOff("router", issued, "Router", Quantity.One, Money.Czk(500), PriceMode.Gross, VatCategory.Standard), new Bill(issued, null, PreviewOnly: false)];
        return asked.Aggregate(AccountState.New(new AccountId(1)), (state, command) => AccountDecider.Decide(state, command, settings.On(issued)).State);
    }

    private sealed record Beginning(DateOnly On, AccountState[] States, PlanTerms Terms);

    private static async Task<(DunningWorld World, Beginning Before)> Begin(int seed)
    {
        var world = new DunningWorld(seed);
        await world.Live();
        return (world, new Beginning(world.Today, [.. world.States], world.Settings.PlanTerms(TimeZoneInfo.Utc)));
    }

    private static PlanReview Look(DunningWorld world, Beginning before, int account, (DateOnly On, PlanTerms Terms)? settings)
    {
        var state = before.States[account - 1];
        List<PlanStation> stations = [.. world.TurnsAfter(account, state.Version).Select(turn => new PlanStation(DateOnly.FromDateTime(turn.At), TimeOnly.FromDateTime(turn.At), [.. turn.Events], Terms: null))];
        if (settings is { } changed)
        {
            var at = stations.FindIndex(station => station.On >= changed.On);
            stations.Insert(at < 0 ? stations.Count : at, new PlanStation(changed.On, TimeOnly.MinValue, [], changed.Terms));
        }

        return PlanHindsight.Of(state, before.Terms, PlanDays.Of(before.On, DunningWorld.Days), stations, world.Today);
    }

    /// <summary>By what it is told apart: not by dunning's own answers to it, which stand in a turn of their own or behind it in the same.</summary>
    private static bool IsForeign(AccountEvent happened) => happened is PaymentBooked or PromiseMade or DocumentIssued or OneOffAdded;

    /// <summary>What each turn did, from its events alone.</summary>
    private static List<(DateOnly On, string? Step, ServiceLevel Level)> Done(DunningWorld world, Beginning before, int account)
    {
        var (done, level) = (new List<(DateOnly On, string? Step, ServiceLevel Level)>(), before.States[account - 1].Level);
        foreach (var (at, events) in world.TurnsAfter(account, before.States[account - 1].Version))
        {
            var (step, was) = (events.OfType<DunningStepTaken>().LastOrDefault()?.Code, level);
            level = events.OfType<ServiceLevelChanged>().LastOrDefault()?.Level ?? level;
            if (step is not null || level != was) done.Add((DateOnly.FromDateTime(at), step, level));
        }

        return [.. done.Order()];
    }

    private static List<(DateOnly On, string? Step, ServiceLevel Level)> CarriedOut(PlanReview review, int account)
    {
        List<(DateOnly On, string? Step, ServiceLevel Level, Money Debt)> plan = [.. review.Planned.Select(Of)];
        foreach (var difference in review.Differences)
        {
            foreach (var gone in difference.Gone) Assert.True(plan.Remove(Of(gone)), $"account {account}: {gone} was not planned");
            plan.AddRange(difference.Come.Select(Of));
        }

        return [.. plan.Select(action => (action.On, action.Step, action.Level)).Order()];

        static (DateOnly, string?, ServiceLevel, Money) Of(PlannedAction action) => (action.On, action.Step, action.Level, action.Debt);
    }
}
