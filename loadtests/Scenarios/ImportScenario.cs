using System.Diagnostics;
using System.Globalization;
using IspBilling.Banking;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.LoadTests.Measuring;
using IspBilling.LoadTests.Payments;
using IspBilling.Postgres.Imports;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// Clients pay N invoices, half by a GPC and half by a camt file; then both files are imported again, and nothing may change.
/// </summary>
public sealed class ImportScenario(int payments, int seed, PaymentMix mix) : IScenario
{
    public string Name => "import";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await BillScenario.Seed(bed, payments, seed, report, cancellation);
        await BillScenario.Bill(bed, report, payments, cancellation);
        var (gpc, camt) = (new FileInfo(Path.GetTempFileName()), new FileInfo(Path.GetTempFileName()));
        try
        {
            var written = await Write(bed, gpc, camt, cancellation);
            await bed.Settle(cancellation);
            return await Measure(bed, [gpc, camt], written, report, cancellation);
        }
        finally
        {
            gpc.Delete();
            camt.Delete();
        }
    }

    private static async Task<Figures> Measure(
        LoadBed bed, FileInfo[] files, IReadOnlyDictionary<PaymentKind, KindTally> written, Action<string, double, double> report,
        CancellationToken cancellation)
    {
        var facts = new List<(string, string)>();
        var imports = new List<StatementImport>();
        using var meter = new Meter(bed.Database);
        await meter.Start();
        foreach (var file in files)
        {
            report("importing", imports.Count, files.Length);
            var started = Stopwatch.GetTimestamp();
            var (import, staged) = await Import(bed, file, cancellation);
            imports.Add(import);
            facts.Add((
                import.Format,
                string.Create(CultureInfo.InvariantCulture, $"{import.Counts.Read:#,0} entries, {file.Length / 1_048_576.0:0.0} MiB: read in {staged.TotalSeconds:0.0} s, booked {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s after the beginning")));
        }

        var cost = await meter.Stop();
        report("importing", imports.Count, files.Length);
        facts.AddRange(await new KindCheck(bed.Database, [.. imports.Select(import => import.Id)]).Run(written, cancellation));
        foreach (var file in files) facts.Add(("the same file again", await Again(bed, file, cancellation)));
        return new Figures("entry", imports.Sum(import => import.Counts.Read), cost, facts);
    }

    private async Task<IReadOnlyDictionary<PaymentKind, KindTally>> Write(LoadBed bed, FileInfo gpc, FileInfo camt, CancellationToken cancellation)
    {
        var invoices = await PayableInvoices.IssuedAfter(bed.Database, sequence: 0, cancellation);
        var half = invoices.Count / 2;
        var day = bed.Context.Today;
        var (first, second) = (new PaymentStream(mix, seed, StatementFiles.GpcAccount, day), new PaymentStream(mix, seed + 1, StatementFiles.Iban, day));
        await using (var file = gpc.Create()) await StatementFiles.WriteGpc(file, first.Of(invoices.Take(half)), cancellation);
        await using (var file = camt.Create()) await StatementFiles.WriteCamt(file, second.Of(invoices.Skip(half)), cancellation);
        return first.Tallies.Concat(second.Tallies).GroupBy(pair => pair.Key, pair => pair.Value)
            .ToDictionary(kind => kind.Key, kind => kind.Aggregate(new KindTally(), (sum, tally) => sum.With(tally)));
    }

    /// <returns>The import, and how long the file was read before the first of it was booked.</returns>
    private static async Task<(StatementImport Import, TimeSpan Staged)> Import(LoadBed bed, FileInfo file, CancellationToken cancellation)
    {
        await using var stream = file.OpenRead();
        var opened = await StatementReaders.Open(stream, file.Name, new StatementReaderOptions { OwnAccounts = [DemoProvider.BankAccount] }, cancellation);
        var store = new PostgresStatementImportStore(bed.Database);
        var request = new StatementImport(
            new ImportId(Guid.NewGuid()), file.Name, opened.Format, Actor.System("load test"), bed.Clock.GetUtcNow(),
            FinishedAt: null, ImportStatus.Reading, ImportCounts.None, [], Refusal: null);
        var started = Stopwatch.GetTimestamp();
        var staged = await store.Stage(request, opened.Items, cancellation);
        var elapsed = Stopwatch.GetElapsedTime(started);
        return (await bed.Booking.Match(staged, cancellation), elapsed);
    }

    private static async Task<string> Again(LoadBed bed, FileInfo file, CancellationToken cancellation)
    {
        var (import, _) = await Import(bed, file, cancellation);
        var (read, known) = (import.Counts.Read, import.Counts.AlreadyKnown);
        return read == known
            ? string.Create(CultureInfo.InvariantCulture, $"{known:#,0} of {read:#,0} entries known already")
            : throw new InvalidOperationException($"{import.Format}: {read - known} of {read} entries were taken for new the second time");
    }
}
