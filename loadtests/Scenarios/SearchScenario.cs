using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Json;
using IspBilling.LoadTests.Measuring;
using IspBilling.LoadTests.Traffic;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Terms;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// The search over the interface, every kind of text as often, at a fixed rate: alone, and beside billing runs. The engine makes some clients with
/// books that are audited; the others are written by COPY as an earlier release would have left them, and their terms are filled in as after an update.
/// </summary>
/// <param name="perSecond">Searches per second.</param>
/// <param name="duration">Of each of the two measurements.</param>
public sealed class SearchScenario(int accounts, int seed, double perSecond, TimeSpan duration) : IScenario
{
    private const int MadeByEngine = 10_000;
    private const int SoughtClients = 2_000;
    private const int Checked = 20;

    /// <summary>Days after which any monthly service has a new period due.</summary>
    private const int Month = 31;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>At most half of all, so that there are others to look for.</summary>
    private int Made => Math.Min(accounts / 2, MadeByEngine);

    public string Name => "search";

    public bool HasAudited => true;

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await BillScenario.Seed(bed, Made, seed, report, cancellation);
        await BillScenario.Bill(bed, report, Made, cancellation);
        await Paying.EveryOther(bed, report, cancellation);
        var audit = await LedgerAudit.Run(bed.Database, progress: null, cancellation);
        if (!audit.IsClean) throw new InvalidOperationException($"the audit found {audit.FindingsTotal} faults, the first: {audit.Findings[0]}");
        await SearchableClients.Copy(bed.Database, Made + 1, accounts, seed, bed.Context.Today, done => report("copying clients", done, accounts), cancellation);
        var filling = await Fill(bed, report, cancellation);
        await bed.Settle(cancellation);

        await using var host = await HostOnBed.Start(bed, cancellation);
        using var http = await HostOnBed.Caller(host, cancellation);
        var calls = new SearchCalls(await Known(bed, cancellation), seed);
        var found = await Check(http, calls, cancellation);
        await Search(http, calls, new Latencies(), duration / 2, cancellation);

