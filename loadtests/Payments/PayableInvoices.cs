using IspBilling.Demo;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.LoadTests.Payments;

internal static class PayableInvoices
{
    /// <summary>Those of the provider's one series whose number comes after this one, account by account.</summary>
    public static Task<List<PayableInvoice>> IssuedAfter(NpgsqlDataSource database, long sequence, CancellationToken cancellation) => Read(
        database, "SELECT symbol, total FROM documents WHERE symbol IS NOT NULL AND sequence > $1 ORDER BY account_id, ordinal", sequence, cancellation);

    /// <summary>Those issued on a day of which nothing has been paid, account by account.</summary>
    public static Task<List<PayableInvoice>> Unpaid(NpgsqlDataSource database, DateOnly issuedOn, CancellationToken cancellation) => Read(
        database,
        """
        SELECT d.symbol, d.total FROM open_items o JOIN documents d ON d.account_id = o.account_id AND d.ordinal = o.document
        WHERE d.symbol IS NOT NULL AND o.open = d.total AND d.issued_on = $1 ORDER BY d.account_id, d.ordinal
        """,
        issuedOn, cancellation);

    private static async Task<List<PayableInvoice>> Read(NpgsqlDataSource database, string query, object parameter, CancellationToken cancellation)
    {
        var invoices = new List<PayableInvoice>();
        await using var select = database.CreateCommand(query);
        select.CommandTimeout = 0;
        select.Parameters.Add(new() { Value = parameter });
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) invoices.Add(new PayableInvoice(new VariableSymbol(rows.GetInt64(0)), new Money(rows.GetInt64(1), Currency.Czk)));
        return invoices;
    }
}
