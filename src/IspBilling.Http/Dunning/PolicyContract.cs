using System.Collections.Immutable;
using IspBilling.Desk.Checks;
using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Dunning;

/// <summary>The ordered steps from the first reminder to blocking. Amounts are given for each currency that issuers invoice in.</summary>
/// <example>
/// {"name":"standard","steps":[{"code":"reminder","daysOverdue":5,"minimumDebt":[{"amount":"50.00","currency":"CZK"}],"actions":["email"]}],"reason":"reminded by e-mail alone"}
/// </example>
/// <param name="ThankOnClearing">Send a thank-you when the debt is cleared after a step.</param>
/// <param name="Tolerance">Overdue debt up to this stays visible and has no other consequence; none unless given.</param>
/// <param name="NoticeDays">
/// Days that pass between a message that a target accepted and whatever is taken away; 0 to 60, and 7 unless given.
/// </param>
/// <param name="WhenMailReturns">How what does not arrive by e-mail goes instead: reminders as short messages, documents as letters. Every way there is unless given; empty for none.</param>
/// <param name="Reason">Why, for whoever asks later; at most 500 characters. Needed when steps or tolerance of a policy change: others are dunned, or otherwise.</param>
public sealed record DunningPolicyRequest(
    string Name, IReadOnlyList<DunningStepView> Steps, bool ThankOnClearing = true, IReadOnlyList<MoneyAmount>? Tolerance = null, string? Reason = null,
    int? NoticeDays = null, IReadOnlyList<OtherWays>? WhenMailReturns = null)
{
    private const int NameMax = 100;
    private const int NoticeDaysMax = 60;

    /// <param name="billed">The currencies that issuers invoice in.</param>
    public DunningPolicy Read(Faults faults, IReadOnlyCollection<Currency> billed)
    {
        if (Steps.Count > DunningPolicy.MaxSteps) faults.Add("steps", $"at most {DunningPolicy.MaxSteps} steps");
        var steps = Steps.Select((step, i) => step.Read($"steps[{i}]", faults)).ToImmutableArray();
        for (var i = 1; i < steps.Length; i++)
        {
            if (steps[i].DaysOverdue < steps[i - 1].DaysOverdue) faults.Add($"steps[{i}].daysOverdue", "not before the step before");
            if (steps.Take(i).Any(earlier => earlier.Code == steps[i].Code)) faults.Add($"steps[{i}].code", "each code once");
        }

        var tolerance = Tolerance is { Count: > 0 } tolerances ? faults.Amounts("tolerance", tolerances) : null;
        if (tolerance?.Any(amount => amount.IsNegative) is true) faults.Add("tolerance", "not negative");
        if (NoticeDays is < 0 or > NoticeDaysMax) faults.Add("noticeDays", $"0 to {NoticeDaysMax} expected");
        var policy = new DunningPolicy(faults.Text("name", Name, NameMax), steps, ThankOnClearing, tolerance)
        {
            NoticeDays = NoticeDays,
            WhenMailReturns = WhenMailReturns?.Aggregate(OtherWays.None, (all, one) => all | one),
        };
        if (faults.Any) return policy;
        foreach (var problem in PolicyProblems.Of(policy, billed).Where(problem => problem.IsRefused)) faults.Add(problem.Field, problem.Reason);
        return policy;
    }
}

/// <inheritdoc cref="DunningPolicyRequest"/>
/// <param name="Problems">What of the policy has no effect, and who is not reminded by it.</param>
public sealed record DunningPolicyView(
    string Name, IReadOnlyList<DunningStepView> Steps, bool ThankOnClearing, IReadOnlyList<MoneyAmount> Tolerance, IReadOnlyList<PolicyProblemView> Problems,
    int NoticeDays, IReadOnlyList<OtherWays> WhenMailReturns)
{
    public static DunningPolicyView Of(DunningPolicy policy, IReadOnlyCollection<Currency> billed) => new(
        policy.Name, [.. policy.Steps.Select(DunningStepView.Of)], policy.ThankOnClearing, [.. (policy.Tolerance ?? CurrencyAmounts.None).Select(MoneyAmount.Of)],
        Leftovers.OfPolicy(policy, billed), policy.LeastNoticeDays,
        [.. new[] { OtherWays.Sms, OtherWays.Letter }.Where(way => policy.OtherWaysOfMail.HasFlag(way))]);
}

