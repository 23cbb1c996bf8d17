using IspBilling.Demo;
using IspBilling.Domain;
using Npgsql;

namespace IspBilling.LoadTests.Payments;

internal static class PayableInvoices
{
    /// <summary>Those of the provider's one series whose number comes after this one, account by account.</summary>
    public static async Task<List<PayableInvoice>> IssuedAfter(NpgsqlDataSource database, long sequence, CancellationToken cancellation)
    {
        var invoices = new List<PayableInvoice>();
        await using var select = database.CreateCommand(
            "SELECT symbol, total FROM documents WHERE symbol IS NOT NULL AND sequence > $1 ORDER BY account_id, ordinal");
        select.Parameters.Add(new() { Value = sequence });
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) invoices.Add(new PayableInvoice(new VariableSymbol(rows.GetInt64(0)), new Money(rows.GetInt64(1), Currency.Czk)));
        return invoices;
    }
}
