using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>Clients that pay, straight at the engine, without a bank between.</summary>
internal static class Paying
{
    private const int PageSize = 10_000;

    /// <summary>Every other client pays the invoice issued today.</summary>
    public static Task EveryOther(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation) =>
        Pay(bed, "account_id % 2 = 0", (done, of) => report("paying", done, of), cancellation);

    /// <summary>Every client pays the invoice issued today.</summary>
    public static Task Everybody(LoadBed bed, CancellationToken cancellation) => Pay(bed, "true", static (_, _) => { }, cancellation);

    private static async Task Pay(LoadBed bed, string who, Action<int, int> report, CancellationToken cancellation)
    {
        var invoices = await Invoices(bed, who, cancellation);
        var done = 0;
        foreach (var page in invoices.Chunk(PageSize))
        {
            await Task.WhenAll(page.Select(invoice => bed.Accounts.Ask(
                invoice.Account, new(CommandIds.Derive("book-payment", invoice.Payment.Entry), invoice.Payment, "load test", Bulk: true), cancellation).AsTask()));
            report(done += page.Length, invoices.Count);
        }
    }

    private static async Task<List<(AccountId Account, BookPayment Payment)>> Invoices(LoadBed bed, string who, CancellationToken cancellation)
    {
        var today = bed.Context.Today;
        var invoices = new List<(AccountId, BookPayment)>();
        await using var select = bed.Database.CreateCommand(
            $"SELECT account_id, total, symbol, number FROM documents WHERE {who} AND symbol IS NOT NULL AND issued_on = $1");
        select.CommandTimeout = 0;
        select.Parameters.Add(new() { Value = today });
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            var account = rows.GetInt64(0);
            invoices.Add((
                new AccountId(account),
                new BookPayment(
                    EntryOf(rows.GetString(3)), new Money(rows.GetInt64(1), Currency.Czk), today, new VariableSymbol(rows.GetInt64(2)),
                    string.Create(CultureInfo.InvariantCulture, $"{2_000_000_000 + account}/0800"), null, MatchRule.ExactDocument)));
        }

        return invoices;
    }

    /// <summary>Looks like the identity of a statement entry, and is as long.</summary>
    private static string EntryOf(string number) => CommandIds.Derive("load payment", number).Value.ToString("N");
}
