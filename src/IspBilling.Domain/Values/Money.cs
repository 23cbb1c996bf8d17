using System.Globalization;

namespace IspBilling.Domain;

/// <summary>An amount in minor units (haléře, cents) of one currency. Arithmetic is checked and never mixes currencies.</summary>
public readonly record struct Money(long Minor, Currency Currency) : IComparable<Money>
{
    public static Money Zero(Currency currency) => new(0, currency);

    public static Money Czk(decimal major) => FromMajor(major, Currency.Czk);

    public static Money Eur(decimal major) => FromMajor(major, Currency.Eur);

    /// <summary>From major units (crowns, euros).</summary>
    /// <exception cref="FormatException">The amount has more decimals than the currency.</exception>
    public static Money FromMajor(decimal major, Currency currency)
    {
        var minor = major * Currency.MinorPerMajor;
        if (minor != decimal.Truncate(minor))
            throw new FormatException($"{major.ToString(CultureInfo.InvariantCulture)} {currency} has more than {Currency.MinorDigits} decimals.");
        return new Money(checked((long)minor), currency);
    }

    public decimal Major => (decimal)Minor / Currency.MinorPerMajor;

    public bool IsZero => Minor == 0;
    public bool IsPositive => Minor > 0;
    public bool IsNegative => Minor < 0;
    public Money Abs => Minor < 0 ? -this : this;

    public static Money operator +(Money a, Money b) => new(checked(a.Minor + Same(a, b).Minor), a.Currency);

    public static Money operator -(Money a, Money b) => new(checked(a.Minor - Same(a, b).Minor), a.Currency);

    public static Money operator -(Money a) => new(checked(-a.Minor), a.Currency);

    public static bool operator <(Money a, Money b) => a.Minor < Same(a, b).Minor;

    public static bool operator >(Money a, Money b) => a.Minor > Same(a, b).Minor;

    public static bool operator <=(Money a, Money b) => a.Minor <= Same(a, b).Minor;

    public static bool operator >=(Money a, Money b) => a.Minor >= Same(a, b).Minor;

    public static Money Min(Money a, Money b) => a <= b ? a : b;

    public static Money Max(Money a, Money b) => a >= b ? a : b;

    /// <summary>This × numerator / denominator, rounded half away from zero once.</summary>
    public Money Times(Int128 numerator, Int128 denominator) =>
        new(Rounding.HalfAwayFromZero(Minor * numerator, denominator), Currency);

    public int CompareTo(Money other) => Minor.CompareTo(Same(this, other).Minor);

    /// <summary>For people and logs: <c>1234.50 CZK</c>, invariant culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major:0.00} {Currency}");

    private static Money Same(Money a, Money b)
    {
        Invariant.Require(a.Currency == b.Currency);
        return b;
    }
}

public static class MoneySums
{
    /// <summary>Whether amounts are together exactly a total; amounts in another currency never are.</summary>
    public static bool AddUpTo<T>(this IReadOnlyCollection<T> items, Money total, Func<T, Money> amount) =>
        items.All(item => amount(item).Currency == total.Currency) && items.Sum(total.Currency, amount) == total;

    public static Money Sum<T>(this IEnumerable<T> items, Currency currency, Func<T, Money> amount)
    {
        var sum = Money.Zero(currency);
        foreach (var item in items) sum += amount(item);
        return sum;
    }
}
