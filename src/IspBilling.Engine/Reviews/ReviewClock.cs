using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Engine.Reviews;

/// <summary>Spreads the accounts' turns over the day.</summary>
public sealed class ReviewClock(LiveContext contexts, TimeProvider clock, TimeZoneInfo zone, ReviewHours hours) : IDayTurns
{
    /// <summary>A tick may be late by the time it takes to notice a dead node. It is never early.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>2³² divided by the golden ratio: turns of neighbouring ids fall far apart.</summary>
    private const uint Spread = 2_654_435_769;

    /// <summary>The account's next turn: after a moment, and at most a day and what a change of the clocks adds later.</summary>
    public DateTimeOffset NextSlot(AccountId account, DateTimeOffset after)
    {
        var local = TimeZoneInfo.ConvertTime(after, zone).DateTime;
        var next = local.Date + SlotOf(account);
        if (next <= local) next = next.AddDays(1);
        return new DateTimeOffset(next, zone.GetUtcOffset(next));
    }

    /// <summary>Whether a tick came at another time of day than the account's turn.</summary>
    /// <param name="tick">UTC.</param>
    public bool IsOffSlot(AccountId account, DateTime tick)
    {
        var at = TimeZoneInfo.ConvertTime(new DateTimeOffset(tick, TimeSpan.Zero), zone).TimeOfDay;
        var apart = (at - SlotOf(account)).Duration();
        return apart > Tolerance && TimeSpan.FromDays(1) - apart > Tolerance;
    }

    public bool HasPassed(AccountId account) => TimeOfDay > SlotOf(account) + Tolerance;

    public bool AreOver(DateOnly day) => day < contexts.Today || (day == contexts.Today && TimeOfDay > hours.To.ToTimeSpan() + Tolerance);

    private TimeSpan TimeOfDay => TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).TimeOfDay;

    private TimeSpan SlotOf(AccountId account) =>
        hours.From.ToTimeSpan() + TimeSpan.FromSeconds((uint)account.Value * Spread % (uint)hours.Length.TotalSeconds);
}
