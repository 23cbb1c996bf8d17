using System.Globalization;

namespace IspBilling.Domain.Tests.Charges;

/// <summary>Periods and broken months for every cycle, anchor and month end.</summary>
public class BillingGrids
{
    private static readonly int[] Cycles = [1, 2, 3, 6, 12];
    private static readonly int?[] Anchors = [null, 1, 15, 28, 29, 30, 31];

    /// <summary>Ordinary, leap and not-leap-although-divisible-by-four years; month ends; the edges of what an account accepts.</summary>
    private static readonly string[] Starts =
    [
        "2000-01-01", "2000-02-29", "2024-01-31", "2024-02-28", "2024-02-29", "2024-03-01", "2026-01-01", "2026-01-17", "2026-01-31", "2026-02-28",
        "2026-04-30", "2026-12-31", "2028-02-15", "2028-02-29", "2028-12-30", "2099-11-30", "2099-12-31", "2100-01-01",
    ];

    public static TheoryData<int, int?, string> Grids()
    {
        var rows = new TheoryData<int, int?, string>();
        foreach (var months in Cycles)
        {
            foreach (var anchor in Anchors)
            {
                foreach (var start in Starts) rows.Add(months, anchor, start);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void Periods_follow_each_other_without_gap_or_overlap(int months, int? anchor, string start)
    {
        var origin = Given.Day(start);
        var grid = new BillingGrid(new BillingCycle(months, anchor), origin);
        var period = grid.PeriodAt(origin);
        Assert.True(period.Contains(origin));

        for (var i = 0; i < 40; i++)
        {
            // Whatever day of a period is asked about, the period is the same.
            foreach (var day in new[] { period.From, period.From.AddDays(period.Days / 2), period.LastDay }) Assert.Equal(period, grid.PeriodAt(day));
            AssertStartsOn(anchor ?? 1, period.From);
            if (anchor is null) Assert.Equal(0, (period.From.Month - 1) % months);
            Assert.Equal(months, MonthsBetween(period));
            Assert.Equal(new MonthShare(months, 0, 0, 0, 0), grid.ShareOf(period) with { LeadingOf = 0, TrailingOf = 0 });

            var next = grid.PeriodAt(period.To);
            Assert.Equal(period.To, next.From);
            period = next;
        }
    }

    [Theory]
    [MemberData(nameof(Grids))]
    public void The_broken_months_of_a_part_are_counted_by_their_own_days(int months, int? anchor, string start)
    {
        var origin = Given.Day(start);
        var grid = new BillingGrid(new BillingCycle(months, anchor), origin);
        var period = grid.PeriodAt(origin);
        var step = Math.Max(1, period.Days / 5);
        for (var from = period.From; from < period.To; from = from.AddDays(step))
        {
            for (var to = from.AddDays(1); to <= period.To; to = to.AddDays(step))
            {
                var share = grid.ShareOf(new Period(from, to));
                var expected = Enumerable.Range(0, to.DayNumber - from.DayNumber).Sum(i => 1m / DaysOfMonthOf(from.AddDays(i), anchor ?? 1));
                Assert.Equal(expected, (decimal)share.Numerator / share.Denominator, precision: 15);
                Assert.InRange(share.LeadingDays, 0, share.LeadingOf);
                Assert.InRange(share.TrailingDays, 0, share.TrailingOf - 1);
            }
        }
    }

    [Theory]
    [InlineData(1, 31, "2026-01-31", "2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31")]
    [InlineData(1, 30, "2028-01-30", "2028-01-30 2028-02-29 2028-03-30")]
    [InlineData(1, 29, "2026-01-29", "2026-01-29 2026-02-28 2026-03-29")]
    [InlineData(1, 29, "2028-01-29", "2028-01-29 2028-02-29 2028-03-29")]
    [InlineData(1, 15, "2026-01-10", "2025-12-15 2026-01-15 2026-02-15")]
    [InlineData(1, 1, "2026-01-10", "2026-01-01 2026-02-01")]
    [InlineData(3, 31, "2025-11-30", "2025-11-30 2026-02-28 2026-05-31 2026-08-31")]
    [InlineData(3, 15, "2026-01-10", "2025-12-15 2026-03-15 2026-06-15")]
    [InlineData(3, 15, "2026-01-15", "2026-01-15 2026-04-15")]
    [InlineData(2, 30, "2027-12-30", "2027-12-30 2028-02-29 2028-04-30")]
    [InlineData(6, 31, "2026-08-31", "2026-08-31 2027-02-28 2027-08-31 2028-02-29")]
    [InlineData(12, 29, "2024-02-29", "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29")]
    [InlineData(2, null, "2026-02-10", "2026-01-01 2026-03-01")]
    [InlineData(3, null, "2026-05-10", "2026-04-01 2026-07-01")]
    [InlineData(6, null, "2026-06-30", "2026-01-01 2026-07-01 2027-01-01")]
    [InlineData(12, null, "2026-06-30", "2026-01-01 2027-01-01")]
    [InlineData(1, null, "2099-12-31", "2099-12-01 2100-01-01 2100-02-01 2100-03-01")]
    [InlineData(1, 29, "2100-01-29", "2100-01-29 2100-02-28 2100-03-29")] // 2100 is no leap year
    public void Periods_start_where_a_calendar_on_the_wall_says(int months, int? anchor, string origin, string starts)
    {
        var days = starts.Split(' ').Select(Given.Day).ToList();
        var grid = new BillingGrid(new BillingCycle(months, anchor), Given.Day(origin));

        Assert.Equal(new Period(days[0], days[1]), grid.PeriodAt(Given.Day(origin)));
        foreach (var (from, to) in days.Zip(days.Skip(1))) Assert.Equal(new Period(from, to), grid.PeriodAt(from));
    }

    [Theory]
    // Broken at the start, at the end, at both; in one month and across several.
    [InlineData(1, null, "2026-01-17", "2026-02-01", 0, 15, 31, 0, 1)]
    [InlineData(1, null, "2026-01-01", "2026-01-16", 0, 15, 31, 0, 1)]
    [InlineData(1, null, "2026-01-10", "2026-01-16", 0, 6, 31, 0, 1)]
    [InlineData(1, null, "2026-02-01", "2026-03-01", 1, 0, 1, 0, 1)]
    [InlineData(1, null, "2028-02-10", "2028-03-01", 0, 20, 29, 0, 1)]
    [InlineData(1, null, "2100-02-10", "2100-03-01", 0, 19, 28, 0, 1)]
    [InlineData(3, null, "2026-02-10", "2026-04-01", 1, 19, 28, 0, 31)]
    [InlineData(3, null, "2026-01-01", "2026-03-11", 2, 0, 31, 10, 31)]
    [InlineData(3, null, "2026-01-20", "2026-03-11", 1, 12, 31, 10, 31)]
    [InlineData(3, null, "2026-01-20", "2026-02-11", 0, 12, 31, 10, 28)]
    [InlineData(12, null, "2026-03-10", "2027-01-01", 9, 22, 31, 0, 31)]
    [InlineData(12, null, "2028-01-31", "2028-12-02", 10, 1, 31, 1, 31)]
    [InlineData(1, 15, "2026-01-20", "2026-02-15", 0, 26, 31, 0, 1)]
    [InlineData(1, 31, "2026-01-31", "2026-02-10", 0, 10, 28, 0, 1)]
    [InlineData(1, 31, "2026-03-10", "2026-03-31", 0, 21, 31, 0, 1)]
    [InlineData(2, 31, "2026-02-10", "2026-03-31", 1, 18, 28, 0, 31)]
    public void A_part_of_a_period_is_so_many_months_and_days(
        int months, int? anchor, string from, string to, int whole, int leading, int leadingOf, int trailing, int trailingOf)
    {
        var origin = months == 2 ? "2026-01-31" : from;
        var share = new BillingGrid(new BillingCycle(months, anchor), Given.Day(origin)).ShareOf(Given.Period(from, to));

        Assert.Equal((whole, leading, trailing), (share.Whole, share.LeadingDays, share.TrailingDays));
        if (leading > 0) Assert.Equal(leadingOf, share.LeadingOf);
        if (trailing > 0) Assert.Equal(trailingOf, share.TrailingOf);
        Assert.Equal(leading == 0 && trailing == 0, share.IsWhole);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(4, null)]
    [InlineData(24, null)]
    [InlineData(-1, null)]
    [InlineData(1, 0)]
    [InlineData(1, 32)]
    public void A_cycle_has_a_usual_length_and_a_day_of_the_month(int months, int? anchor)
    {
        Assert.False(BillingCycle.IsValid(months, anchor));
        Assert.Throws<InvariantBrokenException>(() => new BillingCycle(months, anchor));
    }

    private static void AssertStartsOn(int anchor, DateOnly day) =>
        Assert.Equal(Math.Min(anchor, CultureInfo.InvariantCulture.Calendar.GetDaysInMonth(day.Year, day.Month)), day.Day);

    private static int MonthsBetween(Period period) => ((period.To.Year - period.From.Year) * 12) + period.To.Month - period.From.Month;

    /// <summary>Days of the anchored month that holds a day, counted one by one.</summary>
    private static int DaysOfMonthOf(DateOnly day, int anchor)
    {
        var (from, to) = (day, day.AddDays(1));
        while (!IsStart(from)) from = from.AddDays(-1);
        while (!IsStart(to)) to = to.AddDays(1);
        return to.DayNumber - from.DayNumber;

        bool IsStart(DateOnly candidate) => candidate.Day == anchor || (candidate.Day < anchor && candidate.AddDays(1).Day == 1);
    }
}
