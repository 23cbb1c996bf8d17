using System.Diagnostics;
using System.Globalization;
using IspBilling.LoadTests.Measuring;
using IspBilling.LoadTests.Traffic;
using IspBilling.Postgres.Audit;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>
/// The owner's reports over the interface. The engine makes as much history as a machine can in minutes, and the books are audited;
/// then the rows that reports stand on are multiplied by SQL to the size asked for. What is measured are the reports alone.
/// </summary>
/// <param name="accounts">Clients after multiplying.</param>
/// <param name="documents">Documents after multiplying.</param>
public sealed class ReportsScenario(int accounts, int documents, int seed) : IScenario
{
    private const int MadeByEngine = 10_000;
    private const int Months = 4;
    private const int DaysInMonth = 31;
    private const int Calls = 20;

    private const int DaysOfHistory = 1_100;

    /// <summary>What a billing day and a statement leave when nobody has folded them yet.</summary>
    private const int UnfoldedChanges = 20_000;

    private int Made => Math.Min(accounts, MadeByEngine);

    public string Name => "reports";

    public bool HasAudited => true;

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await MakeHistory(bed, report, cancellation);
        var audit = await LedgerAudit.Run(bed.Database, progress: null, cancellation);
        if (!audit.IsClean) throw new InvalidOperationException($"the audit found {audit.FindingsTotal} faults, the first: {audit.Findings[0]}");
        await Multiply(bed, report, cancellation);
        await bed.Settle(cancellation);

        await using var host = await HostOnBed.Start(bed, cancellation);
        using var http = await HostOnBed.Caller(host, cancellation);
        await LeaveUnfolded(bed, cancellation);
        var sizes = await Sizes(bed, cancellation);
        using var meter = new Meter(bed.Database);
        await meter.Start();
        var rows = new List<(string, string)>();
        foreach (var path in Paths(bed.Context.Today)) rows.Add((path, await Time(http, path, cancellation)));
        var cost = await meter.Stop();
        return new Figures("call", rows.Count * (Calls + 1), cost,
        [
            ("made by the engine, audited", string.Create(CultureInfo.InvariantCulture, $"{audit.Accounts:#,0} accounts, {audit.Documents:#,0} documents")),
            ("multiplied by SQL to", sizes),
            .. rows,
        ]);
    }

    private static string[] Paths(DateOnly today) =>
    [
        "/v1/reports/receivables?limit=50",
        string.Create(CultureInfo.InvariantCulture, $"/v1/reports/revenue?from={today.AddMonths(-35):yyyy-MM-dd}"),
        string.Create(CultureInfo.InvariantCulture, $"/v1/reports/payments?from={today.AddDays(-365):yyyy-MM-dd}"),
        string.Create(CultureInfo.InvariantCulture, $"/v1/reports/clients?from={today.AddMonths(-35):yyyy-MM-dd}"),
        "/v1/reports/recurring",
    ];

    private async Task MakeHistory(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        bed.Clock.MoveOn(-Months * DaysInMonth);
        await BillScenario.Seed(bed, Made, seed, report, cancellation);
        for (var month = 0; month < Months; month++)
        {
            await BillScenario.Bill(bed, report, Made, cancellation);
            await Paying.EveryOther(bed, report, cancellation);
            bed.Clock.MoveOn(DaysInMonth);
        }
    }

    private async Task Multiply(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        var copies = Math.Max(1, accounts / Made);
        var documentCopies = Math.Max(1, documents / (Made * Months));
        string[] statements =
        [
            $"INSERT INTO client_references (reference, account_id, has_terms) OVERRIDING SYSTEM VALUE SELECT reference || '/' || n, account_id + n * {Made}, true FROM client_references, generate_series(1, {copies - 1}) n",
            $"INSERT INTO clients SELECT account_id + n * {Made}, issuer, revision, name, company_number, email, phone, account_symbol, revision FROM clients, generate_series(1, {copies - 1}) n",
            $"INSERT INTO open_items SELECT account_id + n * {Made}, document, due_on, open, disputed FROM open_items, generate_series(1, {copies - 1}) n",
            $"""
             INSERT INTO documents SELECT account_id + n % {copies} * {Made}, ordinal + n / {copies} * {Months}, version, issuer, kind, year, sequence + n * 100000000::bigint, number, symbol,
                 issued_on, supplied_on, due_on, currency, net, tax, rounding, total, customer_revision, issuer_revision, NULL
             FROM documents, generate_series(1, {documentCopies - 1}) n
             """,
            // Three years in which something happens every day, as when clients have anchor days and banks send statements daily.
            $"INSERT INTO figure_sums SELECT DISTINCT ON (measure, day - n, issuer, key) issuer, measure, day - n, key, amount, count FROM figures, generate_series(1, {DaysOfHistory}) n WHERE day > '-infinity'",
        ];
        for (var i = 0; i < statements.Length; i++)
        {
            report("multiplying", i, statements.Length);
            await using var multiply = bed.Database.CreateCommand(statements[i]);
            multiply.CommandTimeout = 0;
            await multiply.ExecuteNonQueryAsync(cancellation);
        }

        report("multiplying", statements.Length, statements.Length);
    }

    /// <summary>Between two foldings; the host has just begun with one, the next comes a minute later.</summary>
    private static async Task LeaveUnfolded(LoadBed bed, CancellationToken cancellation)
    {
        await using var append = bed.Database.CreateCommand(
            $"INSERT INTO figure_changes SELECT issuer, measure, day, key, amount, count FROM figure_sums, generate_series(1, 10) LIMIT {UnfoldedChanges}");
        await append.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<string> Time(HttpClient http, string path, CancellationToken cancellation)
    {
        // The first call pays for plans and compilation; an owner's second does not.
        await http.GetStringAsync(path, cancellation);
        var milliseconds = new List<double>();
        var length = 0;
        for (var call = 0; call < Calls; call++)
        {
            var started = Stopwatch.GetTimestamp();
            length = (await http.GetStringAsync(path, cancellation)).Length;
            milliseconds.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        var latency = EndpointLatency.Of(path, milliseconds, failed: 0);
        return string.Create(CultureInfo.InvariantCulture, $"{latency.P50:0.0} ms, at most {latency.Max:0.0} ms, of {Calls} calls ({length:#,0} characters)");
    }

    private static async Task<string> Sizes(LoadBed bed, CancellationToken cancellation)
    {
        await using var count = bed.Database.CreateCommand(
            """
            SELECT (SELECT count(*) FROM clients), (SELECT count(*) FROM documents), (SELECT count(*) FROM open_items),
                   (SELECT count(*) FROM figure_sums), (SELECT count(*) FROM figure_changes)
            """);
        count.CommandTimeout = 0;
        await using var row = await count.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{row.GetInt64(0):#,0} clients, {row.GetInt64(1):#,0} documents, {row.GetInt64(2):#,0} open items, {row.GetInt64(3):#,0} sums, {row.GetInt64(4):#,0} changes not folded");
    }
}
