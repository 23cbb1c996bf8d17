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
    private static DunningPlan Plan(DunningWorld world) => new(world.Settings.PlanTerms(TimeZoneInfo.Utc), world.Today, DunningWorld.Days);

    private static bool IsUnderWay(TakenStep taken) =>
        (taken.By.HasFlag(DunningActions.Email) && taken.NoticeBy(MessageChannel.Email) is null)
        || (taken.By.HasFlag(DunningActions.Sms) && taken.NoticeBy(MessageChannel.Sms) is null);

    [Fact]
    public async Task What_is_planned_for_two_weeks_is_what_then_happens()
    {
        var (steps, restricted) = (0, 0);
        for (var seed = 1; seed <= 25; seed++)
        {
            var world = new DunningWorld(seed);
            await world.Live();
            var plan = Plan(world);
            var planned = world.States.SelectMany(plan.Of).Select(action => new Happened(action.Account.Value, action.On, action.Step, action.Level)).ToHashSet();

            var happened = await world.Run(DunningWorld.NothingElse);

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
        var world = new DunningWorld(7);
        await world.Live();
        var plan = Plan(world);

        foreach (var state in world.States.Where(state => !state.Dunning.Taken.Any(IsUnderWay)))
        {
            var next = DunningEvaluation.NextActionFrom(world.Today, state.Debtor, world.Settings.On(world.Today).DunningOf(state));
            Assert.Equal(next <= plan.Through ? next : null, plan.Of(state) is [var first, ..] ? first.On : null);
        }
    }
}
