using System.Globalization;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.LoadTests.Measuring;
using IspBilling.Postgres.Runs;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>One invoice with three lines for every account.</summary>
public sealed class BillScenario(int accounts, int seed) : IScenario
{
    private const int ServicesEach = 3;

    public string Name => "bill";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        await Seed(bed, accounts, seed, report, cancellation);
        await bed.Settle(cancellation);

        var meter = new Meter(bed.Database);
        await meter.Start();
        var run = await Bill(bed, report, accounts, cancellation);
        var cost = await meter.Stop();
        if (run.Counts.Issued != accounts) throw new InvalidOperationException($"{run.Counts.Issued} of {accounts} accounts were billed");
        var store = new PostgresBillingRunStore(bed.Database);
        var proof = await store.Prove(run, cancellation);
        return new Figures("invoice", run.Counts.Documents, cost,
        [
            ("billed", new Money(run.Counts.TotalMinor, Currency.Czk).ToString()),
            ("completeness proof", proof.IsComplete ? "complete" : string.Create(CultureInfo.InvariantCulture, $"INCOMPLETE, {proof.Missed.Count} missed")),
        ]);
    }

    internal static async Task Seed(LoadBed bed, int accounts, int seed, Action<string, double, double> report, CancellationToken cancellation)
    {
        var month = new DateOnly(bed.Context.Today.Year, bed.Context.Today.Month, 1);
        var seeding = new DemoSeeding(
            bed.Accounts, bed.Clients.GetOrCreateMany, DemoProvider.Tariffs.ToDictionary(tariff => tariff.Id, tariff => tariff.Id));
        var population = new DemoPopulation(accounts, seed, month, Plain: true, ServicesEach);
        await seeding.Push(DemoClients.Generate(population), done => report("creating accounts", done, accounts), cancellation);
    }

    internal static Task<BillingRun> Bill(LoadBed bed, Action<string, double, double> report, int accounts, CancellationToken cancellation)
    {
        var runner = new BillingRunner(
            bed.Accounts, new PostgresBillingRunStore(bed.Database), bed.Context, TimeProvider.System, new BillingRunnerOptions());
        var request = new BillingRun(
            new RunId(Guid.NewGuid()), RunMode.Issue, bed.Context.Today, RunFilter.Everyone, ComparedTo: null, "load test",
            TimeProvider.System.GetUtcNow(), FinishedAt: null, RunStatus.Running, default, RunCounts.None, Failure: null);
        return runner.Execute(request, run => report("billing", run.Counts.Accounts, accounts), cancellation);
    }
}
