using System.Globalization;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.LoadTests.Measuring;
using IspBilling.Postgres.Runs;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>One invoice for every account, with three lines on average; then the database's own limit for the same rows.</summary>
/// <param name="directory">Where the rows for the limit are set aside; as large as they are.</param>
/// <param name="byTable">Show what the limit is made of.</param>
public sealed class BillScenario(int accounts, int seed, DirectoryInfo directory, bool byTable) : IScenario
{
    public string Name => byTable ? "limit" : "bill";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await Seed(bed, accounts, seed, report, cancellation);
        // As a clerk does: look first, then issue. It also spares the figures the first seconds of a program, which is compiled then.
        var preview = await Bill(bed, report, accounts, cancellation, RunMode.Preview);
        await bed.Settle(cancellation);

        using var meter = new Meter(bed.Database);
        await meter.Start();
        var run = await Bill(bed, report, accounts, cancellation);
        var cost = await meter.Stop();
        if (run.Counts.Issued != accounts) throw new InvalidOperationException($"{run.Counts.Issued} of {accounts} accounts were billed");
        var store = new PostgresBillingRunStore(bed.Database);
        var proof = await store.Prove(run, cancellation);
        var lines = await Lines(bed, run.Id, cancellation);
        await bed.Settle(cancellation);
        var copies = await new PhysicalLimit(bed.Database, directory).Measure(run.Id, report, cancellation);
        return new Figures("invoice", run.Counts.Documents, cost,
        [
            ("lines each", string.Create(CultureInfo.InvariantCulture, $"{lines / (double)run.Counts.Documents:0.00}")),
            .. OfLimit(copies, run.Counts.Documents / cost.Seconds, run.Counts.Documents),
            ("previewed before", string.Create(CultureInfo.InvariantCulture, $"{Rate(preview):#,0} per second")),
            ("billed", new Money(run.Counts.TotalMinor, Currency.Czk).ToString()),
            ("completeness proof", proof.IsComplete ? "complete" : string.Create(CultureInfo.InvariantCulture, $"INCOMPLETE, {proof.Missed.Count} missed")),
        ]);
    }

    private IEnumerable<(string, string)> OfLimit(IReadOnlyList<TableCopy> copies, double rate, long invoices)
    {
        foreach (var copy in byTable ? copies : [])
        {
            yield return (
                $"limit: {copy.Table}",
                string.Create(CultureInfo.InvariantCulture, $"{(double)copy.Rows / invoices:0.0} rows, {copy.Bytes / invoices:#,0} bytes, {copy.Seconds / invoices * 1e6:0.0} µs each"));
        }

        var limit = invoices / copies.Sum(copy => copy.Seconds);
        yield return ("limit: plain COPY of the same rows", string.Create(CultureInfo.InvariantCulture, $"{limit:#,0} per second"));
        yield return ("ratio to the limit", string.Create(CultureInfo.InvariantCulture, $"{rate / limit:0.00}"));
    }

    private static double Rate(BillingRun run) => run.Counts.Accounts / (run.FinishedAt!.Value - run.StartedAt).TotalSeconds;

    private static async Task<long> Lines(LoadBed bed, RunId run, CancellationToken cancellation)
    {
        await using var count = bed.Database.CreateCommand(
            "SELECT count(*) FROM document_lines l JOIN documents d ON d.account_id = l.account_id AND d.ordinal = l.document WHERE d.run = $1");
        count.CommandTimeout = 0;
        count.Parameters.Add(new() { Value = run.Value });
        return (long)(await count.ExecuteScalarAsync(cancellation))!;
    }

    internal static async Task Seed(LoadBed bed, int accounts, int seed, Action<string, double, double> report, CancellationToken cancellation)
    {
        var month = new DateOnly(bed.Context.Today.Year, bed.Context.Today.Month, 1);
        var seeding = new DemoSeeding(
            bed.Accounts, bed.Clients.GetOrCreateMany, DemoProvider.Tariffs.ToDictionary(tariff => tariff.Id, tariff => tariff.Id));
        var population = new DemoPopulation(accounts, seed, month, Plain: true, ServiceSpread.Provider);
        await seeding.Push(DemoClients.Generate(population), done => report("creating accounts", done, accounts), cancellation);
    }

    internal static Task<BillingRun> Bill(
        LoadBed bed, Action<string, double, double> report, int accounts, CancellationToken cancellation, RunMode mode = RunMode.Issue)
    {
        var runner = new BillingRunner(
            bed.Accounts, new PostgresBillingRunStore(bed.Database), bed.Context, bed.Clock, new BillingRunnerOptions());
        var request = new BillingRun(
            new RunId(Guid.NewGuid()), mode, bed.Context.Today, RunFilter.Everyone, ComparedTo: null, "load test",
            bed.Clock.GetUtcNow(), FinishedAt: null, RunStatus.Running, default, RunCounts.None, Failure: null);
        return runner.Execute(request, run => report(mode == RunMode.Issue ? "billing" : "previewing", run.Counts.Accounts, accounts), cancellation);
    }
}
