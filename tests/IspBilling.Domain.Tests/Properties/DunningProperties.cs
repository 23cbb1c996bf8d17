using FsCheck;
using FsCheck.Fluent;

namespace IspBilling.Domain.Tests.Properties;

/// <summary>Dunning over random debts, policies and days.</summary>
public class DunningProperties
{
    public sealed record Debt(int DueIn, int OpenMinor, bool Disputed);

    public sealed record Step(int DaysOverdue, int MinimumMinor, DunningActions Actions, int LeastDays);

    public sealed record Situation(
        IReadOnlyList<Debt> Debts, IReadOnlyList<Step> Steps, int Taken, int LastStepAgo, int? PromisedFor, bool Exempt, ServiceLevel Level, int ToleranceMinor,
        int? RestoredAgo)
    {
        public override string ToString() => string.Join(Environment.NewLine, [.. Debts, .. Steps, $"{Taken} {LastStepAgo} {PromisedFor} {Exempt} {Level} {ToleranceMinor} {RestoredAgo}"]);
    }

    private static readonly DateOnly Today = Given.Day("2026-06-01");

    private static readonly Arbitrary<Situation> Situations = Arb.From(
        from debts in (from due in Gen.Choose(-90, 60)
                       from open in Gen.Elements(0, 1, 4999, 10_000, 49_900)
                       from disputed in Gen.Frequency((4, Gen.Constant(false)), (1, Gen.Constant(true)))
                       select new Debt(due, open, disputed)).ListOf().Resize(5)
        from steps in (from days in Gen.Choose(0, 60)
                       from minimum in Gen.Elements(1, 5000, 10_000, 60_000)
                       from actions in Gen.Elements(DunningActions.Email, DunningActions.Sms, DunningActions.Throttle, DunningActions.Email | DunningActions.Block, DunningActions.NotifyCollections)
                       from least in Gen.Choose(0, 20)
                       select new Step(days, minimum, actions, least)).ListOf().Resize(6)
        from taken in Gen.Choose(0, 6)
        from ago in Gen.Choose(0, 40)
        from promised in Gen.Frequency((2, Gen.Constant<int?>(null)), (1, Gen.Choose(-5, 40).Select(days => (int?)days)))
        from exempt in Gen.Frequency((6, Gen.Constant(false)), (1, Gen.Constant(true)))
        from level in Gen.Elements(ServiceLevel.Full, ServiceLevel.Full, ServiceLevel.Throttled, ServiceLevel.Blocked)
        from tolerance in Gen.Elements(0, 0, 5000)
        from restored in Gen.Frequency((5, Gen.Constant<int?>(null)), (1, Gen.Choose(0, 30).Select(days => (int?)days)))
        select new Situation([.. debts], [.. steps.OrderBy(step => step.DaysOverdue)], Math.Min(taken, steps.Count), ago, promised, exempt, level, tolerance, restored));

    private static (AccountState State, DunningPolicy Policy) Of(Situation situation)
    {
        var documents = situation.Debts.Select((debt, i) => new OpenDocument(
            i + 1, DocumentKind.Invoice, $"{i}", Today.AddDays(debt.DueIn - 14), Today.AddDays(debt.DueIn), null,
            Money.Czk(1000), Money.Czk(1000) - new Money(debt.OpenMinor, Currency.Czk), debt.Disputed, []));
        var policy = new DunningPolicy(
            "random",
            [.. situation.Steps.Select((step, i) => new DunningStep($"s{i}", step.DaysOverdue, [new Money(step.MinimumMinor, Currency.Czk)], step.Actions, step.LeastDays))],
            false,
            situation.ToleranceMinor == 0 ? null : [new Money(situation.ToleranceMinor, Currency.Czk)])
        {
            NoticeDays = situation.Debts.Count,
        };
        var state = AccountState.New(new AccountId(1)) with
        {
            Status = AccountStatus.Open,
            Profile = Given.Client,
            Documents = [.. documents],
            LastDocument = situation.Debts.Count,
            Balance = new Money(situation.Debts.Sum(debt => debt.OpenMinor), Currency.Czk),
            Dunning = new DunningState(
                [
                    .. policy.Steps.Take(situation.Taken).Select((step, i) =>
                    {
                        var on = Today.AddDays(-situation.LastStepAgo - (4 * (situation.Taken - 1 - i)));
                        return new TakenStep(step.Code, on, step.IsMessage ? on : null, policy.Steps.Take(i).Any(before => before.IsMessage) ? on.AddDays(-4) : null)
                        {
                            By = step.Channels,
                        };
                    }),
                ],
                situation.PromisedFor is { } days ? Today.AddDays(days) : null, situation.Debts.Count, situation.Exempt,
                situation.RestoredAgo is { } ago ? Today.AddDays(-ago) : null),
            Level = situation.Level,
        };
        return (state, policy);
    }

