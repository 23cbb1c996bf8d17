using IspBilling.Domain;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>Clients that pay, straight at the engine, without a bank between.</summary>
internal static class Paying
{
    private const int PageSize = 10_000;

    /// <summary>Every other client pays the invoice issued today.</summary>
    public static async Task EveryOther(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        var invoices = await Invoices(bed, cancellation);
        var done = 0;
        foreach (var page in invoices.Chunk(PageSize))
        {
            await Task.WhenAll(page.Select(invoice => bed.Accounts.Ask(
                invoice.Account, new(new CommandId(Guid.NewGuid()), invoice.Payment, Actor.System("load test"), Bulk: true), cancellation).AsTask()));
            report("paying", done += page.Length, invoices.Count);
        }
    }

    private static async Task<List<(AccountId Account, BookPayment Payment)>> Invoices(LoadBed bed, CancellationToken cancellation)
    {
        var today = bed.Context.Today;
        var invoices = new List<(AccountId, BookPayment)>();
        await using var select = bed.Database.CreateCommand(
            "SELECT account_id, total, symbol, number FROM documents WHERE account_id % 2 = 0 AND symbol IS NOT NULL AND issued_on = $1");
        select.Parameters.Add(new() { Value = today });
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            invoices.Add((
                new AccountId(rows.GetInt64(0)),
                new BookPayment(
                    $"load/{rows.GetString(3)}", new Money(rows.GetInt64(1), Currency.Czk), today, new VariableSymbol(rows.GetInt64(2)), null, null,
                    MatchRule.NamedDocument)));
        }

        return invoices;
    }
}
