using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using IspBilling.Banking;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.LoadTests.Measuring;
using IspBilling.LoadTests.Payments;
using IspBilling.Postgres.Imports;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// Reads statement files of any size, which nobody could hold in memory, and stages a smaller one; fails when memory rises with
/// what has been read.
/// </summary>
/// <param name="bytes">Size of the GPC and of the camt file that are only read.</param>
/// <param name="stagedBytes">Size of the GPC file that is also stored.</param>
public sealed class ReadScenario(long bytes, long stagedBytes, int seed) : IScenario
{
    private const long GrowthMax = 200L << 20;
    private const double MiB = 1 << 20;

    public string Name => "read";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        var facts = new List<(string, string)>();
        using var meter = new Meter(bed.Database);
        await meter.Start();
        var entries = await Watch("GPC, read", WriteGpc, bytes, Count, facts, bed, report, cancellation);
        entries += await Watch("camt, read", WriteCamt, bytes, Count, facts, bed, report, cancellation);
        entries += await Watch("GPC, staged", WriteGpc, stagedBytes, (file, items) => Stage(bed, file, items, cancellation), facts, bed, report, cancellation);
        return new Figures("entry", entries, await meter.Stop(), facts);
    }

    private async Task<long> Watch(
        string what, Func<Stream, IEnumerable<StatementEntry>, Task> write, long size, Func<StatementFile, IAsyncEnumerable<StatementItem>, Task<long>> use,
        List<(string, string)> facts, LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await using var watch = new MemoryWatch();
        var started = Stopwatch.GetTimestamp();
        await using var file = new GeneratedFile((output, written) => write(output, Payments(bed.Context.Today).TakeWhile(_ => written() < size)));
        var opened = await StatementReaders.Open(file.Content, what, new StatementReaderOptions { OwnAccounts = [DemoProvider.BankAccount] }, cancellation);
        var entries = await use(opened, Followed(opened.Items, file, size, watch, what, report, cancellation));
        var (first, second) = await watch.Stop();

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var growth = Math.Max(first.WorkingSet, second.WorkingSet) - watch.WorkingSetBefore;
        facts.Add((what, string.Create(CultureInfo.InvariantCulture, $"{file.BytesWritten / MiB:#,0} MiB, {entries:#,0} entries, {entries / seconds:#,0} per second, written meanwhile")));
        facts.Add(("  managed memory", Peaks(watch.HeapBefore, first.Heap, second.Heap)));
        facts.Add(("  working set", Peaks(watch.WorkingSetBefore, first.WorkingSet, second.WorkingSet)));
        return growth <= GrowthMax ? entries : throw new InvalidOperationException($"{what}: the working set grew by {growth >> 20} MiB, at most {GrowthMax >> 20} expected");
    }

    private static string Peaks(long before, long first, long second) => string.Create(
        CultureInfo.InvariantCulture,
        $"{before / MiB:#,0} MiB before, at most {first / MiB:#,0} MiB in the first half, {second / MiB:#,0} MiB in the second");

    /// <summary>Passes the items on, tells how far the file is, and when it is half read.</summary>
    private static async IAsyncEnumerable<StatementItem> Followed(
        IAsyncEnumerable<StatementItem> items, GeneratedFile file, long size, MemoryWatch watch, string what, Action<string, double, double> report,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var isSecondHalf = false;
        await foreach (var item in items.WithCancellation(cancellation))
        {
            yield return item;
            if (item is not StatementOpened) continue;
            var written = file.BytesWritten;
            report(what, Math.Min(written, size), size);
            if (isSecondHalf || written < size / 2) continue;
            isSecondHalf = true;
            watch.Halfway();
        }

        report(what, size, size);
    }

    private static async Task<long> Count(StatementFile file, IAsyncEnumerable<StatementItem> items)
    {
        var entries = 0L;
        await foreach (var item in items)
        {
            if (item is StatementWarning warning) throw new InvalidOperationException($"{file.Format}, {warning.Position}: {warning.Text}");
            if (item is StatementEntryRead) entries++;
        }

        return entries;
    }

    private static async Task<long> Stage(LoadBed bed, StatementFile file, IAsyncEnumerable<StatementItem> items, CancellationToken cancellation)
    {
        var request = new StatementImport(
            new ImportId(Guid.NewGuid()), "staged", file.Format, Actor.System("load test"), bed.Clock.GetUtcNow(), FinishedAt: null, ImportStatus.Reading,
            ImportCounts.None, [], Refusal: null);
        var staged = await new PostgresStatementImportStore(bed.Database).Stage(request, items, cancellation);
        if (staged.Counts.AlreadyKnown != 0) throw new InvalidOperationException($"{staged.Counts.AlreadyKnown} entries of a new file were taken for known");
        return staged.Counts.Read;
    }

    private static Task WriteGpc(Stream output, IEnumerable<StatementEntry> entries) => StatementFiles.WriteGpc(output, entries, CancellationToken.None);

    private static Task WriteCamt(Stream output, IEnumerable<StatementEntry> entries) => StatementFiles.WriteCamt(output, entries, CancellationToken.None);

    /// <summary>Payments of invoices that nobody issued, without end.</summary>
    private IEnumerable<StatementEntry> Payments(DateOnly day)
    {
        return new PaymentStream(new PaymentMix(), seed, StatementFiles.GpcAccount, day).Of(Invoices());

        static IEnumerable<PayableInvoice> Invoices()
        {
            for (var symbol = 1L; ; symbol++) yield return new PayableInvoice(new VariableSymbol(symbol), Money.Czk(499m));
        }
    }
}
