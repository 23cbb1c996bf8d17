using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Reviews;
using IspBilling.Grains.Reviews;

namespace IspBilling.Cluster.Tests.Grains;

public sealed class ReviewClockTests
{
    private static readonly TimeZoneInfo Prague = TimeZoneInfo.FindSystemTimeZoneById("Europe/Prague");

    /// <summary>All turns are at 02:30, within the hour that summer time skips and winter time repeats.</summary>
    private static readonly ReviewHours AtNight = new(new TimeOnly(2, 30), new TimeOnly(2, 30, 1));

    private static readonly ReviewHours AtTen = new(new TimeOnly(10, 0), new TimeOnly(10, 0, 1));

    private static readonly AccountId Account = new(7);
    private readonly HandClock _clock = new();

    [Theory]
    [InlineData("2026-01-15T05:00Z", "2026-01-15T09:00Z")]
    [InlineData("2026-01-15T09:00Z", "2026-01-16T09:00Z")]
    [InlineData("2026-07-15T05:00Z", "2026-07-15T08:00Z")]
    [InlineData("2026-03-28T12:00Z", "2026-03-29T08:00Z")]
    [InlineData("2026-10-24T12:00Z", "2026-10-25T09:00Z")]
    public void A_turn_is_at_the_same_time_of_day_in_summer_and_in_winter(string after, string next) =>
        Assert.Equal(At(next), Reviews(AtTen).NextSlot(Account, At(after)));

    [Theory]
    [InlineData("2026-03-28T12:00Z")]
    [InlineData("2026-10-24T12:00Z")]
    public void A_night_that_skips_or_repeats_the_turns_hour_has_one_turn(string after)
    {
        var reviews = Reviews(AtNight);

        var first = reviews.NextSlot(Account, At(after));
        var second = reviews.NextSlot(Account, first);

        Assert.InRange(first - At(after), TimeSpan.FromHours(12), TimeSpan.FromHours(15));
        Assert.InRange(second - first, TimeSpan.FromHours(23), TimeSpan.FromHours(25));
    }

    [Fact]
    public void A_tick_is_off_its_slot_after_the_clocks_have_changed()
    {
        var reviews = Reviews(AtTen);

        Assert.False(reviews.IsOffSlot(Account, At("2026-03-28T09:00Z").UtcDateTime));
        Assert.False(reviews.IsOffSlot(Account, At("2026-03-28T09:04Z").UtcDateTime));
        Assert.True(reviews.IsOffSlot(Account, At("2026-03-29T09:00Z").UtcDateTime));
    }

    [Theory]
    [InlineData("2026-03-29T08:04Z", false, false)]
    [InlineData("2026-03-29T08:06Z", true, true)]
    [InlineData("2026-03-29T21:59Z", true, true)]
    public void Turns_and_the_day_are_over_some_minutes_after_the_last_one(string now, bool turn, bool day)
    {
        _clock.Now = At(now);

        Assert.Equal((turn, day), (Reviews(AtTen).HasPassed(Account), Reviews(AtTen).AreOver(new DateOnly(2026, 3, 29))));
    }

    [Fact]
    public void A_day_that_has_gone_by_is_over_whatever_the_time()
    {
        _clock.Now = At("2026-03-29T22:01Z");

        Assert.True(Reviews(AtTen).AreOver(new DateOnly(2026, 3, 29)));
        Assert.False(Reviews(AtTen).AreOver(new DateOnly(2026, 3, 30)));
    }

    [Fact]
    public void Turns_of_many_accounts_are_spread_over_the_hours()
    {
        var reviews = Reviews(ReviewHours.Default);
        var day = At("2026-01-15T00:00Z");

        var perHour = Enumerable.Range(1, 14_000).CountBy(account => TimeZoneInfo.ConvertTime(reviews.NextSlot(new AccountId(account), day), Prague).Hour).ToList();

        Assert.Equal(Enumerable.Range(6, 14), perHour.Select(hour => hour.Key).Order());
        Assert.All(perHour, hour => Assert.InRange(hour.Value, 900, 1_100));
    }

    private ReviewClock Reviews(ReviewHours hours) => new(
        new LiveContext(_clock, Prague, new ProviderSettings(
            TariffCatalogue.Of(0), VatRates.Known, ImmutableDictionary<IssuerId, Issuer>.Empty, new DunningPolicy("none", [], ThankOnClearing: false),
            ProviderSettings.DefaultCorrectionHorizonMonths)),
        _clock, Prague, hours);

    private static DateTimeOffset At(string instant) => DateTimeOffset.ParseExact(instant, "yyyy-MM-dd'T'HH:mm'Z'", null, System.Globalization.DateTimeStyles.AssumeUniversal);

    private sealed class HandClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
