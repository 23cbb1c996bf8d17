using IspBilling.Banking;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;

namespace IspBilling.LoadTests.Payments;

/// <summary>Clients that pay by a bank statement, which is read, stored and booked.</summary>
internal static class PaidByStatement
{
    public static async Task<byte[]> Write(
        LoadBed bed, IEnumerable<PayableInvoice> invoices, PaymentMix mix, int seed, CancellationToken cancellation)
    {
        using var file = new MemoryStream();
        var payments = new PaymentStream(mix, seed, StatementFiles.GpcAccount, bed.Context.Today);
        await StatementFiles.WriteGpc(file, payments.Of(invoices), cancellation);
        return file.ToArray();
    }

    /// <returns>How many entries it has.</returns>
    public static async Task<long> Book(LoadBed bed, IStatementBooking booking, byte[] statement, CancellationToken cancellation)
    {
        using var file = new MemoryStream(statement);
        var opened = await StatementReaders.Open(file, "payments.gpc", new StatementReaderOptions { OwnAccounts = [DemoProvider.BankAccount] }, cancellation);
        var request = new StatementImport(
            new ImportId(Guid.NewGuid()), "payments.gpc", opened.Format, Actor.System("load test"), bed.Clock.GetUtcNow(), FinishedAt: null, ImportStatus.Reading,
            ImportCounts.None, [], Refusal: null);
        var staged = await new PostgresStatementImportStore(bed.Database).Stage(request, opened.Items, cancellation);
        return (await booking.Match(staged, cancellation)).Counts.Read;
    }
}
