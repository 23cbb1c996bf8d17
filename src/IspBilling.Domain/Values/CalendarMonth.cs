using System.Globalization;

namespace IspBilling.Domain;

/// <summary>A month of the calendar.</summary>
public readonly record struct CalendarMonth
{
    private const int PerYear = 12;

    private CalendarMonth(DateOnly firstDay) => FirstDay = firstDay;

    public DateOnly FirstDay { get; }

    public CalendarMonth Next => new(FirstDay.AddMonths(1));

    public CalendarMonth FirstOfYear => new(new DateOnly(FirstDay.Year, 1, 1));

    public static CalendarMonth Of(DateOnly day) => new(new DateOnly(day.Year, day.Month, 1));

    /// <summary>How many months later another one is; negative when it is earlier.</summary>
    public int MonthsUntil(CalendarMonth other) =>
        (PerYear * (other.FirstDay.Year - FirstDay.Year)) + other.FirstDay.Month - FirstDay.Month;

    /// <summary>From this month to the end of another, which is not earlier.</summary>
    public Period Through(CalendarMonth last) => new(FirstDay, last.Next.FirstDay);

    public override string ToString() => FirstDay.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
