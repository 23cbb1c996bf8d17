using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Http.Contract;

internal static class Currencies
{
    /// <summary>The one currency that all issuers invoice in; null when there are several, whose amounts have no sum.</summary>
    public static string? OfAll(LiveContext contexts)
    {
        var currencies = contexts.Settings.Issuers.Values.Select(issuer => issuer.Currency).Distinct().Take(2).ToArray();
        return currencies.Length == 1 ? currencies[0].Code : null;
    }

    /// <summary>One amount per currency, in the order of their codes.</summary>
    public static IReadOnlyList<MoneyAmount> Totals(IEnumerable<Money> amounts) =>
        [.. amounts.GroupBy(amount => amount.Currency.Code, StringComparer.Ordinal).OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => MoneyAmount.Of(same.Sum(amount => amount.Minor), same.Key))];
}
