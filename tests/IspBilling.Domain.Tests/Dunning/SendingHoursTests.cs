using System.Collections.Frozen;
using System.Globalization;

namespace IspBilling.Domain.Tests.Dunning;

public class SendingHoursTests
{
    private static readonly TimeZoneInfo Prague = TimeZoneInfo.FindSystemTimeZoneById("Europe/Prague");
    private static readonly FreeDays Weekends = new(Weekends: true, new[] { Given.Day("2026-04-06") }.ToFrozenSet());

    private static DateTimeOffset At(string instant) => DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture);

    private static SendingHours Hours(string from, string to, bool onFreeDays = false, int? cap = null) =>
        new(new SendingWindow(TimeOnly.Parse(from, CultureInfo.InvariantCulture), TimeOnly.Parse(to, CultureInfo.InvariantCulture), onFreeDays), cap, Weekends, Prague);

    [Theory]
    [InlineData("2026-03-04T06:00+01:00", "2026-03-04T08:00+01:00")]
    [InlineData("2026-03-04T08:00+01:00", "2026-03-04T08:00+01:00")]
    [InlineData("2026-03-04T12:34+01:00", "2026-03-04T12:34+01:00")]
    [InlineData("2026-03-04T20:00+01:00", "2026-03-05T08:00+01:00")]
    [InlineData("2026-03-06T21:00+01:00", "2026-03-09T08:00+01:00")]
    [InlineData("2026-03-07T10:00+01:00", "2026-03-09T08:00+01:00")]
    [InlineData("2026-04-03T20:00+02:00", "2026-04-07T08:00+02:00")]
    // Over the nights in which the clocks change, the window is where it is by the wall.
    [InlineData("2026-03-27T22:00+01:00", "2026-03-30T08:00+02:00")]
    [InlineData("2026-10-23T22:00+02:00", "2026-10-26T08:00+01:00")]
    // An instant of the provider's day, whatever day it is elsewhere.
    [InlineData("2026-03-04T23:30+00:00", "2026-03-05T08:00+01:00")]
    public void A_message_waits_for_the_hours_of_a_working_day(string instant, string expected) => Assert.Equal(At(expected), Hours("08:00", "20:00").NextFrom(At(instant)));

    [Theory]
    // 02:30 does not exist on 29 March: the window begins when the clock has passed it, and one that lies in the gap is not that day.
    [InlineData("02:30", "05:00", "2026-03-29T01:00+01:00", "2026-03-29T03:00+02:00")]
    [InlineData("02:10", "02:50", "2026-03-29T01:00+01:00", "2026-03-30T02:10+02:00")]
    // 02:30 comes twice on 25 October: from the first on, and until the last.
    [InlineData("02:30", "05:00", "2026-10-25T00:00+02:00", "2026-10-25T02:30+02:00")]
    [InlineData("01:00", "02:30", "2026-10-25T02:15+01:00", "2026-10-25T02:15+01:00")]
    [InlineData("01:00", "02:30", "2026-10-25T02:45+01:00", "2026-10-26T01:00+01:00")]
    public void A_time_that_is_missing_or_comes_twice_is_no_special_case(string from, string to, string instant, string expected) =>
        Assert.Equal(At(expected), Hours(from, to, onFreeDays: true).NextFrom(At(instant)));

    [Fact]
    public void Without_hours_and_caps_a_message_goes_at_once()
    {
        var any = new SendingHours(null, null, Weekends, Prague);

        Assert.Equal(At("2026-03-07T03:00+01:00"), any.NextFrom(At("2026-03-07T03:00+01:00"), sentThatDay: 1_000_000));
    }

    [Theory]
    [InlineData(99, "2026-03-04T12:00+01:00")]
    [InlineData(100, "2026-03-05T08:00+01:00")]
    public void What_is_beyond_the_days_cap_goes_on_the_next_day(long sent, string expected) =>
        Assert.Equal(At(expected), Hours("08:00", "20:00", cap: 100).NextFrom(At("2026-03-04T12:00+01:00"), sent));

    [Fact]
    public void Every_instant_of_a_year_has_a_slot_within_the_hours_and_none_before_it()
    {
        var hours = Hours("08:00", "20:00");
        for (var instant = At("2026-01-01T00:00+01:00"); instant.Year < 2027; instant = instant.AddMinutes(47))
        {
            var next = hours.NextFrom(instant);
            var wall = TimeZoneInfo.ConvertTime(next, Prague);
            Assert.True(next >= instant && wall.Hour is >= 8 and < 20 && wall.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday), $"{instant:o} {next:o}");
            Assert.True(next == instant || wall is { Hour: 8, Minute: 0 }, $"{instant:o} {next:o}");
            Assert.Equal(next, hours.NextFrom(next));
        }
    }

    [Theory]
    [InlineData("2026-03-05", 0, "2026-03-05")]
    [InlineData("2026-03-06", 0, "2026-03-06")]
    [InlineData("2026-03-06", 1, "2026-03-09")]
    [InlineData("2026-03-05", 2, "2026-03-09")]
    [InlineData("2026-04-02", 1, "2026-04-02")]
    [InlineData("2026-04-03", 1, "2026-04-07")]
    [InlineData("2026-04-04", 0, "2026-04-07")]
    public void Nothing_is_taken_away_on_free_days_or_right_before_them(string from, int daysBefore, string expected) =>
        Assert.Equal(Given.Day(expected), new RestrictionDays(Weekends, daysBefore).FirstFrom(Given.Day(from)));

    [Fact]
    public void Rules_that_leave_no_time_are_refused()
    {
        var today = Given.Day("2026-03-02");
        var none = new HashSet<DateOnly>();

        Assert.Empty(new OutreachRules { FreeWeekends = true, DaysBeforeFree = 4, Email = new SendingWindow(new TimeOnly(8, 0), new TimeOnly(8, 30), false) }.Problems(today, none));
        Assert.Equal("daysBeforeFree", Assert.Single(new OutreachRules { FreeWeekends = true, DaysBeforeFree = 5 }.Problems(today, none)).Field);
        Assert.Equal("email", Assert.Single(new OutreachRules { Email = new SendingWindow(new TimeOnly(20, 0), new TimeOnly(8, 0), true) }.Problems(today, none)).Field);
        Assert.Equal("sms", Assert.Single(new OutreachRules { Sms = new SendingWindow(new TimeOnly(8, 0), new TimeOnly(8, 29), true) }.Problems(today, none)).Field);
        Assert.Equal("emailsADay", Assert.Single(new OutreachRules { EmailsADay = 0 }.Problems(today, none)).Field);
        Assert.Equal("brake.atLeast", Assert.Single(new OutreachRules { Brake = new Brake(0, 100) }.Problems(today, none)).Field);
        Assert.Equal("holidaysOf", Assert.Single(new OutreachRules { HolidaysOf = "DE" }.Problems(today, none)).Field);
    }

    [Theory]
    [InlineData(50, 100, 1_000, 50)]
    [InlineData(50, 100, 100_000, 1_000)]
    [InlineData(1, 0, 1_000_000, 1)]
    public void A_brake_lets_the_larger_of_its_two_limits_pass(int atLeast, int basisPoints, long clients, long expected) =>
        Assert.Equal(expected, new Brake(atLeast, basisPoints).Of(clients));
}
