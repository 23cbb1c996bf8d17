namespace IspBilling.Domain;

/// <summary>When messages of a channel may go, in the provider's time zone.</summary>
/// <param name="From">First moment of the day.</param>
/// <param name="To">The first moment after; later on the same day.</param>
/// <param name="OnFreeDays">Also on free days.</param>
public sealed record SendingWindow(TimeOnly From, TimeOnly To, bool OnFreeDays)
{
    /// <summary>A narrower one would rather be a mistake than a wish.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMinutes(30);
}

/// <summary>
/// When a message may be sent: within the window of its channel, by the clock on the provider's wall. A night in which the clocks change is
/// no special case: a time that does not exist that day is the moment after the gap, and one that comes twice counts both times.
/// </summary>
/// <param name="window">Null for at any time.</param>
/// <param name="dailyCap">Messages of the channel in a day; null for as many as there are.</param>
/// <param name="zone">The provider's.</param>
public sealed class SendingHours(SendingWindow? window, int? dailyCap, FreeDays free, TimeZoneInfo zone)
{
    /// <summary>The provider's day that an instant belongs to: caps are counted by it.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>The first moment from an instant on at which a message may be sent.</summary>
    /// <param name="sentThatDay">Of the channel, on <see cref="DayOf"/> the instant.</param>
    /// <exception cref="InvariantBrokenException">There is none within <see cref="RestrictionDays.MaxSearch"/> days, which no setting that was accepted has.</exception>
    public DateTimeOffset NextFrom(DateTimeOffset instant, long sentThatDay = 0)
    {
        var today = DayOf(instant);
        var isFull = sentThatDay >= dailyCap;
        if (window is null && !isFull) return instant;
        for (var i = isFull ? 1 : 0; i < RestrictionDays.MaxSearch; i++)
        {
            var day = today.AddDays(i);
            if (window is { OnFreeDays: false } && free.Contains(day)) continue;
            var (from, to) = (Begin(day, window?.From ?? TimeOnly.MinValue), window is null ? Begin(day.AddDays(1), TimeOnly.MinValue) : End(day, window.To));
            if (from < to && instant < to) return instant > from ? instant : from;
        }

        throw new InvariantBrokenException($"no time to send within {RestrictionDays.MaxSearch} days of {today:yyyy-MM-dd}");
    }

    /// <summary>Whether messages are counted by the day.</summary>
    public bool HasCap => dailyCap is not null;

    /// <summary>The moment at which the day of an instant began.</summary>
    public DateTimeOffset DayBegan(DateTimeOffset instant) => Begin(DayOf(instant), TimeOnly.MinValue);

    /// <summary>How many messages may be sent at an instant; none outside the window.</summary>
    /// <param name="sentThatDay">Of the channel, on <see cref="DayOf"/> the instant.</param>
    public int Room(DateTimeOffset instant, long sentThatDay = 0) =>
        NextFrom(instant, sentThatDay) > instant ? 0 : dailyCap is { } cap ? (int)(cap - sentThatDay) : int.MaxValue;

    /// <summary>The day on which a message goes that is decided on a day at a time.</summary>
    public DateOnly DayFrom(DateOnly day, TimeOnly at) => DayOf(NextFrom(Begin(day, at)));

    /// <summary>The first moment at which the clock shows a time or has passed it.</summary>
    private DateTimeOffset Begin(DateOnly day, TimeOnly time) => Of(day, time, last: false);

    /// <summary>The last one.</summary>
    private DateTimeOffset End(DateOnly day, TimeOnly time) => Of(day, time, last: true);

    private DateTimeOffset Of(DateOnly day, TimeOnly time, bool last)
    {
        var local = day.ToDateTime(time);
        if (zone.IsInvalidTime(local)) return AfterGap(local);
        var offset = zone.GetUtcOffset(local);
        if (zone.IsAmbiguousTime(local))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(local);
            // The larger offset is the earlier moment.
            offset = last ? offsets.Min() : offsets.Max();
        }

        return new DateTimeOffset(local, offset);
    }

    /// <summary>Read with the offset of before, a time in the gap is as much later as the gap is wide before it; the gap itself has one end.</summary>
    private DateTimeOffset AfterGap(DateTime local)
    {
        var valid = local;
        while (zone.IsInvalidTime(valid)) valid = valid.AddMinutes(1);
        return new DateTimeOffset(valid, zone.GetUtcOffset(valid));
    }
}
