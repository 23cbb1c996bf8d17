using IspBilling.Domain;
using IspBilling.Http.Clients;

namespace IspBilling.Http.Dunning;

/// <summary>Predicts the dunning steps of an account, assuming that nothing else happens to it.</summary>
internal static class DunningForecast
{
    public static DunningCard Card(AccountState state, DecisionContext context)
    {
        var (dunning, policy) = (state.Dunning, context.DunningPolicy);
        return new DunningCard(
            dunning.Last?.Code, dunning.Last?.On,
            DunningEvaluation.IsPromised(context.Today, state.Debtor, policy) ? dunning.PromisedUntil : null,
            dunning.Exempt, Upcoming(state, context));
    }

    /// <summary>The kinds of action that flags stand for.</summary>
    public static IReadOnlyList<DunningActions> Each(DunningActions actions) =>
        [.. Enum.GetValues<DunningActions>().Where(action => action != DunningActions.None && actions.HasFlag(action))];

    /// <summary>The account's own decisions on the days on which it would make them.</summary>
    private static List<UpcomingStep> Upcoming(AccountState state, DecisionContext context)
    {
        var (upcoming, policy) = (new List<UpcomingStep>(), context.DunningPolicy);
        for (var looks = 0; looks < 2 * policy.Steps.Length && DunningEvaluation.NextActionFrom(context.Today, state.Debtor, policy) is { } on; looks++)
        {
            context = context with { Today = on };
            var decision = AccountDecider.Decide(state, new Review(), context);
            foreach (var step in decision.Events.OfType<DunningStepTaken>()) upcoming.Add(new UpcomingStep(on, step.Code, Each(step.Actions)));
            state = decision.State;
        }

        return upcoming;
    }
}
