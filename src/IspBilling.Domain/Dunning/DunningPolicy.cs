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

public static class DunningActionsOfStep
{
    private static readonly DunningActions[] Known = [.. Enum.GetValues<DunningActions>().Where(action => action != DunningActions.None)];

    /// <summary>The kinds of action that flags stand for.</summary>
    public static IReadOnlyList<DunningActions> Each(this DunningActions actions) => [.. Known.Where(action => actions.HasFlag(action))];
}

/// <summary>How what does not arrive by e-mail goes instead.</summary>
/// <remarks>Stored by name: never rename.</remarks>
[Flags]
public enum OtherWays
{
    None = 0,

    /// <summary>Reminders as short messages.</summary>
    Sms = 1,

    /// <summary>Documents as letters.</summary>
    Letter = 2,
}

/// <param name="Code">Stable name, unique within the policy; by it an account remembers that the step was taken.</param>
/// <param name="DaysOverdue">Days since the due date of the oldest overdue document.</param>
/// <param name="MinimumDebt">Overdue debt from which the step applies; accounts in a currency without one never reach it.</param>
/// <param name="LeastDaysSincePrevious">Days since the step really taken before, whatever the calendar says.</param>
/// <param name="Fee">What <see cref="DunningActions.Fee"/> charges with the next document.</param>
/// <param name="Profile">Network profile of <see cref="DunningActions.Throttle"/>.</param>
public sealed record DunningStep(
    string Code,
    int DaysOverdue,
    CurrencyAmounts MinimumDebt,
    DunningActions Actions,
    int LeastDaysSincePrevious,
    CurrencyAmounts? Fee = null,
    string? Profile = null)
{
    /// <summary>Takes something away from the client: never the first thing they hear, and never skipped.</summary>
    public bool IsRestrictive => (Actions & (DunningActions.Throttle | DunningActions.Block | DunningActions.NotifyCollections)) != DunningActions.None;

    /// <summary>Tells the client.</summary>
    public bool IsMessage => Channels != DunningActions.None;

    /// <summary>What its message goes by.</summary>
    public DunningActions Channels => Actions & DunningPolicy.Channels;

    /// <summary>
    /// Of a message: it sets a substitute deadline, so many days after the client was told. Null when it sets none.
    /// </summary>
    public int? DeadlineDays { get; init; }

    /// <summary>
    /// Of a restriction: it waits until a substitute deadline has passed that the client was told of, as Czech contracts demand (Act 127/2005,
    /// § 65). Null as good as false.
    /// </summary>
    public bool? AfterDeadline { get; init; }

    public bool WaitsForDeadline => AfterDeadline is true;

    public ServiceLevel? Level =>
        (Actions & DunningActions.Block) != DunningActions.None ? ServiceLevel.Blocked
        : (Actions & DunningActions.Throttle) != DunningActions.None ? ServiceLevel.Throttled
        : null;

    public bool IsReachedBy(Money debt) => MinimumDebt.In(debt.Currency) is { } minimum && debt >= minimum;
}

/// <summary>Ordered steps from the first reminder to blocking.</summary>
/// <param name="ThankOnClearing">Send a thank-you when the debt is cleared after a step.</param>
/// <param name="Tolerance">Overdue debt up to this is visible and nothing else.</param>
public sealed record DunningPolicy(string Name, ImmutableArray<DunningStep> Steps, bool ThankOnClearing, CurrencyAmounts? Tolerance = null)
{
    public const int MaxSteps = 20;

    /// <summary>What a reminder can go by.</summary>
    public const DunningActions Channels = DunningActions.Email | DunningActions.Sms;

    /// <summary>Unless the policy says otherwise.</summary>
    public const int DefaultNoticeDays = 7;

    /// <summary>
    /// Days that pass between a message that a target accepted and the first restriction; null for <see cref="DefaultNoticeDays"/>.
    /// </summary>
    public int? NoticeDays { get; init; }

    /// <summary>How what does not arrive by e-mail goes instead; null for every way there is.</summary>
    public OtherWays? WhenMailReturns { get; init; }

    public OtherWays OtherWaysOfMail => WhenMailReturns ?? (OtherWays.Sms | OtherWays.Letter);

    public int LeastNoticeDays => NoticeDays ?? DefaultNoticeDays;

    public Money ToleranceIn(Currency currency) => Tolerance?.In(currency) ?? Money.Zero(currency);

    /// <summary>Overdue debt below this is visible but has no consequences; null when no step has a minimum in the currency.</summary>
    public Money? SmallestDebtIn(Currency currency)
    {
        Money? smallest = null;
        foreach (var step in Steps)
        {
            if (step.MinimumDebt.In(currency) is { } minimum && (smallest is null || minimum < smallest)) smallest = minimum;
        }

        return smallest;
    }

    public DunningStep? Find(string code)
    {
        foreach (var step in Steps)
        {
            if (step.Code == code) return step;
        }

        return null;
    }

    /// <summary>Whether a message before a step sets a substitute deadline for debts that reach the step.</summary>
    public bool SetsDeadline(int index, Money minimum)
    {
        for (var i = 0; i < index; i++)
        {
            if (Steps[i].DeadlineDays is not null && Steps[i].IsReachedBy(minimum)) return true;
        }

        return false;
    }

    /// <summary>
    /// Whether a message comes before a step that reaches every debt the step does. A restriction that none announces restricts nobody,
    /// however it came to be stored.
    /// </summary>
    public bool IsAnnounced(int index, Currency currency)
    {
        if (Steps[index].MinimumDebt.In(currency) is not { } minimum) return false;
        for (var i = 0; i < index; i++)
        {
            if (Steps[i].IsMessage && Steps[i].MinimumDebt.In(currency) is { } told && told <= minimum) return true;
        }

        return false;
    }
}
