using IspBilling.Domain;

namespace IspBilling.Desk.Clients;

/// <summary>Predicts the dunning steps of an account, assuming that nothing else happens to it.</summary>
internal static class DunningForecast
{
    public static DunningCard Card(AccountState state, DecisionContext context)
    {
        var (dunning, policy) = (state.Dunning, context.DunningOf(state).Policy);
        return new DunningCard(
            dunning.Last?.Code, dunning.Last?.On,
            DunningEvaluation.IsPromised(context.Today, state.Debtor, policy) ? dunning.PromisedUntil : null,
            dunning.Exempt, Upcoming(state, context), context.PolicyRevision);
    }

    /// <summary>The account's own decisions on the days on which it would make them.</summary>
    private static List<UpcomingStep> Upcoming(AccountState state, DecisionContext context)
    {
        var (upcoming, policy) = (new List<UpcomingStep>(), context.DunningOf(state).Policy);
        for (var looks = 0; looks < 2 * policy.Steps.Length && DunningEvaluation.NextActionFrom(context.Today, state.Debtor, context.DunningOf(state)) is { } on; looks++)
        {
            context = context with { Today = on };
            var decision = AccountDecider.Decide(state, new Review(), context);
            foreach (var step in decision.Events.OfType<DunningStepTaken>()) upcoming.Add(new UpcomingStep(on, step.Code, step.Actions.Each()));
            state = decision.State;
        }

        return upcoming;
    }
}
