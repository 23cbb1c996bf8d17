using FsCheck;
using FsCheck.Fluent;

namespace IspBilling.Domain.Tests.Properties;

/// <summary>Dunning over random debts, policies and days.</summary>
public class DunningProperties
{
    public sealed record Debt(int DueIn, int OpenMinor, bool Disputed);

    public sealed record Step(int DaysOverdue, int MinimumMinor, DunningActions Actions, int LeastDays);

    public sealed record Situation(IReadOnlyList<Debt> Debts, IReadOnlyList<Step> Steps, int Taken, int LastStepAgo, int? PromisedFor, bool Exempt, ServiceLevel Level)
    {
        public override string ToString() => string.Join(Environment.NewLine, [.. Debts, .. Steps, $"{Taken} {LastStepAgo} {PromisedFor} {Exempt} {Level}"]);
    }

    private static readonly DateOnly Today = Given.Day("2026-06-01");

    private static readonly Arbitrary<Situation> Situations = Arb.From(
        from debts in (from due in Gen.Choose(-90, 60) from open in Gen.Elements(0, 1, 4999, 10_000, 49_900) from disputed in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
                       select new Debt(due, open, disputed)).ListOf().Resize(5)
        from steps in (from days in Gen.Choose(0, 60) from minimum in Gen.Elements(1, 5000, 10_000, 60_000)
                       from actions in Gen.Elements(DunningActions.Email, DunningActions.Sms, DunningActions.Throttle, DunningActions.Email | DunningActions.Block, DunningActions.NotifyCollections)
                       from least in Gen.Choose(0, 20)
                       select new Step(days, minimum, actions, least)).ListOf().Resize(6)
        from taken in Gen.Choose(0, 6)
        from ago in Gen.Choose(0, 40)
        from promised in Gen.Frequency((2, Gen.Constant<int?>(null)), (1, Gen.Choose(-5, 40).Select(days => (int?)days)))
        from exempt in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
        from level in Gen.Elements(ServiceLevel.Full, ServiceLevel.Full, ServiceLevel.Throttled, ServiceLevel.Blocked)
        select new Situation([.. debts], [.. steps.OrderBy(step => step.DaysOverdue)], Math.Min(taken, steps.Count), ago, promised, exempt, level));

    private static (AccountState State, DunningPolicy Policy) Of(Situation situation)
    {
        var documents = situation.Debts.Select((debt, i) => new OpenDocument(
            i + 1, DocumentKind.Invoice, $"{i}", Today.AddDays(debt.DueIn - 14), Today.AddDays(debt.DueIn), null,
            Money.Czk(1000), Money.Czk(1000) - new Money(debt.OpenMinor, Currency.Czk), debt.Disputed, []));
        var policy = new DunningPolicy(
            "random",
            [.. situation.Steps.Select((step, i) => new DunningStep($"s{i}", step.DaysOverdue, new Money(step.MinimumMinor, Currency.Czk), step.Actions, step.LeastDays))],
            false);
        var state = AccountState.New(new AccountId(1)) with
        {
            Status = AccountStatus.Open,
            Profile = Given.Client,
            Documents = [.. documents],
            LastDocument = situation.Debts.Count,
            Balance = new Money(situation.Debts.Sum(debt => debt.OpenMinor), Currency.Czk),
            Dunning = new DunningState(
                situation.Taken, situation.Taken > 0 ? Today.AddDays(-situation.LastStepAgo) : null,
                situation.PromisedFor is { } days ? Today.AddDays(days) : null, situation.Exempt),
            Level = situation.Level,
        };
        return (state, policy);
    }

    [Fact]
    public void The_next_day_of_action_is_exact() => Prop.ForAll(Situations, situation =>
    {
        var (state, policy) = Of(situation);

        var next = DunningEvaluation.NextActionFrom(Today, state.Debtor, policy);

        var searched = Enumerable.Range(0, 400).Select(Today.AddDays).Where(day => DunningEvaluation.On(day, state.Debtor, policy).Acts).Select(day => (DateOnly?)day)
            .FirstOrDefault();
        Assert.Equal(searched, next);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(600));

    [Fact]
    public void A_second_review_on_a_day_does_nothing_and_no_review_takes_two_steps() => Prop.ForAll(Situations, situation =>
    {
        var (state, policy) = Of(situation);
        var context = Given.Context(Today, Given.Gross(1, 499)) with { DunningPolicy = policy };
        for (var day = 0; day < 120; day++)
        {
            context = context with { Today = Today.AddDays(day) };
            var first = AccountDecider.Decide(state, new Review(), context);
            Assert.InRange(first.Events.Count(happened => happened is DunningStepTaken), 0, 1);
            Assert.True(AccountDecider.Decide(first.State, new Review(), context).ChangesNothing);
            state = first.State;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void Steps_only_go_forward_and_what_restricts_waits_its_days_after_something_sent() => Prop.ForAll(Situations, situation =>
    {
        var (state, policy) = Of(situation);
        var context = Given.Context(Today, Given.Gross(1, 499)) with { DunningPolicy = policy };
        var (last, taken) = (state.Dunning.LastStepOn, state.Dunning.StepsTaken);
        for (var day = 0; day < 120; day++)
        {
            context = context with { Today = Today.AddDays(day) };
            var decision = AccountDecider.Decide(state, new Review(), context);
            foreach (var happened in decision.Events)
            {
                if (happened is DunningCleared) (last, taken) = (null, 0);
                if (happened is not DunningStepTaken step) continue;
                var rule = policy.Steps[step.Step];
                Assert.True(step.Step >= taken);
                Assert.True(step.Debt >= rule.MinimumDebt);
                if (rule.IsRestrictive) Assert.True(last is not null);
                if (last is { } before) Assert.True(before.AddDays(rule.LeastDaysSincePrevious) <= context.Today);
                (last, taken) = (step.On, step.Step + 1);
            }

            state = decision.State;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void Reviewing_only_on_the_announced_days_does_the_same_as_reviewing_every_day() => Prop.ForAll(Situations, situation =>
    {
        var (state, policy) = Of(situation);
        var context = Given.Context(Today, Given.Gross(1, 499)) with { DunningPolicy = policy };

        Assert.Equal(Steps(everyDay: true), Steps(everyDay: false));

        List<AccountEvent> Steps(bool everyDay)
        {
            var (current, events) = (state, new List<AccountEvent>());
            for (var day = 0; day < 120; day++)
            {
                var on = context with { Today = Today.AddDays(day) };
                if (!everyDay && DunningEvaluation.NextActionFrom(on.Today, current.Debtor, policy) != on.Today) continue;
                var decision = AccountDecider.Decide(current, new Review(), on);
                events.AddRange(decision.Events);
                current = decision.State;
            }

            return events;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
}
