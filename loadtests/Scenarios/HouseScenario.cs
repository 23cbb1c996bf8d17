using System.Diagnostics;
using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.LoadTests.Hosts;
using IspBilling.LoadTests.Measuring;
using IspBilling.LoadTests.Payments;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// The host of one machine and a node of a cluster in this process bill the same accounts in turn, month after month, and book how they are paid.
/// They share the database, the journal and whatever the compiler has learned; each lap starts its host anew.
/// <code>
///   not measured   pair 1         pair 2         pair 3
///   local, node    local, node    node, local    local, node   …   a longer history costs each of them the same
/// </code>
/// </summary>
public sealed class HouseScenario(int accounts, int pairs, int seed) : IScenario
{
    private static readonly Formation[] Formations =
    [
        new("local host", static (bed, _) => Task.FromResult<IAccountsHost>(new LocalHostOnBed(bed))),
        new("node", static async (bed, cancellation) => await NodeOnBed.Start(bed.Database, bed.Journal, bed.Context, cancellation)),
    ];

    public string Name => "house";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await BillScenario.Seed(bed, accounts, seed, report, cancellation);
        // It would take up the other host's runs and statements.
        await bed.Rest();
        var laps = new List<Lap[]>();
        for (var pair = 0; pair <= pairs; pair++)
        {
            report("pairs", pair, pairs + 1);
            var order = pair % 2 == 1 ? Formations : [.. Formations.Reverse()];
            var both = new Dictionary<Formation, Lap>();
            foreach (var formation in order) both[formation] = await Measure(bed, formation, (2 * pair) + both.Count, cancellation);
            if (pair > 0) laps.Add([.. Formations.Select(formation => both[formation])]);
        }

        report("pairs", pairs + 1, pairs + 1);
        return new Figures("invoice", 2L * accounts * (pairs + 1), Cost: null, [.. Rows("billing", laps, lap => lap.Billed), .. Rows("statements", laps, lap => lap.Booked)]);
    }

    private static IEnumerable<(string, string)> Rows(string what, List<Lap[]> laps, Func<Lap, Work> part)
    {
        for (var pair = 0; pair < laps.Count; pair++)
        {
            var works = laps[pair].Select(part).ToArray();
            yield return (
                string.Create(CultureInfo.InvariantCulture, $"{what}, pair {pair + 1} (load average {laps[pair][0].LoadAverage:0}, {laps[pair][1].LoadAverage:0})"),
                string.Create(CultureInfo.InvariantCulture, $"{works[0].PerSecond:#,0} and {works[1].PerSecond:#,0}/s: {works[1].PerSecond / works[0].PerSecond:0.00}; by processor time {works[0].Cpu / works[1].Cpu:0.00}"));
        }

        for (var formation = 0; formation < Formations.Length; formation++)
        {
            var works = laps.Select(pair => part(pair[formation])).ToArray();
            yield return (
                $"{what}, {Formations[formation].Name}, medians",
                string.Create(CultureInfo.InvariantCulture, $"{Median(works, work => work.PerSecond):#,0}/s; engine {Median(works, work => work.Cost.EngineCpu / work.Count * 1e6):0} µs, PostgreSQL {Median(works, work => work.Cost.PostgresCpu / work.Count * 1e6):0} µs, log {Median(works, work => work.Cost.WalBytes / (double)work.Count):#,0} bytes each"));
            yield return (
                $"{what}, {Formations[formation].Name}, medians of the database's work",
                string.Create(CultureInfo.InvariantCulture, $"{Median(works, work => work.Cost.Traffic.FlightSizes.Count):0} flights of {Median(works, work => work.Cost.Traffic.FlightSize(0.5)):#,0} commits, {Median(works, work => work.Cost.Traffic.RetriedFlights):0} flown again; {Median(works, work => work.Cost.Traffic.Statements * 1_000.0 / work.Count):0.0} statements and {Median(works, work => work.Cost.Traffic.BytesWritten / (double)work.Count * 1_000):#,0} bytes sent a thousand; {Median(works, work => work.Cost.AllocatedBytes / (double)work.Count):#,0} bytes allocated each"));
        }

        yield return (
            $"{what}: the node's speed, of the local host's",
            string.Create(CultureInfo.InvariantCulture, $"{Median(laps, pair => part(pair[1]).PerSecond / part(pair[0]).PerSecond):0.00} in the median; by processor time {Median(laps, pair => part(pair[0]).Cpu / part(pair[1]).Cpu):0.00}"));
    }

    private static double Median<T>(IEnumerable<T> all, Func<T, double> figure)
    {
        var sorted = all.Select(figure).Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private async Task<Lap> Measure(LoadBed bed, Formation formation, int number, CancellationToken cancellation)
    {
        await using var host = await formation.Start(bed, cancellation);
        var before = await Issued(bed, cancellation);
        var billed = await Metered(bed, () => Bill(bed, host, number, cancellation), cancellation);
        var booked = await Metered(bed, () => Pay(bed, host, before, number, cancellation), cancellation);
        return new Lap(billed, booked, LoadAverage());
    }

    private static async Task<Work> Metered(LoadBed bed, Func<Task<(long Count, double Seconds)>> work, CancellationToken cancellation)
    {
        await bed.Settle(cancellation);
        GC.Collect();
        using var meter = new Meter(bed.Database);
        await meter.Start();
        var (count, seconds) = await work();
        return new Work(count, count / seconds, await meter.Stop());
    }

    /// <returns>Seconds from the request to the end of the run.</returns>
    private async Task<(long Count, double Seconds)> Bill(LoadBed bed, IAccountsHost host, int number, CancellationToken cancellation)
    {
        var through = new DateOnly(bed.Context.Today.Year, bed.Context.Today.Month, 1).AddMonths(number);
        var run = await bed.Bill(host, RunFilter.Everyone, cancellation, through: through);
        return run.Counts.Issued == accounts
            ? (accounts, (run.FinishedAt!.Value - run.StartedAt).TotalSeconds)
            : throw new InvalidOperationException($"{run.Counts.Issued} of {accounts} accounts were billed");
    }

    /// <summary>Books a statement by which the invoices after a number are paid in the usual mess.</summary>
    /// <returns>Its entries, and seconds from the first byte read until the last entry is booked.</returns>
    private async Task<(long Count, double Seconds)> Pay(LoadBed bed, IAccountsHost host, long after, int number, CancellationToken cancellation)
    {
        var statement = await PaidByStatement.Write(bed, await PayableInvoices.IssuedAfter(bed.Database, after, cancellation), new PaymentMix(), seed + number, cancellation);
        var started = Stopwatch.GetTimestamp();
        var entries = await PaidByStatement.Book(bed, host.Booking, statement, cancellation);
        return (entries, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static async Task<long> Issued(LoadBed bed, CancellationToken cancellation)
    {
        await using var select = bed.Database.CreateCommand("SELECT coalesce(max(sequence), 0)::bigint FROM documents");
        return (long)(await select.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>proc(5), loadavg: of the last minute.</summary>
    private static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private sealed record Formation(string Name, Func<LoadBed, CancellationToken, Task<IAccountsHost>> Start);

    private sealed record Lap(Work Billed, Work Booked, double LoadAverage);

    private sealed record Work(long Count, double PerSecond, Cost Cost)
    {
        public double Cpu => (Cost.EngineCpu + Cost.PostgresCpu) / Count;
    }
}
