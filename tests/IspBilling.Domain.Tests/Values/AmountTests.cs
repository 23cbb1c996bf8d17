using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace IspBilling.Domain.Tests.Values;

/// <summary>Money, quantities and their rounding.</summary>
public class AmountTests
{
    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 2, 1)]
    [InlineData(-1, 2, -1)]
    [InlineData(1, 3, 0)]
    [InlineData(2, 3, 1)]
    [InlineData(-2, 3, -1)]
    [InlineData(3, 2, 2)]
    [InlineData(5, 2, 3)]
    [InlineData(-5, 2, -3)]
    [InlineData(7, 7, 1)]
    [InlineData(14, 10, 1)]
    [InlineData(15, 10, 2)]
    [InlineData(-14, 10, -1)]
    [InlineData(-15, 10, -2)]
    [InlineData(149, 100, 1)]
    [InlineData(150, 100, 2)]
    [InlineData(long.MaxValue, 1, long.MaxValue)]
    [InlineData(long.MinValue, 1, long.MinValue)]
    [InlineData(long.MaxValue, long.MaxValue, 1)]
    public void Halves_are_rounded_away_from_zero(long numerator, long denominator, long rounded) =>
        Assert.Equal(rounded, Rounding.HalfAwayFromZero(numerator, denominator));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Nothing_is_divided_by_nothing_or_less(long denominator) =>
        Assert.Throws<InvariantBrokenException>(() => Rounding.HalfAwayFromZero(1, denominator));

    [Fact]
    public void A_quotient_beyond_the_range_of_amounts_is_an_error() =>
        Assert.Throws<OverflowException>(() => Rounding.HalfAwayFromZero((Int128)long.MaxValue * 3, 2));

    [Fact]
    public void Rounding_agrees_with_decimal_arithmetic() => Prop.ForAll(
        Gen.Choose(int.MinValue, int.MaxValue).Zip(Gen.Choose(1, 1_000_000)).ToArbitrary(),
        pair => Assert.Equal(
            (long)Math.Round((decimal)pair.Item1 / pair.Item2, MidpointRounding.AwayFromZero), Rounding.HalfAwayFromZero(pair.Item1, pair.Item2)))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData(100, "1 1 1", "33 34 33")]
    [InlineData(-100, "1 1 1", "-33 -34 -33")]
    [InlineData(1, "1 1", "1 0")]
    [InlineData(0, "3 4", "0 0")]
    [InlineData(10, "0 1 0", "0 10 0")]
    [InlineData(10, "0 0", "10 0")]
    [InlineData(49900, "15 16", "24145 25755")]
    [InlineData(7, "7", "7")]
    public void A_split_sums_to_the_whole(long whole, string weights, string parts) => Assert.Equal(
        parts.Split(' ').Select(long.Parse), Rounding.Allocate(whole, [.. weights.Split(' ').Select(long.Parse)]));

    [Fact]
    public void Any_split_sums_to_the_whole_and_no_part_is_a_unit_off() => Prop.ForAll(
        Gen.Choose(-1_000_000, 1_000_000).Zip(Gen.Choose(0, 500).NonEmptyListOf()).ToArbitrary(),
        pair =>
        {
            var (whole, weights) = (pair.Item1, pair.Item2.Select(weight => (long)weight).ToArray());
            var parts = Rounding.Allocate(whole, weights);
            Assert.Equal(whole, parts.Sum());
            var total = weights.Sum();
            if (total == 0) return;
            for (var i = 0; i < parts.Length; i++) Assert.InRange(parts[i] - ((decimal)whole * weights[i] / total), -1m, 1m);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_split_needs_weights_and_no_negative_ones()
    {
        Assert.Throws<InvariantBrokenException>(() => Rounding.Allocate(1, []));
        Assert.Throws<InvariantBrokenException>(() => Rounding.Allocate(1, [1, -1]));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("499", 49900)]
    [InlineData("0.01", 1)]
    [InlineData("-273.65", -27365)]
    [InlineData("1234.50", 123450)]
    [InlineData("92233720368547758.07", long.MaxValue)]
    public void Money_is_read_from_major_units_exactly(string major, long minor)
    {
        var money = Given.Czk(major);

        Assert.Equal(minor, money.Minor);
        Assert.Equal(decimal.Parse(major, CultureInfo.InvariantCulture), money.Major);
    }

    [Fact]
    public void Money_has_two_decimals_and_a_range()
    {
        Assert.Throws<FormatException>(() => Money.Czk(0.001m));
        Assert.Throws<OverflowException>(() => Money.Czk(1e20m));
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, Currency.Czk) + new Money(1, Currency.Czk));
        Assert.Throws<OverflowException>(() => new Money(long.MinValue, Currency.Czk) - new Money(1, Currency.Czk));
        Assert.Throws<OverflowException>(() => -new Money(long.MinValue, Currency.Czk));
    }

    [Fact]
    public void Currencies_never_mix()
    {
        Assert.Throws<InvariantBrokenException>(() => Money.Czk(1) + Money.Eur(1));
        Assert.Throws<InvariantBrokenException>(() => Money.Czk(1) - Money.Eur(1));
        Assert.Throws<InvariantBrokenException>(() => Money.Czk(1) < Money.Eur(1));
        Assert.Throws<InvariantBrokenException>(() => Money.Min(Money.Czk(1), Money.Eur(1)));
        Assert.NotEqual(Money.Czk(1), Money.Eur(1));
    }

    [Fact]
    public void Money_is_compared_and_computed_by_amount()
    {
        var (one, two) = (Money.Czk(1), Money.Czk(2));

        Assert.True(one < two && two > one && one <= two && two >= one && one.CompareTo(two) < 0);
        Assert.Equal((one, two), (Money.Min(two, one), Money.Max(two, one)));
        Assert.Equal((Money.Czk(3), -one, one), (one + two, one - two, (-one).Abs));
        Assert.True(Money.Zero(Currency.Czk).IsZero && one.IsPositive && (-one).IsNegative);
        Assert.Equal(Money.Czk(241.45m), Money.Czk(499).Times(15, 31));
        Assert.Equal(Money.Czk(6), new[] { 1m, 2m, 3m }.Sum(Currency.Czk, Money.Czk));
    }

    [Theory]
    [InlineData("0", "0.00 CZK")]
    [InlineData("1234.5", "1234.50 CZK")]
    [InlineData("-0.05", "-0.05 CZK")]
    [InlineData("1000000", "1000000.00 CZK")]
    public void Money_reads_the_same_on_every_machine(string major, string text) => Assert.Equal(text, Given.Czk(major).ToString());

    [Theory]
    [InlineData("1", 1000, "1")]
    [InlineData("1.5", 1500, "1.5")]
    [InlineData("0.001", 1, "0.001")]
    [InlineData("1000", 1_000_000, "1000")]
    public void Quantities_count_thousandths(string value, long thousandths, string text)
    {
        var quantity = Quantity.From(decimal.Parse(value, CultureInfo.InvariantCulture));

        Assert.Equal((thousandths, text), (quantity.Thousandths, quantity.ToString()));
        Assert.Equal(decimal.Parse(value, CultureInfo.InvariantCulture), quantity.Value);
    }

    [Fact]
    public void A_quantity_has_three_decimals() => Assert.Throws<FormatException>(() => Quantity.From(0.0001m));
}
