using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Reviews;

/// <summary>Spreads the accounts' daily turns over the day and knows what an account is asked in its turn.</summary>
public sealed class ReviewClock(LiveContext contexts, TimeProvider clock, TimeZoneInfo zone, ReviewHours hours)
{
    /// <summary>A tick may be late by the time it takes to notice a dead node. It is never early.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>2³² divided by the golden ratio: turns of neighbouring ids fall far apart.</summary>
    private const uint Spread = 2_654_435_769;

    /// <summary>Whether an account invoices what is due in its turn.</summary>
    public bool Bills => hours.Bills;

    /// <summary>How long until the account's next turn: more than nothing, and at most a day plus what a change of the clocks adds.</summary>
    public TimeSpan UntilSlot(AccountId account)
    {
        var now = clock.GetUtcNow();
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var next = local.Date + SlotOf(account);
        if (next <= local) next = next.AddDays(1);
        return new DateTimeOffset(next, zone.GetUtcOffset(next)) - now;
    }

    /// <summary>Whether a tick came at another time of day than the account's turn.</summary>
    /// <param name="tick">UTC.</param>
    public bool IsOffSlot(AccountId account, DateTime tick)
    {
        var at = TimeZoneInfo.ConvertTime(new DateTimeOffset(tick, TimeSpan.Zero), zone).TimeOfDay;
        var apart = (at - SlotOf(account)).Duration();
        return apart > Tolerance && TimeSpan.FromDays(1) - apart > Tolerance;
    }

    /// <summary>Whether the account's turn of today has passed, so that its reminder will not come any more.</summary>
    public bool HasPassed(AccountId account) =>
        TimeZoneInfo.ConvertTime(clock.GetUtcNow(), zone).TimeOfDay > SlotOf(account) + Tolerance;

    /// <summary>What an account is asked in its turn; asked twice on a day, it is answered once.</summary>
    public IReadOnlyList<Envelope> Errands(AccountId account) => Errands(account, contexts.Today);

    /// <summary>The same on a certain day.</summary>
    public IReadOnlyList<Envelope> Errands(AccountId account, DateOnly today)
    {
        var review = ReviewPump.Question(account, today);
        return hours.Bills ? [BillOf(account, today), review] : [review];
    }

    private TimeSpan SlotOf(AccountId account) =>
        hours.From.ToTimeSpan() + TimeSpan.FromSeconds((uint)account.Value * Spread % (uint)hours.Length.TotalSeconds);

    private static Envelope BillOf(AccountId account, DateOnly today) => new(
        CommandIds.Derive("bill", string.Create(CultureInfo.InvariantCulture, $"{account}/{today:yyyy-MM-dd}")),
        new Bill(today, Run: null, PreviewOnly: false), "billing period", Bulk: true);
}
