using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What the network should enforce, from best to worst.</summary>
public enum ServiceLevel { Full, Throttled, Blocked }

[Flags]
public enum DunningActions
{
    None = 0,
    Email = 1,
    Sms = 2,
    Fee = 4,
    Throttle = 8,
    Block = 16,
    NotifyCollections = 32,
}

/// <param name="Code">Stable name, unique within the policy.</param>
/// <param name="DaysOverdue">Days since the due date of the oldest overdue document.</param>
/// <param name="MinimumDebt">Overdue debt from which the step applies.</param>
/// <param name="LeastDaysSincePrevious">Days since the step really taken before, whatever the calendar says.</param>
/// <param name="Fee">What <see cref="DunningActions.Fee"/> charges with the next document.</param>
/// <param name="Profile">Network profile of <see cref="DunningActions.Throttle"/>.</param>
public sealed record DunningStep(
    string Code,
    int DaysOverdue,
    Money MinimumDebt,
    DunningActions Actions,
    int LeastDaysSincePrevious,
    Money? Fee = null,
    string? Profile = null)
{
    /// <summary>Takes something away from the client: never the first thing they hear, and never skipped.</summary>
    public bool IsRestrictive => (Actions & (DunningActions.Throttle | DunningActions.Block | DunningActions.NotifyCollections)) != DunningActions.None;

    public ServiceLevel? Level =>
        Actions.HasFlag(DunningActions.Block) ? ServiceLevel.Blocked
        : Actions.HasFlag(DunningActions.Throttle) ? ServiceLevel.Throttled
        : null;
}

/// <summary>Ordered steps from the first reminder to blocking.</summary>
/// <param name="ThankOnClearing">Send a thank-you when the debt is cleared after a step.</param>
public sealed record DunningPolicy(string Name, ImmutableArray<DunningStep> Steps, bool ThankOnClearing)
{
    public const int MaxSteps = 20;

    /// <summary>Overdue debt below this is visible but has no consequences.</summary>
    public Money? SmallestDebt
    {
        get
        {
            Money? smallest = null;
            foreach (var step in Steps)
            {
                if (smallest is null || step.MinimumDebt < smallest) smallest = step.MinimumDebt;
            }

            return smallest;
        }
    }
}

/// <summary>Where an account stands between the first reminder and the last resort.</summary>
/// <param name="StepsTaken">Index after the last step taken; 0 when none.</param>
/// <param name="LastStepOn">When that step was taken; null when none.</param>
/// <param name="PromisedUntil">Last day of a promise to pay; steps wait until the day after.</param>
/// <param name="Exempt">Never escalates.</param>
public readonly record struct DunningState(int StepsTaken, DateOnly? LastStepOn, DateOnly? PromisedUntil, bool Exempt)
{
    public static readonly DunningState None = new(0, null, null, false);
}
