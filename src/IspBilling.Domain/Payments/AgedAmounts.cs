namespace IspBilling.Domain;

/// <summary>Open invoices by days overdue; the buckets less the credit are <paramref name="Total"/>, which is the balance on the client's card.</summary>
/// <param name="Credit">Payments and credit notes that nothing has used yet, as on the client's card; in the totals, of all clients.</param>
/// <param name="Disputed">Contested; contained in the buckets.</param>
public sealed record AgedAmounts(
    MoneyTotal NotDue, MoneyTotal Days1To30, MoneyTotal Days31To60, MoneyTotal Days61To90, MoneyTotal Days91AndMore,
    MoneyTotal Credit, MoneyTotal Total, MoneyTotal Disputed)
{
    /// <summary>From minor units.</summary>
    public static AgedAmounts Of(
        Currency currency, decimal notDue, decimal days1To30, decimal days31To60, decimal days61To90, decimal days91AndMore, decimal credit, decimal disputed) => new(
        new MoneyTotal(notDue, currency), new MoneyTotal(days1To30, currency), new MoneyTotal(days31To60, currency), new MoneyTotal(days61To90, currency),
        new MoneyTotal(days91AndMore, currency), new MoneyTotal(credit, currency),
        new MoneyTotal(notDue + days1To30 + days31To60 + days61To90 + days91AndMore - credit, currency), new MoneyTotal(disputed, currency));
}
