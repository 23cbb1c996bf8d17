using IspBilling.Domain;
using IspBilling.Http.Clients;

namespace IspBilling.Http.Dunning;

/// <summary>Predicts the dunning steps of an account, assuming that nothing else happens to it.</summary>
internal static class DunningForecast
{
    public static DunningCard Card(AccountState state, DecisionContext context)
    {
        var (dunning, policy) = (state.Dunning, context.DunningPolicy);
        var last = dunning.StepsTaken > 0 && dunning.StepsTaken <= policy.Steps.Length ? policy.Steps[dunning.StepsTaken - 1].Code : null;
        return new DunningCard(last, dunning.LastStepOn, dunning.PromisedUntil, dunning.Exempt, Upcoming(state, policy, context.Today));
    }

    /// <summary>The kinds of action that flags stand for.</summary>
    public static IReadOnlyList<DunningActions> Each(DunningActions actions) =>
        [.. Enum.GetValues<DunningActions>().Where(action => action != DunningActions.None && actions.HasFlag(action))];

    private static List<UpcomingStep> Upcoming(AccountState state, DunningPolicy policy, DateOnly today)
    {
        var upcoming = new List<UpcomingStep>();
        while (upcoming.Count < policy.Steps.Length
            && DunningEvaluation.NextActionFrom(today, state.Debtor, policy) is { } on
            && DunningEvaluation.On(on, state.Debtor, policy).Step is { } index)
        {
            upcoming.Add(new UpcomingStep(on, policy.Steps[index].Code, Each(policy.Steps[index].Actions)));
            state = state with { Dunning = state.Dunning with { StepsTaken = index + 1, LastStepOn = on, PromisedUntil = null } };
            today = on;
        }

        return upcoming;
    }
}