        var (alone, beside) = (new Latencies(), new Latencies());
        report("searching", 0, 2);
        using var meter = new Meter(bed.Database);
        await meter.Start();
        await Search(http, calls, alone, duration, cancellation);
        var cost = await meter.Stop();
        report("searching", 1, 2);
        var runs = await SearchBesideRuns(bed, http, calls, beside, cancellation);
        report("searching", 2, 2);
        if ((alone.AnyFailure ?? beside.AnyFailure) is { } failure) throw new InvalidOperationException(failure);
        return new Figures("search", alone.Table().Sum(kind => kind.Count), cost,
        [
            ("clients, documents, terms", await Sizes(bed, cancellation)),
            ("terms filled in", filling),
            ("searches per second", perSecond.ToString("0", CultureInfo.InvariantCulture)),
            ("searches that had to find their client", found),
            .. Rows("alone", alone), .. Rows(string.Create(CultureInfo.InvariantCulture, $"beside {runs} runs"), beside),
        ]);
    }

    private static IEnumerable<(string, string)> Rows(string when, Latencies latencies) => latencies.Table().Select(row => (
        $"{row.Endpoint}, {when}",
        string.Create(CultureInfo.InvariantCulture, $"{row.P50:0.0} / {row.P95:0.0} / {row.P99:0.0} / {row.Max:0} ms (p50/p95/p99/max of {row.Count:#,0})")))
        .Append(($"all, {when}", Together(latencies)));

    private static string Together(Latencies latencies)
    {
        var all = latencies.Together();
        return string.Create(CultureInfo.InvariantCulture, $"{all.P50:0.0} / {all.P95:0.0} / {all.P99:0.0} / {all.Max:0} ms (p50/p95/p99/max of {all.Count:#,0})");
    }

    private static async Task<string> Fill(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        var started = Stopwatch.GetTimestamp();
        var filled = await new TermFilling(bed.Database).Fill(progress => report("filling in terms", progress.Written, progress.Written + progress.Left), cancellation);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture, $"{filled:#,0} clients and references in {seconds:0.0} s, {filled / seconds:#,0} per second");
    }

    private async Task<IReadOnlyList<SoughtClient>> Known(LoadBed bed, CancellationToken cancellation)
    {
        var step = Math.Max(1, accounts / SoughtClients);
        var known = new List<SoughtClient>();
        await using var select = bed.Database.CreateCommand(
            """
            SELECT r.account_id, r.reference, p.profile, d.number, m.counter_account
            FROM client_references r
            JOIN account_profiles p ON p.account_id = r.account_id AND p.revision = 1
            JOIN documents d ON d.account_id = r.account_id AND d.ordinal = 1
            JOIN payments m ON m.account_id = r.account_id AND m.ordinal = 1 AND m.counter_account IS NOT NULL
            WHERE r.account_id % $1 = 0
            """);
        select.CommandTimeout = 0;
        select.Parameters.Add(new() { Value = (long)step });
        await using var row = await select.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            known.Add(new SoughtClient(row.GetString(1), JsonSerializer.Deserialize<AccountProfile>(row.GetFieldValue<byte[]>(2), JournalJson.Options)!, row.GetString(3), row.GetString(4)));
        return known.Count > 0 ? known : throw new InvalidOperationException("nobody is known well enough to be looked for");
    }

    private static async Task<string> Check(HttpClient http, SearchCalls calls, CancellationToken cancellation)
    {
        var found = 0;
        foreach (var kind in SearchCalls.Kinds.Where(kind => kind.Identifies))
        {
            for (var i = 0; i < Checked; i++)
            {
                var client = calls.Client();
                if (kind.Text(client) is not { } text) continue;
                var answer = await http.GetFromJsonAsync<JsonElement>(SearchCalls.PathOf(text), cancellation);
                if (!answer.GetProperty("items").EnumerateArray().Any(hit => hit.GetProperty("reference").GetString() == client.Reference))
                    throw new InvalidOperationException($"{kind.Name}: '{text}' does not find {client.Reference}");
                found++;
            }
        }

        return found.ToString("#,0", CultureInfo.InvariantCulture);
    }

    private async Task Search(HttpClient http, SearchCalls calls, Latencies latencies, TimeSpan time, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stop.CancelAfter(time);
        await new OpenLoop(http, calls.Next, perSecond, latencies).Run(stop.Token);
    }

    /// <returns>How many runs ended meanwhile.</returns>
    private async Task<int> SearchBesideRuns(LoadBed bed, HttpClient http, SearchCalls calls, Latencies latencies, CancellationToken cancellation)
    {
        var searching = Search(http, calls, latencies, duration, cancellation);
        var runs = 0;
        while (!searching.IsCompleted)
        {
            bed.Clock.MoveOn(Month);
            await Bill(http, bed.Context.Today, cancellation);
            runs++;
        }

        await searching;
        return runs;
    }

    private static async Task Bill(HttpClient http, DateOnly through, CancellationToken cancellation)
    {
        using var asked = await http.PostAsJsonAsync("/v1/billing-runs", new { mode = "issue", through }, cancellation);
        var run = await asked.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellation);
        while ((await http.GetFromJsonAsync<JsonElement>($"/v1/billing-runs/{run.GetProperty("id").GetString()}", cancellation)).GetProperty("status").GetString() == "running")
            await Task.Delay(Poll, cancellation);
    }

    private static async Task<string> Sizes(LoadBed bed, CancellationToken cancellation)
    {
        await using var count = bed.Database.CreateCommand(
            """
            SELECT (SELECT count(*) FROM clients), (SELECT count(*) FROM documents), (SELECT count(*) FROM client_terms), pg_total_relation_size('client_terms') / 1048576
            """);
        count.CommandTimeout = 0;
        await using var row = await count.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"{row.GetInt64(0):#,0}, {row.GetInt64(1):#,0}, {row.GetInt64(2):#,0} ({row.GetInt64(3):#,0} MiB)");
    }
}
