using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using IspBilling.FaultKit.Chaos;
using IspBilling.FaultKit.Fuzzing;
using Spectre.Console;

namespace IspBilling.LoadTests.Hardship;

/// <summary><c>fuzz</c>: broken statements and requests, in memory and through a real engine.</summary>
internal static class FuzzCommand
{
    /// <summary>Of a hundred inputs so many go to the statement readers and to the API's JSON; the rest through the endpoints.</summary>
    private const int StatementShare = 80, RequestShare = 16;

    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create(Option<int> seed, Option<DirectoryInfo> data, Option<FileInfo?> result)
    {
        var inputs = new Option<int>("--inputs") { Description = "How many in all", DefaultValueFactory = _ => 1_000_000 };
        var command = new Command("fuzz", "Feeds damaged statements and requests to the readers and to a real engine: no crash, no hang, bounded memory, nothing booked of a refused file")
        {
            inputs, seed, data, result,
        };
        command.SetAction((parsed, cancellation) => Run(
            parsed.GetValue(inputs), parsed.GetValue(seed), parsed.GetRequiredValue(data), parsed.GetValue(result), cancellation));
        return command;
    }

    /// <returns>Exit code: 0 without findings.</returns>
    private static async Task<int> Run(int inputs, int seed, DirectoryInfo data, FileInfo? result, CancellationToken cancellation)
    {
        var beside = StatementSamples.Beside();
        IReadOnlyList<string> problems = [];
        var reports = await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var (statements, requests) = (inputs / 100 * StatementShare, inputs / 100 * RequestShare);
            var done = new List<FuzzReport>
            {
                await StatementFuzz.Run(statements, seed, beside, Bar("statement readers", statements), cancellation),
                await RequestFuzz.Run(requests, seed, Bar("requests in JSON", requests), cancellation),
            };
            var rest = inputs - statements - requests;
            var trial = await EndpointTrial.Run(rest, seed, Path.Combine(data.FullName, "fuzz"), beside, Bar("requests to endpoints", rest), cancellation);
            done.Add(trial.Report);
            problems = trial.Problems;
            return done;

            Action<long> Bar(string what, int of)
            {
                var task = progress.AddTask(what, maxValue: of);
                return value => task.Value = value;
            }
        });
        Print(reports, problems);
        if (result is not null) await Save(reports, problems, inputs, seed, result, cancellation);
        return problems.Count == 0 && reports.TrueForAll(report => report.Findings.IsEmpty) ? 0 : 1;
    }

    private static void Print(IEnumerable<FuzzReport> reports, IEnumerable<string> problems)
    {
        var table = new Table().AddColumns("fuzz", "inputs", "accepted", "refused", "findings", "per second", "slowest", "most allocated");
        foreach (var report in reports)
        {
            table.AddRow(
                report.What, Number(report.Inputs), Number(report.Accepted), Number(report.Refused), Number(report.Findings.Length),
                Number((long)(report.Inputs / report.Took.TotalSeconds)),
                string.Create(CultureInfo.InvariantCulture, $"{report.Slowest.TotalMilliseconds:0} ms"), $"{report.MostBytesPerInput / 1024} KiB");
        }

        AnsiConsole.Write(table);
        foreach (var finding in reports.SelectMany(report => report.Findings))
        {
            AnsiConsole.WriteLine($"FINDING {finding.What} {finding.Number}: {finding.Failure}");
            AnsiConsole.WriteLine($"  input {Convert.ToBase64String(finding.Input)}");
        }

        foreach (var problem in problems) AnsiConsole.WriteLine($"PROBLEM: {problem}");
    }

    private static async Task Save(
        IEnumerable<FuzzReport> reports, IReadOnlyList<string> problems, int inputs, int seed, FileInfo result, CancellationToken cancellation)
    {
        await using var file = result.Create();
        await JsonSerializer.SerializeAsync(file, new { scenario = "fuzz", inputs, seed, reports, problems }, Indented, cancellation);
    }

    private static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
