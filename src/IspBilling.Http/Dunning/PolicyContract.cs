using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Dunning;

/// <summary>The ordered steps from the first reminder to blocking.</summary>
/// <param name="ThankOnClearing">Send a thank-you when the debt is cleared after a step.</param>
public sealed record DunningPolicyView(string Name, IReadOnlyList<DunningStepView> Steps, bool ThankOnClearing = true)
{
    private const int NameMax = 100;

    public DunningPolicy Read(Faults faults)
    {
        if (Steps.Count > DunningPolicy.MaxSteps) faults.Add("steps", $"at most {DunningPolicy.MaxSteps} steps");
        var steps = Steps.Select((step, i) => step.Read($"steps[{i}]", faults)).ToImmutableArray();
        for (var i = 1; i < steps.Length; i++)
        {
            if (steps[i].DaysOverdue < steps[i - 1].DaysOverdue) faults.Add($"steps[{i}].daysOverdue", "not before the step before");
            if (steps.Take(i).Any(earlier => earlier.Code == steps[i].Code)) faults.Add($"steps[{i}].code", "each code once");
        }

        // Nothing is taken from a client who has not been told: such a policy would never act.
        if (steps is [{ IsRestrictive: true }, ..]) faults.Add("steps[0].actions", "the first step tells the client, it takes nothing away");
        return new DunningPolicy(faults.Text("name", Name, NameMax), steps, ThankOnClearing);
    }

    public static DunningPolicyView Of(DunningPolicy policy) => new(policy.Name, [.. policy.Steps.Select(DunningStepView.Of)], policy.ThankOnClearing);
}

/// <param name="DaysOverdue">Days since the due date of the oldest overdue document.</param>
/// <param name="MinimumDebt">Overdue debt from which the step applies.</param>
/// <param name="LeastDaysSincePrevious">Days since the step really taken before, whatever the calendar says.</param>
/// <param name="Fee">What the action <c>fee</c> charges with the next document.</param>
/// <param name="Profile">Network profile of the action <c>throttle</c>.</param>
public sealed record DunningStepView(
    string Code,
    int DaysOverdue,
    MoneyAmount MinimumDebt,
    IReadOnlyList<DunningActions> Actions,
    int LeastDaysSincePrevious = 0,
    MoneyAmount? Fee = null,
    string? Profile = null)
{
    private const int CodeMax = 40;
    private const int DaysMax = 3_650;

    public DunningStep Read(string field, Faults faults)
    {
        var actions = Actions.Aggregate(DunningActions.None, (all, one) => all | one);
        if (actions == DunningActions.None) faults.Add($"{field}.actions", "at least one action");
        if (DaysOverdue is < 1 or > DaysMax) faults.Add($"{field}.daysOverdue", $"1 to {DaysMax} expected");
        if (LeastDaysSincePrevious is < 0 or > DaysMax) faults.Add($"{field}.leastDaysSincePrevious", $"0 to {DaysMax} expected");
        if (actions.HasFlag(DunningActions.Fee) != Fee is not null) faults.Add($"{field}.fee", "goes with the action fee");
        if (actions.HasFlag(DunningActions.Throttle) && string.IsNullOrWhiteSpace(Profile)) faults.Add($"{field}.profile", "needed by the action throttle");
        var minimum = faults.Amount($"{field}.minimumDebt", MinimumDebt);
        if (minimum.IsNegative) faults.Add($"{field}.minimumDebt", "not negative");
        var fee = Fee is null ? default(Money?) : faults.Amount($"{field}.fee", Fee);
        if (fee is { IsPositive: false }) faults.Add($"{field}.fee", "above 0");
        return new DunningStep(
            faults.Text($"{field}.code", Code, CodeMax), DaysOverdue, minimum, actions, LeastDaysSincePrevious, fee, faults.OptionalText($"{field}.profile", Profile));
    }

    public static DunningStepView Of(DunningStep step) => new(
        step.Code, step.DaysOverdue, MoneyAmount.Of(step.MinimumDebt), DunningForecast.Each(step.Actions), step.LeastDaysSincePrevious,
        step.Fee is { } fee ? MoneyAmount.Of(fee) : null, step.Profile);
}
