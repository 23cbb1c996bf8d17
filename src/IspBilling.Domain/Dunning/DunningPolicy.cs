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
    public bool IsMessage => (Actions & (DunningActions.Email | DunningActions.Sms)) != DunningActions.None;

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

/// <summary>A step that was taken, remembered by its code: in another policy its place may be another step's.</summary>
/// <param name="ToldOn">When its message reached the client; null when it has none or it has not.</param>
/// <param name="HeardOn">When the last message before it had reached the client; null when none had.</param>
public readonly record struct TakenStep(string Code, DateOnly On, DateOnly? ToldOn, DateOnly? HeardOn);

/// <summary>What happened in the dunning of an account. What it means now follows from it and from what is open: <see cref="DunningEvaluation"/>.</summary>
/// <param name="Taken">Each code once, with the last day it was taken; the longest ago first.</param>
/// <param name="PromisedUntil">Last day of a promise to pay.</param>
/// <param name="PromisedFor">The promise is about invoices up to this ordinal: those there were when it was made.</param>
/// <param name="Exempt">Never escalates.</param>
/// <param name="RestoredOn">A person gave the service back: what was taken up to that day counts no more.</param>
public readonly record struct DunningState(
    ImmutableArray<TakenStep> Taken, DateOnly? PromisedUntil, int PromisedFor, bool Exempt, DateOnly? RestoredOn)
{
    /// <summary>More codes than a policy has, for those of policies before it.</summary>
    public const int MaxTaken = 2 * DunningPolicy.MaxSteps;

    public static readonly DunningState None = new([], null, 0, false, null);

    public TakenStep? Last => Taken.IsEmpty ? null : Taken[^1];

    internal DunningState Take(string code, DateOnly on, bool isTold)
    {
        DateOnly? heardOn = null;
        foreach (var step in Taken)
        {
            if (step.ToldOn is { } told && !(told <= heardOn)) heardOn = told;
        }

        var others = Taken.RemoveAll(step => step.Code == code);
        if (others.Length == MaxTaken) others = others.RemoveAt(0);
        return this with { Taken = others.Add(new TakenStep(code, on, isTold ? on : null, heardOn)), PromisedUntil = null };
    }

    /// <summary>The message of a step reached the client.</summary>
    internal DunningState Reach(string code, DateOnly on)
    {
        for (var i = 0; i < Taken.Length; i++)
        {
            if (Taken[i].Code == code) return this with { Taken = Taken.SetItem(i, Taken[i] with { ToldOn = on }) };
        }

        return this;
    }

    /// <summary>The debt is gone, and with it what was done and promised about it.</summary>
    internal DunningState Clear() => None with { Exempt = Exempt };
}