/// <param name="DaysOverdue">Days since the due date of the oldest overdue document.</param>
/// <param name="Code">By it an account remembers that the step was taken: a step under a new code is a new step.</param>
/// <param name="MinimumDebt">Overdue debt from which the step applies, for each currency it applies in.</param>
/// <param name="LeastDaysSincePrevious">Days since the step really taken before, whatever the calendar says.</param>
/// <param name="Fee">What the action <c>fee</c> charges with the next document, for each currency of <paramref name="MinimumDebt"/>.</param>
/// <param name="Profile">Network profile of the action <c>throttle</c>.</param>
/// <param name="DeadlineDays">Of a message: it sets a substitute deadline, so many days after the client was told; 1 to 60.</param>
/// <param name="AfterDeadline">Of a restriction: it waits until a substitute deadline has passed that the client was told of.</param>
public sealed record DunningStepView(
    string Code,
    int DaysOverdue,
    IReadOnlyList<MoneyAmount> MinimumDebt,
    IReadOnlyList<DunningActions> Actions,
    int LeastDaysSincePrevious = 0,
    IReadOnlyList<MoneyAmount>? Fee = null,
    string? Profile = null,
    int? DeadlineDays = null,
    bool? AfterDeadline = null)
{
    private const int CodeMax = 40;
    private const int DaysMax = 3_650;
    private const int DeadlineMax = 60;

    public DunningStep Read(string field, Faults faults)
    {
        var actions = Actions.Aggregate(DunningActions.None, (all, one) => all | one);
        if (actions == DunningActions.None) faults.Add($"{field}.actions", "at least one action");
        if (DaysOverdue is < 1 or > DaysMax) faults.Add($"{field}.daysOverdue", $"1 to {DaysMax} expected");
        if (LeastDaysSincePrevious is < 0 or > DaysMax) faults.Add($"{field}.leastDaysSincePrevious", $"0 to {DaysMax} expected");
        if (actions.HasFlag(DunningActions.Fee) != Fee is not null) faults.Add($"{field}.fee", "goes with the action fee");
        if (actions.HasFlag(DunningActions.Throttle) && string.IsNullOrWhiteSpace(Profile)) faults.Add($"{field}.profile", "needed by the action throttle");
        if (DeadlineDays is < 1 or > DeadlineMax) faults.Add($"{field}.deadlineDays", $"1 to {DeadlineMax} expected");
        var minimum = faults.Amounts($"{field}.minimumDebt", MinimumDebt);
        if (minimum.Any(amount => amount.IsNegative)) faults.Add($"{field}.minimumDebt", "not negative");
        var fee = Fee is null ? null : faults.Amounts($"{field}.fee", Fee);
        if (fee?.Any(amount => !amount.IsPositive || amount.Minor > AccountLimits.MaxUnitPriceMinor) is true) faults.Add($"{field}.fee", "above 0, up to 10000000");
        return new DunningStep(
            faults.Text($"{field}.code", Code, CodeMax), DaysOverdue, minimum, actions, LeastDaysSincePrevious, fee, faults.OptionalText($"{field}.profile", Profile))
        {
            DeadlineDays = DeadlineDays,
            AfterDeadline = AfterDeadline is true ? true : null,
        };
    }

    public static DunningStepView Of(DunningStep step) => new(
        step.Code, step.DaysOverdue, [.. step.MinimumDebt.Select(MoneyAmount.Of)], step.Actions.Each(), step.LeastDaysSincePrevious,
        step.Fee is { } fees ? [.. fees.Select(MoneyAmount.Of)] : null, step.Profile, step.DeadlineDays, step.AfterDeadline);
}
