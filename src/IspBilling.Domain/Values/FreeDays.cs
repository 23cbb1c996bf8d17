using System.Collections.Frozen;

namespace IspBilling.Domain;

/// <summary>The days on which nobody is in the office.</summary>
/// <param name="Weekends">Saturdays and Sundays are free.</param>
/// <param name="Holidays">Of the years that matter; what they are is data, not knowledge of this program.</param>
public sealed record FreeDays(bool Weekends, FrozenSet<DateOnly> Holidays)
{
    /// <summary>Every day is a working day.</summary>
    public static readonly FreeDays None = new(Weekends: false, FrozenSet<DateOnly>.Empty);

    public bool Contains(DateOnly day) => (Weekends && day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) || Holidays.Contains(day);
}

/// <summary>
/// On which days something may be taken away: on working days that are not within so many days before a free one.
/// <code>
///   Thu   Fri   Sat   Sun   Mon
///   yes   no    no    no    yes      one day before free ones
/// </code>
/// </summary>
/// <param name="DaysBefore">0 to <see cref="MaxDaysBefore"/>.</param>
public sealed record RestrictionDays(FreeDays Free, int DaysBefore)
{
    public const int MaxDaysBefore = 5;

    /// <summary>Days in a row that are looked through for one that will do.</summary>
    public const int MaxSearch = 60;

    public static readonly RestrictionDays Every = new(FreeDays.None, 0);

    public bool Contains(DateOnly day)
    {
        for (var before = 0; before <= DaysBefore; before++)
        {
            if (Free.Contains(day.AddDays(before))) return false;
        }

        return true;
    }

    /// <summary>The first such day from one on; null when there is none within <see cref="MaxSearch"/> days.</summary>
    public DateOnly? FirstFrom(DateOnly day)
    {
        for (var i = 0; i < MaxSearch; i++)
        {
            if (Contains(day.AddDays(i))) return day.AddDays(i);
        }

        return null;
    }
}
