using System.Globalization;

namespace IspBilling.Domain;

/// <summary>A sum over many accounts, in minor units of one currency. It may be more than one account's <see cref="Money"/> can be.</summary>
public readonly record struct MoneyTotal(decimal Minor, Currency Currency)
{
    public static MoneyTotal Of(Money money) => new(money.Minor, money.Currency);

    public decimal Major => Minor / Currency.MinorPerMajor;

    public static MoneyTotal operator +(MoneyTotal a, MoneyTotal b) => new(a.Minor + Same(a, b).Minor, a.Currency);

    public static MoneyTotal operator -(MoneyTotal a, MoneyTotal b) => new(a.Minor - Same(a, b).Minor, a.Currency);

    /// <summary>One total for each currency that the amounts are in, ordered by code.</summary>
    public static IReadOnlyList<MoneyTotal> ByCurrency(IEnumerable<MoneyTotal> amounts) =>
    [
        .. amounts.GroupBy(amount => amount.Currency, amount => amount.Minor)
            .OrderBy(same => same.Key.Code, StringComparer.Ordinal)
            .Select(same => new MoneyTotal(same.Sum(), same.Key)),
    ];

    public static MoneyTotal Sum(IEnumerable<MoneyTotal> amounts, Currency currency) =>
        amounts.Aggregate(new MoneyTotal(0, currency), static (sum, amount) => sum + amount);

    /// <summary>For people and logs: <c>1234.50 CZK</c>, invariant culture.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major:0.00} {Currency}");

    private static MoneyTotal Same(MoneyTotal a, MoneyTotal b)
    {
        Invariant.Require(a.Currency == b.Currency);
        return b;
    }
}
