using System.Globalization;
using IspBilling.Hosting;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Reviews;
using IspBilling.Http.BillingRuns;
using IspBilling.LoadTests.Measuring;
using IspBilling.LoadTests.Traffic;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// The whole engine behind its interface, on a socket. Calls at a fixed rate first alone, then beside billing runs; in turn with those, runs
/// alone, so that neither a longer history nor the machine's hour is mistaken for what the calls cost a run.
/// </summary>
/// <param name="perSecond">Calls per second.</param>
/// <param name="alone">For how long the calls are measured alone; before that, for twice as long, so that the compiler has seen what calls do often.</param>
public sealed class ApiScenario(int accounts, int seed, double perSecond, TimeSpan alone) : IScenario
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Days after which any monthly service has a new period due.</summary>
    private const int Month = 31;

    private const int RunsBesideCalls = 5;

    public string Name => "api";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        bed.Clock.MoveOn(-(2 * RunsBesideCalls + 2) * Month);
        await BillScenario.Seed(bed, accounts, seed, report, cancellation);
        await BillScenario.Bill(bed, report, accounts, cancellation);
        await Paying.EveryOther(bed, report, cancellation);
        await using var host = await HostOnBed.Start(bed, cancellation);
        await NextMonth(bed, host, cancellation);
        using var http = await HostOnBed.Caller(host, cancellation);

        var (byItself, together, latencies, cost) = (new List<double>(), new List<double>(), new Latencies(), default(Cost)!);
        report("alone and together", 0, RunsBesideCalls);
        var calls = await Calls(bed, cancellation);
        await CallAlone(calls, http, new Latencies(), 2 * alone, cancellation);
        var callsAlone = new Latencies();
        await CallAlone(calls, http, callsAlone, alone, cancellation);
        byItself.Add(await Bill(bed, host, cancellation));
        for (var run = 0; run < RunsBesideCalls; run++)
        {
            await NextMonth(bed, host, cancellation);
            // The office is at work when the run begins.
            await CallAlone(calls, http, new Latencies(), alone / 2, cancellation);
            using var meter = new Meter(bed.Database);
            await meter.Start();
            together.Add(await BillAndCall(bed, host, calls, http, latencies, cancellation));
            cost = await meter.Stop();
            byItself.Add(await Bill(bed, host, cancellation));
            report("alone and together", run + 1, RunsBesideCalls);
        }

        if (latencies.AnyFailure is { } failure) throw new InvalidOperationException(failure);
        return new Figures("account billed", accounts, cost,
        [
            ("calls per second", perSecond.ToString("0", CultureInfo.InvariantCulture)),
            ("runs alone", $"{Listed(byItself)} accounts/s"),
            ("runs beside the calls", string.Create(CultureInfo.InvariantCulture, $"{Listed(together)} accounts/s, {together.Average() / byItself.Average():0.00} of alone")),
            .. Rows("alone", callsAlone.Table()),
            .. Rows("beside the runs", latencies.Table()),
        ]);
    }

    private static string Listed(List<double> speeds) => string.Join(" / ", speeds.Select(speed => speed.ToString("#,0", CultureInfo.InvariantCulture)));

    private static IEnumerable<(string, string)> Rows(string when, IReadOnlyList<EndpointLatency> table) => table.Select(row => (
        $"{row.Endpoint}, {when}",
        string.Create(CultureInfo.InvariantCulture, $"{row.P50:0.0} / {row.P95:0.0} / {row.P99:0.0} / {row.Max:0} ms (p50/p95/p99/max of {row.Count:#,0})")));

    /// <summary>Reviews of the days that passed are done at once, so that the daily review does not come in between.</summary>
    private static async Task NextMonth(LoadBed bed, BillingNode host, CancellationToken cancellation)
    {
        bed.Clock.MoveOn(Month);
        await ActivatorUtilities.CreateInstance<ReviewPump>(host.Services).RunDay(cancellation);
        await bed.Settle(cancellation);
    }

    private async Task CallAlone(OfficeCalls calls, HttpClient http, Latencies latencies, TimeSpan duration, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(duration);
        await new OpenLoop(http, calls.Next, perSecond, latencies).Run(stop.Token);
    }

    private async Task<OfficeCalls> Calls(LoadBed bed, CancellationToken cancellation)
    {
        return new OfficeCalls(
            await Column("SELECT reference FROM client_references"),
            await Column("SELECT number FROM documents ORDER BY account_id LIMIT 100000"),
            await Column("SELECT DISTINCT split_part(name, ' ', 2) FROM clients LIMIT 1000"),
            () => bed.Context.Today, seed);

        async Task<List<string>> Column(string sql)
        {
            var values = new List<string>();
            await using var select = bed.Database.CreateCommand(sql);
            await using var rows = await select.ExecuteReaderAsync(cancellation);
            while (await rows.ReadAsync(cancellation)) values.Add(rows.GetString(0));
            return values;
        }
    }

    /// <returns>Accounts per second.</returns>
    private async Task<double> BillAndCall(
        LoadBed bed, BillingNode host, OfficeCalls calls, HttpClient http, Latencies latencies, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var calling = new OpenLoop(http, calls.Next, perSecond, latencies).Run(stop.Token);
        var speed = await IssueAndWait(bed, host, cancellation);
        await stop.CancelAsync();
        await calling;
        return speed;
    }

    /// <returns>Accounts per second.</returns>
    private async Task<double> Bill(LoadBed bed, BillingNode host, CancellationToken cancellation)
    {
        await NextMonth(bed, host, cancellation);
        return await IssueAndWait(bed, host, cancellation);
    }

    private async Task<double> IssueAndWait(LoadBed bed, BillingNode host, CancellationToken cancellation)
    {
        var store = host.Services.GetRequiredService<IBillingRunStore>();
        var run = await store.Create(
            new BillingRun(
                new RunId(Guid.NewGuid()), RunMode.Issue, bed.Context.Today, RunFilter.Everyone, ComparedTo: null, Actor.System("load test"),
                bed.Clock.GetUtcNow(), FinishedAt: null, RunStatus.Running, default, RunCounts.None, Failure: null),
            cancellation);
        host.Services.GetRequiredService<RunBell>().Ring();
        while (await store.Find(run.Id, cancellation) is { } now)
        {
            if (now.Status == RunStatus.Failed) throw new InvalidOperationException(now.Failure);
            if (now is { Status: RunStatus.Finished, Counts.Issued: var issued, FinishedAt: { } finished })
                return issued == accounts ? issued / (finished - now.StartedAt).TotalSeconds : throw new InvalidOperationException($"{issued} of {accounts} accounts were billed");
            await Task.Delay(Poll, cancellation);
        }

        throw new InvalidOperationException("the run is gone");
    }
}
