using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Postgres.Figures;

namespace IspBilling.Http.Reports;

/// <summary>Puts prices of the catalogue to what is subscribed.</summary>
internal static class RecurringComposition
{
    public static RecurringReport Report(DateOnly day, IReadOnlyList<RecurringServices> rows, DecisionContext context)
    {
        var priced = rows.Select(row => (Row: row, Tariff: context.Catalogue.Tariffs.GetValueOrDefault(new TariffId(row.Tariff)), Net: Net(row, day, context))).ToList();
        return new RecurringReport(
            day,
            [.. priced.GroupBy(entry => entry.Row.Issuer).Select(issuer => new RecurringTotal(
                issuer.Key, issuer.Sum(entry => entry.Row.Services),
                MoneyAmount.Of(issuer.Sum(entry => entry.Net ?? 0), CurrencyOf(issuer.Key, context).Code)))],
            [.. priced.Select(entry => new RecurringRow(
                entry.Row.Issuer, entry.Tariff?.Code ?? $"{entry.Row.Tariff}", entry.Tariff?.Name ?? "", entry.Tariff?.Kind ?? ServiceKind.Other, entry.Row.Services,
                entry.Net is { } net ? MoneyAmount.Of(net, CurrencyOf(entry.Row.Issuer, context).Code) : null))]);
    }

    /// <summary>Minor units; null while the tariff has no price that day in the currency that the issuer invoices in.</summary>
    private static decimal? Net(RecurringServices row, DateOnly day, DecisionContext context)
    {
        if (context.Catalogue.Tariffs.GetValueOrDefault(new TariffId(row.Tariff)) is not { } tariff) return null;
        var issuer = context.Issuers[new IssuerId(row.Issuer)];
        if (tariff.Currency != issuer.Currency) return null;
        try
        {
            var atList = row.ListUnits == 0 ? 0 : tariff.VersionOn(day).MonthlyPrice.Minor * (row.ListUnits / Recurring.ListUnit);
            var sum = Rounded(atList) + row.Agreed;
            // Who is no VAT payer charges none of it.
            return tariff.PriceMode == PriceMode.Net || !issuer.IsVatPayer
                ? sum
                : Rounded(sum * VatRate.Whole / (VatRate.Whole + context.VatRates.On(issuer.Address.Country, tariff.VatCategory, day).BasisPoints));
        }
        catch (BrokenReferenceException)
        {
            return null;
        }
    }

    private static decimal Rounded(decimal minor) => Math.Round(minor, MidpointRounding.AwayFromZero);

    private static Currency CurrencyOf(int issuer, DecisionContext context) => context.Issuers[new IssuerId(issuer)].Currency;
}
