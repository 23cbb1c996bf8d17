using IspBilling.Domain;
using IspBilling.Postgres.Figures;

namespace IspBilling.Desk.Reports;

/// <summary>Puts prices of the catalogue to what is subscribed.</summary>
public static class RecurringComposition
{
    public static RecurringReport Report(DateOnly day, IReadOnlyList<RecurringServices> rows, DecisionContext context)
    {
        var priced = rows.Select(row => (Row: row, Tariff: context.Catalogue.Tariffs.GetValueOrDefault(new TariffId(row.Tariff)), Net: Net(row, day, context))).ToList();
        return new RecurringReport(
            day,
            [.. priced.GroupBy(entry => entry.Row.Issuer).Select(issuer => new RecurringTotal(
                issuer.Key, issuer.Sum(entry => entry.Row.Services),
                MoneyTotal.Sum(issuer.Select(entry => entry.Net).OfType<MoneyTotal>(), context.Issuers[new IssuerId(issuer.Key)].Currency)))],
            [.. priced.Select(entry => new RecurringRow(
                entry.Row.Issuer, entry.Tariff?.Code ?? $"{entry.Row.Tariff}", entry.Tariff?.Name ?? "", entry.Tariff?.Kind ?? ServiceKind.Other, entry.Row.Services,
                entry.Net))]);
    }

    /// <summary>What some of the rows bring together in a month, by currency; a row without a price brings nothing.</summary>
    public static CurrencyTotals Monthly(DateOnly day, IReadOnlyList<RecurringServices> rows, DecisionContext context)
    {
        var sums = new CurrencyTotals();
        foreach (var row in rows)
            if (Net(row, day, context) is { } net) sums.Add(net);
        return sums;
    }

    /// <summary>Null while the tariff is unknown or has no price that day in the currency that the issuer invoices in.</summary>
    private static MoneyTotal? Net(RecurringServices row, DateOnly day, DecisionContext context) =>
        context.Catalogue.Tariffs.GetValueOrDefault(new TariffId(row.Tariff)) is { } tariff
            ? RecurringRevenue.NetOf(tariff, row.ListUnits, row.Agreed, context.Issuers[new IssuerId(row.Issuer)], context.VatRates, day)
            : null;
}
