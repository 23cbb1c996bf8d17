using System.Globalization;
using IspBilling.Api;
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
/// The whole engine behind its interface, on a socket. Calls at a fixed rate first alone, then beside a billing run; the run also
/// alone, before and after, so that its loss of speed is not mistaken for that of a longer history.
/// </summary>
/// <param name="perSecond">Calls per second.</param>
public sealed class ApiScenario(int accounts, int seed, double perSecond) : IScenario
{
    private static readonly TimeSpan AloneFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Days after which any monthly service has a new period due.</summary>
    private const int Month = 31;

    private const int Months = 4;

    public string Name => "api";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        bed.Clock.MoveOn(-Months * Month);
        await BillScenario.Seed(bed, accounts, seed, report, cancellation);
        await BillScenario.Bill(bed, report, accounts, cancellation);
        await Paying.EveryOther(bed, report, cancellation);
        await using var host = await HostOnBed.Start(bed, cancellation);
        await NextMonth(bed, host, cancellation);
        using var http = await HostOnBed.Caller(host, cancellation);

        report("alone and together", 0, 4);
        var calls = await Calls(bed, cancellation);
        _ = await CallAlone(calls, http, WarmUp, cancellation);
        var callsAlone = await CallAlone(calls, http, AloneFor, cancellation);
        report("alone and together", 1, 4);
        var before = await Bill(bed, host, cancellation);
        report("alone and together", 2, 4);

        await NextMonth(bed, host, cancellation);
        // The office is at work when the run begins.
        _ = await CallAlone(calls, http, WarmUp, cancellation);
        using var meter = new Meter(bed.Database);
        await meter.Start();
        var (together, latencies) = await BillAndCall(bed, host, calls, http, cancellation);
        var cost = await meter.Stop();
        report("alone and together", 3, 4);
        var after = await Bill(bed, host, cancellation);
        report("alone and together", 4, 4);
        if (latencies.AnyFailure is { } failure) throw new InvalidOperationException(failure);

        return new Figures("account billed", together.Counts.Accounts, cost,
        [
            ("calls per second", perSecond.ToString("0", CultureInfo.InvariantCulture)),
            ("run alone, before / after", string.Create(CultureInfo.InvariantCulture, $"{Speed(before):#,0} / {Speed(after):#,0} accounts/s")),
            ("run beside the calls", string.Create(CultureInfo.InvariantCulture, $"{Speed(together):#,0} accounts/s, {Speed(together) * 2 / (Speed(before) + Speed(after)):0.00} of alone")),
            .. Rows("alone", callsAlone.Table()),
            .. Rows("beside the run", latencies.Table()),
        ]);
    }

    private static IEnumerable<(string, string)> Rows(string when, IReadOnlyList<EndpointLatency> table) => table.Select(row => (
        $"{row.Endpoint}, {when}",
        string.Create(CultureInfo.InvariantCulture, $"{row.P50:0.0} / {row.P95:0.0} / {row.P99:0.0} / {row.Max:0} ms (p50/p95/p99/max of {row.Count:#,0})")));

    private static double Speed(BillingRun run) => run.Counts.Accounts / (run.FinishedAt!.Value - run.StartedAt).TotalSeconds;

    /// <summary>Reviews of the days that passed are done at once, so that the daily review does not come in between.</summary>
    private static async Task NextMonth(LoadBed bed, BillingHost host, CancellationToken cancellation)
    {
        bed.Clock.MoveOn(Month);
        await host.Services.GetRequiredService<ReviewPump>().RunDay(cancellation);
        await bed.Settle(cancellation);
    }

    private async Task<Latencies> CallAlone(OfficeCalls calls, HttpClient http, TimeSpan duration, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(duration);
        return await new OpenLoop(http, calls.Next, perSecond).Run(stop.Token);
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

    private async Task<(BillingRun, Latencies)> BillAndCall(LoadBed bed, BillingHost host, OfficeCalls calls, HttpClient http, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var calling = new OpenLoop(http, calls.Next, perSecond).Run(stop.Token);
        var run = await IssueAndWait(bed, host, cancellation);
        await stop.CancelAsync();
        return (run, await calling);
    }

    private static async Task<BillingRun> Bill(LoadBed bed, BillingHost host, CancellationToken cancellation)
    {
        await NextMonth(bed, host, cancellation);
        return await IssueAndWait(bed, host, cancellation);
    }

    private static async Task<BillingRun> IssueAndWait(LoadBed bed, BillingHost host, CancellationToken cancellation)
    {
        var store = host.Services.GetRequiredService<IBillingRunStore>();
        var run = await store.Create(
            new BillingRun(
                new RunId(Guid.NewGuid()), RunMode.Issue, bed.Context.Today, RunFilter.Everyone, ComparedTo: null, "load test",
                bed.Clock.GetUtcNow(), FinishedAt: null, RunStatus.Running, default, RunCounts.None, Failure: null),
            cancellation);
        host.Services.GetRequiredService<RunBell>().Ring();
        while (await store.Find(run.Id, cancellation) is { } now)
        {
            if (now.Status == RunStatus.Failed) throw new InvalidOperationException(now.Failure);
            if (now.Status == RunStatus.Finished) return now;
            await Task.Delay(Poll, cancellation);
        }

        throw new InvalidOperationException("the run is gone");
    }
}
