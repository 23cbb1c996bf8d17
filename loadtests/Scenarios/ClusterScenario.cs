using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using IspBilling.Access.Rights;
using IspBilling.FaultKit.Processes;
using IspBilling.LoadTests.Measuring;
using IspBilling.LoadTests.Payments;
using IspBilling.LoadTests.Traffic;
using IspBilling.Postgres.Settings;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// Bills the same accounts month by month, and books their payments, on one node of a cluster and on two, as processes of their own beside
/// the same database; there and back, so that a longer history costs both the same. A first lap is not counted: accounts without a history are
/// billed faster than they ever will be again.
/// </summary>
/// <param name="issuers">
/// How many issuers the accounts are divided among. With several, nothing is paid: their invoices bear the same symbols, and all money comes to
/// one bank account.
/// </param>
/// <param name="silo">The program of a front.</param>
/// <param name="directory">Where processes keep their things.</param>
public sealed class ClusterScenario(int accounts, int issuers, int seed, FileInfo silo, DirectoryInfo directory) : IScenario
{
    /// <summary>As rarely as a page that follows a run: one that is asked more often takes less in hand.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    private const int AsksAtMost = 10;

    /// <summary>One in so many invoices is paid before anything is measured.</summary>
    private const int WarmingShare = 10;

    private static readonly Formation[] Formations = [new("one silo", 1), new("two silos", 2)];

    public string Name => "cluster";

    private bool IsPaid => issuers == 1;

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await BillScenario.Seed(bed, accounts, seed, report, cancellation, issuers: issuers);
        await HostOnBed.PutSettings(bed, cancellation);
        await bed.Rest();
        var (_, key) = await new ApiKeyStore(bed.Database).Create("load test", RightNames.All, Authorship.OfSystem("load test", bed.Clock.GetUtcNow()), cancellation);
        Formation[] order = [Formations[0], .. Formations, .. Formations.Reverse()];
        var laps = new List<Lap>(order.Length);
        var month = new DateOnly(bed.Context.Today.Year, bed.Context.Today.Month, 1);
        foreach (var formation in order)
        {
            report("formations", laps.Count, order.Length);
            laps.Add(await Measure(bed, formation, key, month.AddMonths(2 * laps.Count), laps.Count, cancellation));
        }

