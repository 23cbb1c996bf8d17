using System.Globalization;
using IspBilling.Demo;
using IspBilling.Documents.Content;
using IspBilling.Documents.Invoices;
using IspBilling.Documents.Rendering;
using IspBilling.Domain;
using IspBilling.LoadTests.Measuring;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>Invoices as they are printed, by one worker and by two; nothing is kept, every one is rendered.</summary>
public sealed class PdfScenario(int count, int seed) : IScenario
{
    private const int WarmUps = 50;
    private static readonly int[] WorkerCounts = [1, 2];

    public string Name => "pdf";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await DemoSettings.Put(new SettingsStore(bed.Database), bed.Clock.GetUtcNow(), cancellation);
        await BillScenario.Seed(bed, count, seed, report, cancellation);
        await BillScenario.Bill(bed, report, count, cancellation);
        var invoices = await Invoices(bed, cancellation);

        using var meter = new Meter(bed.Database);
        await meter.Start();
        var rows = new List<(string, string)>();
        foreach (var workers in WorkerCounts) rows.Add(($"{workers} worker{(workers == 1 ? "" : "s")}", await Render(invoices, workers, report, cancellation)));
        return new Figures("document", invoices.Count * WorkerCounts.Length, await meter.Stop(), rows);
    }

    private static async Task<string> Render(
        IReadOnlyList<InvoiceContent> invoices, int workers, Action<string, double, double> report, CancellationToken cancellation)
    {
        await using var renderer = new TypstRenderer(new TypstRendererOptions { Workers = workers });
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = workers * 2, CancellationToken = cancellation };
        await Parallel.ForEachAsync(invoices.Take(WarmUps), parallel, async (invoice, stop) => await renderer.RenderAsync(invoice, stop));

        long bytes = 0, done = 0;
        var (node, engine) = (ChildProcesses.Cpu("node"), Environment.CpuUsage.TotalTime.TotalSeconds);
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(invoices, parallel, async (invoice, stop) =>
        {
            Interlocked.Add(ref bytes, (await renderer.RenderAsync(invoice, stop)).Length);
            report($"rendering by {workers}", Interlocked.Increment(ref done), invoices.Count);
        });
        var seconds = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
        node = ChildProcesses.Cpu("node") - node;
        engine = Environment.CpuUsage.TotalTime.TotalSeconds - engine;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{invoices.Count / seconds:0} per second, {invoices.Count / (node + engine):0} per second and core; {node / invoices.Count * 1e3:0.0} ms Node and {engine / invoices.Count * 1e3:0.00} ms engine each; {bytes / invoices.Count / 1024.0:0} KiB");
    }

    private static async Task<IReadOnlyList<InvoiceContent>> Invoices(LoadBed bed, CancellationToken cancellation)
    {
        var reading = new DocumentReading(bed.Database);
        var invoices = new List<InvoiceContent>();
        foreach (var number in await Numbers(bed, cancellation))
        {
            var issued = await reading.Find(IssuerId.Default, DocumentNumber.Read(number)!.Value, cancellation);
            invoices.Add(PrintedDocument.Of(issued!, new Dictionary<int, string>()));
        }

        return invoices;
    }

    private static async Task<List<string>> Numbers(LoadBed bed, CancellationToken cancellation)
    {
        var numbers = new List<string>();
        await using var select = bed.Database.CreateCommand("SELECT number FROM documents ORDER BY account_id");
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) numbers.Add(rows.GetString(0));
        return numbers;
    }
}