    /// <summary>The account after its reminders of that day were accepted, or, every third day, refused.</summary>
    private static AccountState Delivered(Decision decision, DecisionContext context)
    {
        var state = decision.State;
        foreach (var reminder in decision.Messages.OfType<SendReminder>())
        {
            var outcome = context.Today.DayNumber % 3 == 0 ? DeliveryOutcome.Failed : DeliveryOutcome.Delivered;
            var report = new RecordDelivery(new DeliveryId(state.Id, state.Version, 1), reminder.GoesBy()[0], reminder, outcome, context.Today);
            state = AccountDecider.Decide(state, report, context).State;
        }

        return state;
    }

    [Fact]
    public void The_next_day_of_action_is_exact() => Prop.ForAll(Situations, situation =>
    {
        var (state, policy) = Of(situation);

        var next = DunningEvaluation.NextActionFrom(Today, state.Debtor, policy);

        var searched = Enumerable.Range(0, 400).Select(Today.AddDays).Where(day => DunningEvaluation.On(day, state.Debtor, policy).Acts).Select(day => (DateOnly?)day)
            .FirstOrDefault();
        Assert.Equal(searched, next);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

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
            state = Delivered(first, context);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Nothing_is_taken_away_before_a_message_about_the_debt_and_nothing_stays_taken_away_without_a_step_that_is_reached() => Prop.ForAll(Situations, situation =>
    {
        var (state, policy) = Of(situation with { Taken = 0, Level = ServiceLevel.Full });
        var context = Given.Context(Today, Given.Gross(1, 499)) with { DunningPolicy = policy };
        var taken = new Dictionary<string, DateOnly>();
        for (var day = 0; day < 120; day++)
        {
            context = context with { Today = Today.AddDays(day) };
            var overdue = state.Documents.Where(document => !document.Disputed && document.Open.IsPositive && document.DueOn < context.Today).ToList();
            var decision = AccountDecider.Decide(state, new Review(), context);
            foreach (var step in decision.Events.OfType<DunningStepTaken>())
            {
                var rule = policy.Steps[step.Step];
                var oldest = overdue.Min(document => document.DueOn);
                Assert.Equal(overdue.Sum(document => document.Open.Minor), step.Debt.Minor);
                Assert.True(step.Debt >= rule.MinimumDebt[0]);
                Assert.True(context.Today.DayNumber - oldest.DayNumber >= rule.DaysOverdue);
                if (rule.IsRestrictive) Assert.Contains(policy.Steps, message => message.IsMessage && taken.TryGetValue(message.Code, out var on) && on > oldest && context.Today >= on.AddDays(policy.NoticeDays!.Value));
                if (step.On.DayNumber % 3 != 0 || rule.IsRestrictive) taken[step.Code] = step.On;
            }

            state = Delivered(decision, context);
            if (state.Level == ServiceLevel.Full) continue;
            Assert.Contains(policy.Steps, step => step.Level == state.Level && taken.ContainsKey(step.Code)
                && overdue.Sum(document => document.Open.Minor) >= step.MinimumDebt[0].Minor);
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Reviewing_only_on_the_announced_days_does_the_same_as_reviewing_every_day() => Prop.ForAll(Situations, situation =>
    {
        var (state, policy) = Of(situation);
        var context = Given.Context(Today, Given.Gross(1, 499)) with { DunningPolicy = policy };

        Assert.Equal(Happened(everyDay: true), Happened(everyDay: false));

        List<AccountEvent> Happened(bool everyDay)
        {
            var (current, events) = (state, new List<AccountEvent>());
            for (var day = 0; day < 120; day++)
            {
                var on = context with { Today = Today.AddDays(day) };
                if (!everyDay && DunningEvaluation.NextActionFrom(on.Today, current.Debtor, policy) != on.Today) continue;
                var decision = AccountDecider.Decide(current, new Review(), on);
                events.AddRange(decision.Events);
                current = Delivered(decision, on);
            }

            return events;
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
}
