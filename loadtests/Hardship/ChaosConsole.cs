using System.Globalization;
using System.Text.Json;
using IspBilling.FaultKit.Chaos;
using Spectre.Console;

namespace IspBilling.LoadTests.Hardship;

/// <summary>What a trial did and what callers saw, as tables and as JSON.</summary>
internal static class ChaosConsole
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(TrialReport report)
    {
        if (report.SkippedBecause is { } reason)
        {
            AnsiConsole.WriteLine($"{report.Name}: skipped, {reason}.");
            return;
        }

        PrintRounds(report);
        PrintSeen(report);
        foreach (var problem in report.Problems) AnsiConsole.WriteLine($"PROBLEM: {problem}");
    }

    public static async Task Save(IEnumerable<TrialReport> reports, TrialOptions options, FileInfo result, CancellationToken cancellation)
    {
        await using var file = result.Create();
        await JsonSerializer.SerializeAsync(
            file,
            new { scenario = "chaos", options.Clients, options.Rounds, options.Seed, trials = reports.Select(Json) },
            Indented,
            cancellation);
    }

    private static void PrintRounds(TrialReport report)
    {
        var table = new Table().AddColumns(report.Name, "hit", "what", "s to service", "s to rest");
        foreach (var round in report.Rounds)
        {
            table.AddRow(
                $"{round.Number}",
                round.Fault,
                string.Join(" + ", new[] { round.HitRun ? "run" : null, round.HitImport ? "import" : null, "traffic" }.OfType<string>()),
                Seconds(round.ToService),
                Seconds(round.ToRest));
        }

        AnsiConsole.Write(table);
    }

    private static void PrintSeen(TrialReport report)
    {
        var seen = report.Seen;
        var table = new Table().AddColumn($"{report.Name}: what callers saw").AddColumn(new TableColumn("").RightAligned());
        table.AddRow("requests", Number(seen.Requests));
        foreach (var (ending, times) in seen.Endings.OrderBy(ending => ending.Key, StringComparer.Ordinal)) table.AddRow(ending, Number(times));
        table.AddRow("sent again under the same key", Number(seen.Repeated));
        table.AddRow("slowest answer", $"{Seconds(seen.Slowest)} s");
        table.AddRow("errands, each counted once in the journal", Number(report.Errands));
        if (!report.Rounds.IsEmpty)
        {
            table.AddRow("seconds to full service, longest", Seconds(report.Rounds.Max(round => round.ToService)));
            table.AddRow("seconds to full service, mean", Seconds(TimeSpan.FromSeconds(report.Rounds.Average(round => round.ToService.TotalSeconds))));
        }

        foreach (var (name, value) in report.Facts) table.AddRow(name, value);
        table.AddRow("problems", Number(report.Problems.Length));
        AnsiConsole.Write(table);
    }

    private static object Json(TrialReport report) => new
    {
        report.Name,
        skipped = report.SkippedBecause,
        rounds = report.Rounds.Select(round => new
        {
            round.Number, round.Fault, round.HitRun, round.HitImport, toServiceSeconds = round.ToService.TotalSeconds, toRestSeconds = round.ToRest.TotalSeconds,
        }),
        requests = report.Seen.Requests,
        endings = report.Seen.Endings,
        repeated = report.Seen.Repeated,
        slowestSeconds = report.Seen.Slowest.TotalSeconds,
        report.Errands,
        facts = report.Facts.Select(fact => new { fact.Name, fact.Value }),
        report.Problems,
    };

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
