namespace IspBilling.Architecture.Tests;

/// <summary>Money is added and days are counted in the Domain, where one test shows the rule and one place changes it.</summary>
public sealed class ArithmeticTests
{
    private const string Home = "src/IspBilling.Domain/";

    [Fact]
    public void Nothing_computes_with_money_or_days_outside_the_Domain() => Assert.Empty(
        from found in CodeModel.Product.Arithmetic
        where !found.Place.Path.StartsWith(Home, StringComparison.Ordinal) && !ArithmeticExceptions.Permit(found.Place.Path)
        select $"{found.Place.Path}: {found.Code}");

    [Fact]
    public void An_exception_goes_when_it_is_no_longer_needed() => Assert.Empty(
        from exception in ArithmeticExceptions.All
        where !CodeModel.Product.Arithmetic.Any(found => ArithmeticExceptions.Covers(exception.Key, found.Place.Path))
        select $"{exception.Key}: {exception.Value}");

    [Fact]
    public void The_Domain_itself_computes() => Assert.True(
        CodeModel.Product.Arithmetic.Where(found => found.Place.Path.StartsWith(Home, StringComparison.Ordinal)).Select(found => found.Place.Path).Distinct().Count() > 20);

    [Theory]
    [InlineData("Money M(Money a, Money b) => a + b;")]
    [InlineData("void M(Money a, Money b) { a -= b; }")]
    [InlineData("Money M(Money a) => -a;")]
    [InlineData("Money M(Money a) => a.Times(1, 2);")]
    [InlineData("Money M(Money[] all) => all.Sum(default, one => one);")]
    [InlineData("long M(Money a) => a.Minor * 2;")]
    [InlineData("decimal M(Money a) => 1 - (decimal)a.Minor;")]
    [InlineData("long M(Money[] all) => all.Sum(one => one.Minor);")]
    [InlineData("System.DateOnly M(System.DateOnly a) => a.AddMonths(1);")]
    [InlineData("System.DateOnly? M(System.DateOnly? a) => a?.AddDays(1);")]
    [InlineData("int M(System.DateOnly a, System.DateOnly b) => a.DayNumber - b.DayNumber;")]
    [InlineData("int M(Unknown.Package p, System.DateOnly a) => p.Each(x => a.AddDays(1));")]
    public void The_rule_itself_knows_arithmetic(string code) => Assert.NotEmpty(Found(code));

    [Theory]
    [InlineData("bool M(Money a, Money b) => a == b;")]
    [InlineData("long M(Money a) => a.Minor;")]
    [InlineData("int M(int a, int b) => a + b;")]
    [InlineData("System.DateTime M(System.DateTime a) => a.AddDays(1);")]
    [InlineData("int M(System.DateOnly a) => a.Year;")]
    public void The_rule_itself_lets_values_be_compared_and_shown(string code) => Assert.Empty(Found(code));

    private static IEnumerable<ComputedAt> Found(string member) => CodeModel.Of(
    [
        (new Place("P", Place.Root, "Money.cs"),
            """
            public readonly record struct Money(long Minor)
            {
                public static Money operator +(Money a, Money b) => a;
                public static Money operator -(Money a, Money b) => a;
                public static Money operator -(Money a) => a;
                public Money Times(int a, int b) => this;
            }
            public static class MoneySums
            {
                public static Money Sum<T>(this System.Collections.Generic.IEnumerable<T> items, int currency, System.Func<T, Money> amount) => default;
            }
            """),
        (new Place("Q", Place.Root, "User.cs"), $"using System.Linq; class User {{ {member} }}"),
    ]).Arithmetic.Where(found => found.Place.Project == "Q");
}
