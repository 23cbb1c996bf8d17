using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Figures;
using IspBilling.Postgres.Reading;

namespace IspBilling.Desk.Reports;

/// <summary>What the owner asks about everybody at once.</summary>
public sealed class OwnerReporting(FigureReading figures, ReceivablesReading receivables, LiveContext contexts)
{
    public async Task<RevenueReport> Revenue(CalendarMonth first, CalendarMonth last, CancellationToken cancellation)
    {
        var asked = first.Through(last);
        var months = await figures.Revenue(asked.From, asked.To, cancellation);
        var issued = (await figures.Taxes(asked.From, asked.To, cancellation)).ToLookup(tax => (tax.Issuer, tax.Month));
        var supplied = (await figures.SuppliedTaxes(asked.From, asked.To, cancellation)).ToLookup(tax => (tax.Issuer, tax.Month));
        return new RevenueReport(first.FirstDay, last.FirstDay, [.. months.Select(month =>
        {
            var currency = CurrencyOf(month.Issuer);
            return new RevenueRow(
                month.Issuer, month.Month, new MoneyTotal(month.Net, currency), new MoneyTotal(month.Tax, currency), new MoneyTotal(month.Rounding, currency),
                new MoneyTotal(month.Total, currency), month.Invoices, month.CreditNotes, new MoneyTotal(month.Credited, currency),
                ByRate(issued[(month.Issuer, month.Month)], currency), ByRate(supplied[(month.Issuer, month.Month)], currency));
        })]);
    }

    public async Task<PaymentsReport> Payments(Period asked, CancellationToken cancellation)
    {
        var days = await figures.Payments(asked.From, asked.To, cancellation);
        return new PaymentsReport(asked.From, asked.LastDay, [.. days.Select(day =>
        {
            var currency = CurrencyOf(day.Issuer);
            return new PaymentsRow(day.Issuer, day.Day, new MoneyTotal(day.Received, currency), day.Payments, new MoneyTotal(day.Returned, currency), day.Returns);
        })]);
    }

    public async Task<ClientsReport> Clients(CalendarMonth first, CalendarMonth last, CancellationToken cancellation)
    {
        var asked = first.Through(last);
        var months = await figures.Clients(asked.From, asked.To, cancellation);
        return new ClientsReport(first.FirstDay, last.FirstDay, [.. months.Select(month => new ClientsRow(
            month.Issuer, month.Month, month.Joined, month.Departed, month.Active))]);
    }

    public async Task<RecurringReport> Recurring(DateOnly day, CancellationToken cancellation) =>
        RecurringComposition.Report(day, await figures.RecurringOn(day, cancellation), contexts.Now().Context);

    /// <summary>What is open of each issuer that has ever billed or been paid, over all clients.</summary>
    public async Task<IReadOnlyList<IssuerReceivables>> Receivables(DateOnly asOf, CancellationToken cancellation)
    {
        var totals = await figures.Receivables(asOf, cancellation);
        return [.. totals.Select(row => new IssuerReceivables(row.Issuer, row.Clients, AgedAmounts.Of(
            CurrencyOf(row.Issuer), row.NotDue, row.Days1To30, row.Days31To60, row.Days61To90, row.Days91AndMore, row.Credit, row.Disputed)))];
    }

    /// <summary>Clients who owe, after an account, by its number.</summary>
    public async Task<IReadOnlyList<(AccountId Account, ClientReceivablesRow Row)>> Debtors(long after, int max, DateOnly asOf, CancellationToken cancellation)
    {
        var clients = await receivables.After(after, max, asOf, cancellation);
        return [.. clients.Select(row => (new AccountId(row.Account), new ClientReceivablesRow(row.Reference, row.Name, row.OldestDue, AgedAmounts.Of(
            CurrencyOf(row.Issuer), row.NotDue, row.Days1To30, row.Days31To60, row.Days61To90, row.Days91AndMore, row.Credit, row.Disputed))))];
    }

    private static RevenueByRate[] ByRate(IEnumerable<MonthlyTax> taxes, Currency currency) =>
        [.. taxes.Select(tax => new RevenueByRate(VatRate.PercentOf(tax.Rate), new MoneyTotal(tax.Net, currency), new MoneyTotal(tax.Tax, currency)))];

    private Currency CurrencyOf(int issuer) => contexts.Settings.Issuers[new IssuerId(issuer)].Currency;
}
