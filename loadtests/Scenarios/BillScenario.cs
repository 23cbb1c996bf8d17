using System.Globalization;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.LoadTests.Measuring;
using IspBilling.Postgres.Runs;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>One invoice for every account, with three lines on average; then the database's own limit for the same rows.</summary>
/// <param name="history">Months that the accounts have been billed and have paid before; with any, newcomers are billed for comparison.</param>
/// <param name="directory">Where the rows for the limit are set aside; as large as they are.</param>
/// <param name="byTable">Show what the limit is made of.</param>
public sealed class BillScenario(int accounts, int history, int seed, DirectoryInfo directory, bool byTable) : IScenario
{
    public string Name => byTable ? "limit" : "bill";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        if (history > 0) await PaidMonths.LetPass(bed, accounts, history, seed, report, cancellation);
        else await Seed(bed, accounts, seed, report, cancellation);
        var (run, cost, previewed) = await Measure(bed, report, cancellation);
        var states = await SizeOfStates(bed, run.Id, cancellation);
        var sizes = new Dictionary<string, double> { ["stateBytes"] = states.Average, ["logBytes"] = (double)cost.WalBytes / run.Counts.Documents };
        var newcomers = history > 0 ? await MeasureNewcomers(bed, cost, sizes, report, cancellation) : [];

        var proof = await new PostgresBillingRunStore(bed.Database).Prove(run, cancellation);
        var lines = await Lines(bed, run.Id, cancellation);
        await bed.Settle(cancellation);
        var copies = await new PhysicalLimit(bed.Database, directory).Measure(run.Id, report, cancellation);
        return new Figures("invoice", run.Counts.Documents, cost,
        [
            ("lines each", string.Create(CultureInfo.InvariantCulture, $"{lines / (double)run.Counts.Documents:0.00}")),
            .. OfLimit(copies, run.Counts.Documents / cost.Seconds, run.Counts.Documents),
            ("previewed before", string.Create(CultureInfo.InvariantCulture, $"{previewed:#,0} per second")),
            ("billed", new Money(run.Counts.TotalMinor, Currency.Czk).ToString()),
            ("completeness proof", proof.IsComplete ? "complete" : string.Create(CultureInfo.InvariantCulture, $"INCOMPLETE, {proof.Missed.Count} missed")),
            ("state of an account afterwards", states.InWords),
            .. newcomers,
        ])
        { Sizes = sizes };
    }

    /// <remarks>
    /// As a clerk does: look first, then issue. The look also spares the figures the first seconds of a program, in which it is compiled.
    /// </remarks>
    private async Task<(BillingRun Run, Cost Cost, double Previewed)> Measure(
        LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        var preview = await Bill(bed, report, accounts, cancellation, RunMode.Preview);
        await bed.Settle(cancellation);
        using var meter = new Meter(bed.Database);
        await meter.Start();
        var run = await Bill(bed, report, accounts, cancellation);
        var cost = await meter.Stop();
        return run.Counts.Issued == accounts
            ? (run, cost, Rate(preview))
            : throw new InvalidOperationException($"{run.Counts.Issued} of {accounts} accounts were billed");
    }

    /// <summary>As many accounts without a history, in the same database.</summary>
    private async Task<(string, string)[]> MeasureNewcomers(
        LoadBed bed, Cost veterans, Dictionary<string, double> sizes, Action<string, double, double> report, CancellationToken cancellation)
    {
        await Seed(bed, accounts, seed, report, cancellation, beside: accounts);
        var (run, cost, _) = await Measure(bed, report, cancellation);
        var invoices = run.Counts.Documents;
        sizes["newcomersLogBytes"] = (double)cost.WalBytes / invoices;
        return
        [
            ("months of history", history.ToString(CultureInfo.InvariantCulture)),
            ("newcomers per second", string.Create(CultureInfo.InvariantCulture, $"{invoices / cost.Seconds:#,0}")),
            ("a newcomer costs", string.Create(CultureInfo.InvariantCulture, $"engine {cost.EngineCpu / invoices * 1e6:0} µs, PostgreSQL {cost.PostgresCpu / invoices * 1e6:0} µs, log {cost.WalBytes / invoices:#,0} bytes, {cost.AllocatedBytes / invoices:#,0} bytes allocated")),
            ("state of a newcomer afterwards", (await SizeOfStates(bed, run.Id, cancellation)).InWords),
            ("speed with a history, of a newcomer's", string.Create(CultureInfo.InvariantCulture, $"{cost.Seconds / veterans.Seconds:0.00}; by processor time {(cost.EngineCpu + cost.PostgresCpu) / (veterans.EngineCpu + veterans.PostgresCpu):0.00}")),
        ];
    }

    private static async Task<(double Average, string InWords)> SizeOfStates(LoadBed bed, RunId run, CancellationToken cancellation)
    {
        await using var sizes = bed.Database.CreateCommand(
            """
            SELECT avg(length(a.state))::float8, max(length(a.state)), avg(pg_column_size(a.state))::float8
            FROM accounts a WHERE EXISTS (SELECT FROM documents d WHERE d.run = $1 AND d.account_id = a.id)
            """);
        sizes.CommandTimeout = 0;
        sizes.Parameters.Add(new() { Value = run.Value });
        await using var row = await sizes.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        return (
            row.GetDouble(0),
            string.Create(CultureInfo.InvariantCulture, $"{row.GetDouble(0):#,0} bytes, at most {row.GetInt32(1):#,0}; {row.GetDouble(2):#,0} as stored"));
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

    /// <summary>Clients that joined this month.</summary>
    /// <param name="beside">So many that joined before are there already.</param>
    /// <param name="issuers">How many issuers they are divided among.</param>
    internal static async Task Seed(
        LoadBed bed, int accounts, int seed, Action<string, double, double> report, CancellationToken cancellation, int beside = 0, int issuers = 1)
    {
        var month = new DateOnly(bed.Context.Today.Year, bed.Context.Today.Month, 1);
        var seeding = new DemoSeeding(
            bed.Accounts, bed.Clients.GetOrCreateMany, DemoProvider.Tariffs.ToDictionary(tariff => tariff.Id, tariff => tariff.Id));
        var population = new DemoPopulation(beside + accounts, seed, month, Plain: true, ServiceSpread.Provider, issuers);
        var what = beside == 0 ? "creating accounts" : "creating newcomers";
        await seeding.Push(DemoClients.Generate(population).Skip(beside), done => report(what, done, accounts), cancellation);
    }

    internal static Task<BillingRun> Bill(
        LoadBed bed, Action<string, double, double> report, int accounts, CancellationToken cancellation, RunMode mode = RunMode.Issue) =>
        bed.Bill(
            RunFilter.Everyone, cancellation, mode,
            progress: run => report(mode == RunMode.Issue ? "billing" : "previewing", run.Counts.Accounts, accounts));
}
