using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using IspBilling.FaultKit.Processes;
using IspBilling.Http.Security;
using IspBilling.LoadTests.Measuring;
using IspBilling.LoadTests.Traffic;
using IspBilling.Postgres.Settings;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// Bills the same accounts month by month on the engine of one machine, on one node of a cluster and on two, each as processes of
/// their own beside the same database; there and back, so that a longer history costs each of them the same.
/// </summary>
/// <param name="silo">The node's program.</param>
/// <param name="directory">Where processes keep their things.</param>
public sealed class ClusterScenario(int accounts, int seed, FileInfo silo, DirectoryInfo directory) : IScenario
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly Formation[] Formations = [new("local host", 0), new("one silo", 1), new("two silos", 2)];

    public string Name => "cluster";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await BillScenario.Seed(bed, accounts, seed, report, cancellation);
        await HostOnBed.PutSettings(bed, cancellation);
        var (_, key) = await new ApiKeyStore(bed.Database).Create("load test", Scopes.All, TimeProvider.System.GetUtcNow(), cancellation);
        var order = Formations.Concat(Formations.Reverse()).ToArray();
        var laps = new List<Lap>(order.Length);
        var month = new DateOnly(bed.Context.Today.Year, bed.Context.Today.Month, 1);
        foreach (var formation in order)
        {
            report("formations", laps.Count, order.Length);
            laps.Add(await Measure(bed, formation, key, month.AddMonths(2 * laps.Count), cancellation));
        }

        report("formations", order.Length, order.Length);
        var alone = laps.Where(lap => lap.Formation.Silos == 0).Average(lap => lap.PerSecond);
        return new Figures("invoice", 2L * accounts * order.Length, Cost: null, [.. Formations.SelectMany(formation => Rows(formation, laps, alone))]);
    }

    private IEnumerable<(string, string)> Rows(Formation formation, List<Lap> all, double alone)
    {
        var laps = all.Where(lap => lap.Formation == formation).ToList();
        var rate = laps.Average(lap => lap.PerSecond);
        yield return (
            $"{formation.Name}: invoices per second",
            string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", laps.Select(lap => lap.PerSecond.ToString("#,0", CultureInfo.InvariantCulture)))}; {rate / alone:0.00} of the local host"));
        yield return (
            $"{formation.Name}: processor time each",
            string.Create(CultureInfo.InvariantCulture, $"engine {laps.Average(lap => lap.EngineCpu) / accounts * 1e6:0} µs, PostgreSQL {laps.Average(lap => lap.PostgresCpu) / accounts * 1e6:0} µs"));
        yield return (
            $"{formation.Name}: log, memory of a process",
            string.Create(CultureInfo.InvariantCulture, $"{laps.Average(lap => lap.WalBytes) / accounts:#,0} bytes each, {laps.Max(lap => lap.PeakMemoryBytes) / 1_048_576:#,0} MiB at the peak"));
    }

    /// <summary>Bills two months and measures the second.</summary>
    private async Task<Lap> Measure(LoadBed bed, Formation formation, string key, DateOnly through, CancellationToken cancellation)
    {
        var engines = await EngineProcess.StartAll(Places(bed, formation), key);
        try
        {
            // A node lives for weeks: a month that is not measured spares the figures its first seconds, in which it is compiled.
            await Bill(engines[0].Client, through, cancellation);
            await bed.Settle(cancellation);
            using var meter = new Meter(bed.Database);
            await meter.Start();
            var before = Cpu(engines);
            var seconds = await Bill(engines[0].Client, through.AddMonths(1), cancellation);
            var engine = Cpu(engines) - before;
            var cost = await meter.Stop();
            return new Lap(formation, accounts / seconds, engine.TotalSeconds, cost.PostgresCpu, cost.WalBytes, engines.Max(one => one.PeakMemoryBytes));
        }
        finally
        {
            foreach (var engine in engines) await engine.DisposeAsync();
        }
    }

    private IEnumerable<EnginePlace> Places(LoadBed bed, Formation formation) => formation.Silos == 0
        ? [EnginePlace.Api(bed.ConnectionString, Path.Combine(directory.FullName, "api")).With("TIMEZONE", "UTC")]
        : Enumerable.Range(1, formation.Silos).Select(number =>
            EnginePlace.Silo(silo.FullName, bed.ConnectionString, Path.Combine(directory.FullName, $"silo-{number}")).With("TIMEZONE", "UTC"));

    private static TimeSpan Cpu(EngineProcess[] engines) => engines.Aggregate(TimeSpan.Zero, (sum, engine) => sum + engine.ProcessorTime);

    /// <returns>Seconds from the request to the end.</returns>
    private async Task<double> Bill(HttpClient http, DateOnly through, CancellationToken cancellation)
    {
        using var asked = await http.PostAsJsonAsync("/v1/billing-runs", new { mode = "issue", through }, cancellation);
        asked.EnsureSuccessStatusCode();
        var path = $"/v1/billing-runs/{(await asked.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("id").GetString()}";
        while (true)
        {
            var run = await http.GetFromJsonAsync<JsonElement>(path, cancellation);
            var status = run.GetProperty("status").GetString();
            if (status == "failed") throw new InvalidOperationException(run.ToString());
            if (status == "finished")
            {
                var counted = run.GetProperty("issued").GetInt32();
                if (counted != accounts) throw new InvalidOperationException($"{counted} of {accounts} accounts in {run}");
                return (run.GetProperty("finishedAt").GetDateTimeOffset() - run.GetProperty("startedAt").GetDateTimeOffset()).TotalSeconds;
            }

            await Task.Delay(Poll, cancellation);
        }
    }

    /// <param name="Silos">None is the engine of one machine.</param>
    private sealed record Formation(string Name, int Silos);

    private sealed record Lap(Formation Formation, double PerSecond, double EngineCpu, double PostgresCpu, long WalBytes, long PeakMemoryBytes);
}
