namespace IspBilling.Domain;

/// <summary>The dunning step that comes next if nothing else happens to an account.</summary>
/// <param name="On">The day on which the account will take it.</param>
/// <param name="PayBy">The last day on which a payment keeps it from being taken.</param>
public readonly record struct NextDunningStep(string Code, DateOnly On, DateOnly PayBy, DunningActions Actions)
{
    /// <summary>The account's own decisions on the days on which it would make them; null when it would take no step.</summary>
    public static NextDunningStep? Of(AccountState state, DecisionContext context)
    {
        var policy = context.DunningPolicy;
        // A look that takes no step changes a level or clears: two for each step are more than there can be.
        for (var looks = 0; looks < 2 * policy.Steps.Length && DunningEvaluation.NextActionFrom(context.Today, state.Debtor, policy) is { } on; looks++)
        {
            context = context with { Today = on };
            var decision = AccountDecider.Decide(state, new Review(), context);
            if (decision.Events.OfType<DunningStepTaken>().FirstOrDefault() is { } taken) return new NextDunningStep(taken.Code, on, on.AddDays(-1), taken.Actions);
            state = decision.State;
        }

        return null;
    }
}
