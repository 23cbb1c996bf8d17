using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Postgres.Figures;

namespace IspBilling.Http.Reports;

/// <summary>Puts prices of the catalogue to what is subscribed.</summary>
internal static class RecurringComposition
{
    public static RecurringReport Report(DateOnly day, IReadOnlyList<RecurringServices> rows, DecisionContext context)
    {
        var priced = rows.Select(row => (Row: row, Tariff: context.Catalogue.Tariffs[new TariffId(row.Tariff)], Net: Net(row, day, context))).ToList();
        return new RecurringReport(
            day,
            [.. priced.GroupBy(entry => entry.Row.Issuer).Select(issuer => new RecurringTotal(
                issuer.Key, issuer.Sum(entry => entry.Row.Services),
                MoneyAmount.Of(issuer.Sum(entry => entry.Net?.Minor ?? 0), CurrencyOf(issuer.Key, context).Code)))],
            [.. priced.Select(entry => new RecurringRow(
                entry.Row.Issuer, entry.Tariff.Code, entry.Tariff.Name, entry.Tariff.Kind, entry.Row.Services,
                entry.Net is { } net ? MoneyAmount.Of(net) : null))]);
    }

    /// <summary>Null while the tariff has no price that day.</summary>
    private static Money? Net(RecurringServices row, DateOnly day, DecisionContext context)
    {
        var tariff = context.Catalogue.Tariffs[new TariffId(row.Tariff)];
        var issuer = context.Issuers[new IssuerId(row.Issuer)];
        var currency = issuer.Currency;
        try
        {
            var atList = row.ListUnits == 0 ? Money.Zero(currency) : tariff.VersionOn(day).MonthlyPrice.Times(row.ListUnits, Recurring.ListUnit);
            var sum = atList + new Money(row.Agreed, currency);
            // Who is no VAT payer charges none of it.
            return tariff.PriceMode == PriceMode.Net || !issuer.IsVatPayer
                ? sum
                : sum.Times(VatRate.Whole, VatRate.Whole + context.VatRates.On(issuer.Address.Country, tariff.VatCategory, day).BasisPoints);
        }
        catch (BrokenReferenceException)
        {
            return null;
        }
    }

    private static Currency CurrencyOf(int issuer, DecisionContext context) => context.Issuers[new IssuerId(issuer)].Currency;
}
