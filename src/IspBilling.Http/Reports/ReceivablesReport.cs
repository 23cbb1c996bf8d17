using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Postgres.Figures;
using IspBilling.Postgres.Reading;

namespace IspBilling.Http.Reports;

/// <param name="AsOf">The business date that the days overdue count to.</param>
/// <param name="Totals">Per issuer, over all clients, whatever the page.</param>
public sealed record ReceivablesReport(DateOnly AsOf, IReadOnlyList<IssuerReceivables> Totals, Page<ClientReceivablesRow> Clients);

/// <param name="Clients">How many have open items.</param>
public sealed record IssuerReceivables(int Issuer, long Clients, AgedAmounts Amounts);

public sealed record ClientReceivablesRow(string Client, string Name, DateOnly? OldestDue, AgedAmounts Amounts);

/// <summary>Open invoices by days overdue; the buckets less the credit are <paramref name="Total"/>, which is the balance on the client's card.</summary>
/// <param name="Credit">Payments and credit notes that nothing has used yet, as on the client's card; in the totals, of all clients.</param>
/// <param name="Disputed">Contested; contained in the buckets.</param>
public sealed record AgedAmounts(
    MoneyAmount NotDue, MoneyAmount Days1To30, MoneyAmount Days31To60, MoneyAmount Days61To90, MoneyAmount Days91AndMore,
    MoneyAmount Credit, MoneyAmount Total, MoneyAmount Disputed)
{
    public static AgedAmounts Of(AgedReceivables row, Currency currency) => Of(
        currency.Code, row.NotDue, row.Days1To30, row.Days31To60, row.Days61To90, row.Days91AndMore, row.Credit, row.Disputed);

    public static AgedAmounts Of(ClientReceivables row, Currency currency) => Of(
        currency.Code, row.NotDue, row.Days1To30, row.Days31To60, row.Days61To90, row.Days91AndMore, row.Credit, row.Disputed);

    private static AgedAmounts Of(
        string currency, decimal notDue, decimal first, decimal second, decimal third, decimal rest, decimal credit, decimal disputed) => new(
        MoneyAmount.Of(notDue, currency), MoneyAmount.Of(first, currency), MoneyAmount.Of(second, currency), MoneyAmount.Of(third, currency),
        MoneyAmount.Of(rest, currency), MoneyAmount.Of(credit, currency),
        MoneyAmount.Of(notDue + first + second + third + rest - credit, currency), MoneyAmount.Of(disputed, currency));
}
