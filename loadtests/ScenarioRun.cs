using System.Globalization;
using System.Text.Json;
using IspBilling.LoadTests.Measuring;
using IspBilling.LoadTests.Scenarios;
using IspBilling.Postgres.Audit;
using Spectre.Console;

namespace IspBilling.LoadTests;

/// <summary>Runs a scenario on a fresh bed, shows what it cost, audits the books.</summary>
public static class ScenarioRun
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <returns>Exit code: 0 when the audit found nothing.</returns>
    public static async Task<int> Execute(IScenario scenario, DirectoryInfo data, FileInfo? result, CancellationToken cancellation)
    {
        await using var bed = await LoadBed.Start(data.FullName, cancellation);
        var figures = await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var tasks = new Dictionary<string, ProgressTask>();
            return await scenario.Run(bed, (what, done, of) =>
            {
                if (!tasks.TryGetValue(what, out var task)) tasks[what] = task = progress.AddTask(what, maxValue: of);
                task.Value = done;
            }, cancellation);
        });
        Show(scenario, figures);
        var exitCode = scenario.HasAudited ? 0 : AuditConsole.Print(await LedgerAudit.Run(bed.Database, progress: null, cancellation), Console.Out);
        if (result is not null) await Save(scenario, figures, exitCode, result, cancellation);
        return exitCode;
    }

    private static void Show(IScenario scenario, Figures figures)
    {
        var table = new Table().AddColumn(scenario.Name).AddColumn(new TableColumn("").RightAligned());
        table.AddRow($"{figures.What} count", figures.Count.ToString("#,0", CultureInfo.InvariantCulture));
        if (figures.Cost is { } cost) AddCost(table, figures, cost);
        foreach (var (name, value) in figures.Facts) table.AddRow(name, value);
        AnsiConsole.Write(table);
    }

    private static void AddCost(Table table, Figures figures, Cost cost)
    {
        Row("seconds", $"{cost.Seconds:0.00}");
        Row($"{figures.What} per second", $"{figures.PerSecond:#,0}");
        Row("engine CPU", $"{cost.EngineCpu:0.0} s, {cost.EngineCpu / figures.Count * 1e6:0} µs each");
        Row("PostgreSQL CPU", $"{cost.PostgresCpu:0.0} s, {cost.PostgresCpu / figures.Count * 1e6:0} µs each");
        Row("write-ahead log", $"{cost.WalBytes / figures.Count:#,0} bytes each");
        Row("managed allocation", $"{cost.AllocatedBytes / figures.Count:#,0} bytes each");
        Row("garbage collections", $"{cost.Collections}, {cost.Paused.TotalMilliseconds / Math.Max(1, cost.Collections):0.0} ms pause each");
        Row("engine memory at its peak", $"{cost.PeakMemoryBytes / 1_048_576:#,0} MiB");
        var traffic = cost.Traffic;
        Row("sent to the database", $"{traffic.BytesWritten / figures.Count:#,0} bytes each");
        Row("statements awaited", $"{traffic.Statements / (double)figures.Count:0.000} each");
        Row("flights", $"{traffic.FlightSizes.Count:#,0} of {traffic.FlightSize(0.1):#,0} / {traffic.FlightSize(0.5):#,0} / {traffic.FlightSize(0.9):#,0} commits (p10/p50/p90), {traffic.RetriedFlights} flown again");

        void Row(string name, FormattableString value) => table.AddRow(name, value.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task Save(IScenario scenario, Figures figures, int audit, FileInfo result, CancellationToken cancellation)
    {
        await using var file = result.Create();
        await JsonSerializer.SerializeAsync(
            file,
            new
            {
                scenario = scenario.Name,
                figures.What,
                figures.Count,
                figures.PerSecond,
                figures.Cost,
                // A list, because two facts may bear the same name.
                facts = figures.Facts.Select(fact => new { fact.Name, fact.Value }),
                figures.Sizes,
                auditClean = audit == 0,
            },
            Indented,
            cancellation);
    }
}
