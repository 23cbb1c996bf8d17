using System.Globalization;

namespace IspBilling.Domain;

public enum BillingTiming { InAdvance, InArrears }

/// <summary>How often a service is billed: every 1, 2, 3, 6 or 12 months, by the calendar or from an anchor day.</summary>
public readonly record struct BillingCycle
{
    public int Months { get; }

    /// <summary>
    /// Null aligns to the calendar (quarters start in January, April, July, October). 1–31 starts months on that day, or on a
    /// shorter month's last day; the anchor comes back in the next longer month.
    /// </summary>
    public int? AnchorDay { get; }

    public BillingCycle(int months, int? anchorDay = null)
    {
        Invariant.Require(months is 1 or 2 or 3 or 6 or 12);
        Invariant.Require(anchorDay is null or (>= 1 and <= 31));
        Months = months;
        AnchorDay = anchorDay;
    }

    public static readonly BillingCycle Monthly = new(1);

    public static bool IsValid(int months, int? anchorDay) =>
        months is 1 or 2 or 3 or 6 or 12 && anchorDay is null or (>= 1 and <= 31);
}

/// <summary>
/// The billing periods of one cycle, without gap or overlap. Months are counted from year 0, so a month is one integer.
/// <code>
///   anchor 31, monthly      [01-31      [02-28      [03-31      [04-30
///   calendar, quarterly     [01-01                  [04-01
/// </code>
/// </summary>
/// <param name="origin">First day of the service on this cycle; decides in which month an anchored cycle begins.</param>
public readonly struct BillingGrid(BillingCycle cycle, DateOnly origin)
{
    private readonly int _anchor = cycle.AnchorDay ?? 1;

    private readonly int _firstMonth = cycle.AnchorDay is { } anchor ? MonthOf(origin, anchor) : 0;

    /// <summary>The whole billing period that holds a day, also where the service covers only a part of it.</summary>
    public Period PeriodAt(DateOnly day)
    {
        var month = MonthOf(day, _anchor);
        var offset = ((month - _firstMonth) % cycle.Months + cycle.Months) % cycle.Months;
        return new Period(StartOf(month - offset, _anchor), StartOf(month - offset + cycle.Months, _anchor));
    }

    /// <summary>How many months a part of a period is: whole months and, at its ends, broken months by their own days.</summary>
    public MonthShare ShareOf(Period part)
    {
        var first = MonthOf(part.From, _anchor);
        var last = MonthOf(part.LastDay, _anchor);
        var firstMonth = new Period(StartOf(first, _anchor), StartOf(first + 1, _anchor));
        if (first == last)
        {
            return part == firstMonth
                ? MonthShare.OneMonth
                : new MonthShare(0, part.Days, firstMonth.Days, 0, 1);
        }

        var lastMonth = new Period(StartOf(last, _anchor), StartOf(last + 1, _anchor));
        var leading = firstMonth.To.DayNumber - part.From.DayNumber;
        var trailing = part.To.DayNumber - lastMonth.From.DayNumber;
        var whole = last - first - 1;
        if (leading == firstMonth.Days) (whole, leading) = (whole + 1, 0);
        if (trailing == lastMonth.Days) (whole, trailing) = (whole + 1, 0);
        return new MonthShare(whole, leading, leading == 0 ? 1 : firstMonth.Days, trailing, trailing == 0 ? 1 : lastMonth.Days);
    }

    private static int MonthOf(DateOnly day, int anchor)
    {
        var month = (day.Year * 12) + day.Month - 1;
        return day < StartOf(month, anchor) ? month - 1 : month;
    }

    private static DateOnly StartOf(int month, int anchor)
    {
        var (year, zeroBased) = Math.DivRem(month, 12);
        return new DateOnly(year, zeroBased + 1, Math.Min(anchor, DateTime.DaysInMonth(year, zeroBased + 1)));
    }
}

/// <summary>A length in months, kept exact: whole + leading/leadingOf + trailing/trailingOf.</summary>
public readonly record struct MonthShare(int Whole, int LeadingDays, int LeadingOf, int TrailingDays, int TrailingOf)
{
    public static readonly MonthShare OneMonth = new(1, 0, 1, 0, 1);

    public int Numerator => (Whole * LeadingOf * TrailingOf) + (LeadingDays * TrailingOf) + (TrailingDays * LeadingOf);

    public int Denominator => LeadingOf * TrailingOf;

    public bool IsWhole => LeadingDays == 0 && TrailingDays == 0;

    /// <summary>As people write it: <c>15/31</c>, <c>(22/31 + 9)</c>.</summary>
    public override string ToString()
    {
        var terms = new List<string>(3);
        if (LeadingDays > 0) terms.Add(string.Create(CultureInfo.InvariantCulture, $"{LeadingDays}/{LeadingOf}"));
        if (Whole > 0) terms.Add(Whole.ToString(CultureInfo.InvariantCulture));
        if (TrailingDays > 0) terms.Add(string.Create(CultureInfo.InvariantCulture, $"{TrailingDays}/{TrailingOf}"));
        return terms.Count == 1 ? terms[0] : $"({string.Join(" + ", terms)})";
    }
}
