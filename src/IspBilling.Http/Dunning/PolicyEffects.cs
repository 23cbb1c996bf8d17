using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Effects;
using IspBilling.Http.SettingsHistory;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Http;

namespace IspBilling.Http.Dunning;

/// <summary>
/// Where those who owe would stand after today's review, and what the reviews of the next two weeks would take, by the policy in force and by the draft.
/// </summary>
/// <param name="Revision">Of the policy that the draft was compared with, for <c>If-Match</c>; null when there is none.</param>
/// <param name="Accounts">Accounts that owe something or are restricted.</param>
/// <param name="Changed">Those that would stand otherwise.</param>
/// <param name="Failing">Accounts that cannot be reviewed; they would be parked.</param>
/// <param name="Levels">How many would have which service level.</param>
/// <param name="Steps">How many would stand on which step, and on how many today's review takes it.</param>
/// <param name="Fees">What today's steps would charge.</param>
/// <param name="Examples">The first accounts that would stand otherwise today, at most 20.</param>
/// <param name="Ahead">The days of the next two weeks on which an account's review would do otherwise, if nothing else happens to the accounts until then.</param>
public sealed record PolicyEffectView(
    DateOnly On, long? Revision, long Accounts, long Changed, long Failing, IReadOnlyList<LevelEffectView> Levels, IReadOnlyList<StepEffectView> Steps,
    DifferenceView Fees, IReadOnlyList<StandingExampleView> Examples, IReadOnlyList<ReviewDayView> Ahead);

/// <param name="Changed">Accounts of which that day's review would do otherwise.</param>
/// <param name="Steps">On how many accounts it takes which step.</param>
/// <param name="Fees">What these steps would charge.</param>
public sealed record ReviewDayView(DateOnly On, long Changed, IReadOnlyList<TakenStepView> Steps, DifferenceView Fees);

/// <param name="Code">Of the step.</param>
public sealed record TakenStepView(string Code, long Before, long After);

public sealed record LevelEffectView(ServiceLevel Level, long Before, long After);

/// <param name="Code">Of the step.</param>
/// <param name="TakenBefore">Accounts on which today's review takes it.</param>
/// <param name="Before">Accounts whose last step it is after that.</param>
public sealed record StepEffectView(string Code, long TakenBefore, long TakenAfter, long Before, long After);

/// <param name="Client">The CRM's reference.</param>
public sealed record StandingExampleView(string Client, StandingView Before, StandingView After);

/// <param name="Taken">Code of the step that today's review takes; null when it takes none.</param>
/// <param name="Step">Code of the last step; null before the first.</param>
public sealed record StandingView(ServiceLevel Level, string? Taken, string? Step)
{
    public static StandingView Of(DunningStanding standing) => new(standing.Level, standing.Taken, standing.Step);
}

/// <inheritdoc cref="PolicyEffectView"/>
internal sealed class PolicyEffects(LiveContext contexts, AccountStates accounts, ClientDirectory directory, EffectTurn turn)
{
    private const int ExamplesMax = 20;

    /// <param name="group">Whose policy it would be; null for the policy of all.</param>
    public Task<IResult> Of(HttpContext http, DunningPolicy policy, string? group, CancellationToken cancellation) =>
        turn.Take(http, async () => TypedResults.Ok(Shown(http, await Compute(policy, group, cancellation))));

    private static PolicyEffectView Shown(HttpContext http, PolicyEffectView effect) =>
        EffectTurn.MayNameClients(http) ? effect : effect with { Examples = [] };

    private async Task<PolicyEffectView> Compute(DunningPolicy policy, string? group, CancellationToken cancellation)
    {
        var (settings, today) = (contexts.Settings, contexts.Today);
        var effect = new ReviewEffect(settings.On(today), settings.With(policy, group).On(today), ExamplesMax);
        await foreach (var account in accounts.OfDebtors(cancellation)) effect.Look(account);
        var references = await directory.ReferencesOf([.. effect.Examples.Select(example => example.Account)], cancellation);
        return new PolicyEffectView(
            today, settings.Revisions.Of(SettingKinds.DunningPolicy, group ?? SettingKinds.OnlyOne), effect.Accounts, effect.Changed, effect.Failing,
            [.. effect.Levels.Select(level => new LevelEffectView(level.Key, level.Value.Before, level.Value.After))],
            Steps(effect),
            DifferenceView.Of(effect.FeesBefore, effect.FeesAfter),
            [.. effect.Examples.Select(example => new StandingExampleView(
                references.GetValueOrDefault(example.Account) ?? $"{example.Account}", StandingView.Of(example.Before), StandingView.Of(example.After)))],
            [.. effect.Ahead.Select(ahead => new ReviewDayView(
                ahead.On, ahead.Day.Changed, [.. ahead.Day.Taken.Select(step => new TakenStepView(step.Key, step.Value.Before, step.Value.After))],
                DifferenceView.Of(ahead.Day.FeesBefore, ahead.Day.FeesAfter)))]);
    }

    private static List<StepEffectView> Steps(ReviewEffect effect) =>
    [
        .. from code in effect.Standing.Keys.Union(effect.Taken.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
           let taken = effect.Taken.GetValueOrDefault(code)
           let standing = effect.Standing.GetValueOrDefault(code)
           select new StepEffectView(code, taken.Before, taken.After, standing.Before, standing.After),
    ];
}