        report("formations", order.Length, order.Length);
        var counted = laps[1..];
        return new Figures(
            "invoice", 2L * accounts * order.Length, Cost: null,
            [.. Rows("invoices", counted, lap => lap.Billed), .. IsPaid ? Rows("statement entries", counted, lap => lap.Booked!) : [], .. Formations.Select(formation => Memory(formation, laps))]);
    }

    private static IEnumerable<(string Name, string Value)> Rows(string what, List<Lap> laps, Func<Lap, Work> part)
    {
        var alone = laps.Where(lap => lap.Formation.Silos == 1).Average(lap => part(lap).PerSecond);
        foreach (var formation in Formations)
        {
            var works = laps.Where(lap => lap.Formation == formation).Select(part).ToList();
            var rates = works.Select(work => work.PerSecond.ToString("#,0", CultureInfo.InvariantCulture));
            yield return (
                $"{formation.Name}: {what} per second",
                string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", rates)}; {works.Average(work => work.PerSecond) / alone:0.00} of one silo"));
            yield return (
                $"{formation.Name}: each of the {what}",
                string.Create(CultureInfo.InvariantCulture, $"engine {works.Average(work => work.EngineCpu / work.Count) * 1e6:0} µs, PostgreSQL {works.Average(work => work.PostgresCpu / work.Count) * 1e6:0} µs, log {works.Average(work => work.WalBytes / work.Count):#,0} bytes"));
        }
    }

    private static (string Name, string Value) Memory(Formation formation, List<Lap> laps) => (
        $"{formation.Name}: memory of a process",
        string.Create(CultureInfo.InvariantCulture, $"{laps.Where(lap => lap.Formation == formation).Max(lap => lap.PeakMemoryBytes) / 1_048_576:#,0} MiB at the peak"));

    /// <summary>Bills two months and measures the second, and how it is paid.</summary>
    private async Task<Lap> Measure(LoadBed bed, Formation formation, string key, DateOnly through, int number, CancellationToken cancellation)
    {
        var engines = await EngineProcess.StartAll(Places(bed, formation), key);
        try
        {
            // A node lives for weeks: a month that is not measured spares the figures its first seconds, in which it is compiled.
            await Bill(engines[0].Client, through, cancellation);
            if (IsPaid) await Pay(bed, engines[0].Client, await Issued(bed, cancellation) - (accounts / WarmingShare), seed + number, cancellation);
            var before = await Issued(bed, cancellation);
            var billed = await Metered(bed, engines, async () => (accounts, await Bill(engines[0].Client, through.AddMonths(1), cancellation)), cancellation);
            var booked = IsPaid ? await Metered(bed, engines, () => Pay(bed, engines[0].Client, before, seed - number - 1, cancellation), cancellation) : null;
            return new Lap(formation, billed, booked, engines.Max(one => one.PeakMemoryBytes));
        }
        finally
        {
            foreach (var engine in engines) await engine.DisposeAsync();
        }
    }

    private static async Task<Work> Metered(
        LoadBed bed, EngineProcess[] engines, Func<Task<(long Count, double Seconds)>> work, CancellationToken cancellation)
    {
        await bed.Settle(cancellation);
        using var meter = new Meter(bed.Database);
        await meter.Start();
        var before = Cpu(engines);
        var (count, seconds) = await work();
        var engine = Cpu(engines) - before;
        var cost = await meter.Stop();
        return new Work(count, count / seconds, engine.TotalSeconds, cost.PostgresCpu, cost.WalBytes);
    }

    private IEnumerable<EnginePlace> Places(LoadBed bed, Formation formation) => Enumerable.Range(1, formation.Silos).Select(number =>
        EnginePlace.Front(silo.FullName, bed.ConnectionString, Path.Combine(directory.FullName, $"silo-{number}"))
            .With("TIMEZONE", "UTC").With("KEYFILE", Path.Combine(directory.FullName, "secrets.key")).With("REQUESTSPERSECOND", "100000"));

    private static TimeSpan Cpu(EngineProcess[] engines) => engines.Aggregate(TimeSpan.Zero, (sum, engine) => sum + engine.ProcessorTime);

    /// <summary>
    /// Later laps bill further ahead than anybody does unasked: what the engine says they come to is confirmed. Where it does not know that in time, or a
    /// review has charged a fee meanwhile, it is asked anew, as a person would.
    /// </summary>
    /// <returns>The run that was begun.</returns>
    private static async Task<JsonElement> Ask(HttpClient http, DateOnly through, CancellationToken cancellation)
    {
        object? confirm = null;
        for (var left = AsksAtMost; ; left--)
        {
            using var asked = await http.PostAsJsonAsync("/v1/billing-runs", new { mode = "issue", through, confirm }, cancellation);
            var answer = await asked.Content.ReadFromJsonAsync<JsonElement>(cancellation);
            if (asked.IsSuccessStatusCode) return answer;
            confirm = asked.StatusCode switch
            {
                HttpStatusCode.UnprocessableEntity when left > 0 => new { count = answer.GetProperty("count"), sum = answer.GetProperty("sum") },
                HttpStatusCode.Conflict when left > 0 => null,
                _ => throw new InvalidOperationException(answer.ToString()),
            };
        }
    }

    /// <returns>Seconds from the request to the end.</returns>
    private async Task<double> Bill(HttpClient http, DateOnly through, CancellationToken cancellation)
    {
        var path = $"/v1/billing-runs/{(await Ask(http, through, cancellation)).GetProperty("id").GetString()}";
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

    /// <summary>Uploads a statement by which the invoices after a number are paid in the usual mess.</summary>
    /// <returns>Its entries, and seconds from the upload until the last is booked.</returns>
    private static async Task<(long Entries, double Seconds)> Pay(LoadBed bed, HttpClient http, long after, int mess, CancellationToken cancellation)
    {
        var invoices = await PayableInvoices.IssuedAfter(bed.Database, after, cancellation);
        using var file = new MemoryStream();
        var payments = new PaymentStream(new PaymentMix(), mess, StatementFiles.GpcAccount, bed.Context.Today);
        await StatementFiles.WriteGpc(file, payments.Of(invoices), cancellation);
        using var content = new ByteArrayContent(file.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var started = Stopwatch.GetTimestamp();
        using var uploaded = await http.PostAsync($"/v1/statements?fileName=payments-{mess}.gpc", content, cancellation);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        uploaded.EnsureSuccessStatusCode();
        var import = await uploaded.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        var entries = import.GetProperty("read").GetInt64();
        if (entries != payments.Tallies.Values.Sum(tally => tally.Entries)) throw new InvalidOperationException(import.ToString());
        return (entries, seconds);
    }

    private static async Task<long> Issued(LoadBed bed, CancellationToken cancellation)
    {
        await using var select = bed.Database.CreateCommand("SELECT coalesce(max(sequence), 0) FROM documents");
        return Convert.ToInt64(await select.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture);
    }

    private sealed record Formation(string Name, int Silos);

    /// <param name="Booked">Null where nothing is paid.</param>
    private sealed record Lap(Formation Formation, Work Billed, Work? Booked, long PeakMemoryBytes);

    /// <param name="EngineCpu">Seconds of processor time, of all engines.</param>
    /// <param name="PostgresCpu">Seconds of processor time.</param>
    private sealed record Work(long Count, double PerSecond, double EngineCpu, double PostgresCpu, double WalBytes);
}
