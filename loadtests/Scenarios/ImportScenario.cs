using System.Globalization;
using IspBilling.Banking;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.LoadTests.Measuring;
using IspBilling.Postgres.Imports;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>One statement file with a payment for every invoice, as clients pay.</summary>
public sealed class ImportScenario(int payments, int seed) : IScenario
{
    public string Name => "import";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await BillScenario.Seed(bed, payments, seed, report, cancellation);
        await BillScenario.Bill(bed, report, payments, cancellation);
        var file = Path.GetTempFileName();
        try
        {
            await WriteStatement(bed, file, cancellation);
            await bed.Settle(cancellation);
            report("importing", 0, 1);
            using var meter = new Meter(bed.Database);
            await meter.Start();
            var import = await Import(bed, file, cancellation);
            var cost = await meter.Stop();
            report("importing", 1, 1);
            return new Figures("entry", import.Counts.Read, cost,
            [
                ("file", string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(file).Length / 1_048_576.0:0.0} MiB GPC")),
                ("matched / suspense / rejected", string.Create(CultureInfo.InvariantCulture, $"{import.Counts.Matched:#,0} / {import.Counts.Suspense:#,0} / {import.Counts.Rejected:#,0}")),
            ]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task WriteStatement(LoadBed bed, string file, CancellationToken cancellation)
    {
        var entries = DemoPayments.For(await PayableInvoices(bed, cancellation), bed.Context.Today, seed).ToList();
        await using var stream = File.Create(file);
        await DemoStatement.Write(stream, bed.Context.Today, entries, cancellation);
    }

    private static async Task<List<PayableInvoice>> PayableInvoices(LoadBed bed, CancellationToken cancellation)
    {
        var invoices = new List<PayableInvoice>();
        await using var select = bed.Database.CreateCommand("SELECT symbol, total FROM documents WHERE symbol IS NOT NULL ORDER BY account_id, ordinal");
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) invoices.Add(new PayableInvoice(new VariableSymbol(rows.GetInt64(0)), new Money(rows.GetInt64(1), Currency.Czk)));
        return invoices;
    }

    private static async Task<StatementImport> Import(LoadBed bed, string file, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(file);
        var opened = await StatementReaders.Open(stream, Path.GetFileName(file), new StatementReaderOptions { OwnAccounts = [DemoProvider.BankAccount] }, cancellation);
        var importer = new StatementImporter(
            bed.Accounts, new PostgresStatementImportStore(bed.Database), TimeProvider.System, new StatementImporterOptions());
        var request = new StatementImport(
            new ImportId(Guid.NewGuid()), Path.GetFileName(file), opened.Format, "load test", TimeProvider.System.GetUtcNow(),
            FinishedAt: null, ImportStatus.Reading, ImportCounts.None, [], Refusal: null);
        return await importer.Import(request, opened.Items, cancellation);
    }
}
