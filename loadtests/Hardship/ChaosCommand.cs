using System.CommandLine;
using IspBilling.FaultKit.Chaos;
using Spectre.Console;

namespace IspBilling.LoadTests.Hardship;

/// <summary><c>chaos</c>: kills, cut connections and a full disk under work, and what callers of the API saw of it.</summary>
internal static class ChaosCommand
{
    /// <summary>A round of cuts or of a full disk brings several faults, a round of kills one.</summary>
    private const int KillsPerOtherRound = 4;

    /// <summary>What fits on the small disk.</summary>
    private const int DiskAccountsMax = 1_000;

    /// <summary>Over which the reviews of a cluster's accounts are spread: about as long as the trial lasts.</summary>
    private static readonly TimeSpan Reviews = TimeSpan.FromMinutes(10);

    public static Command Create(Option<FileInfo?> silo, Option<int> seed, Option<DirectoryInfo> data, Option<FileInfo?> result)
    {
        var rounds = new Option<int>("--rounds") { Description = "Kills; half of that many of nodes, a quarter of that many rounds of cut connections and of a full disk", DefaultValueFactory = _ => 20 };
        var accounts = new Option<int>("--accounts") { Description = "How many accounts", DefaultValueFactory = _ => 3_000 };
        var only = new Option<string?>("--only") { Description = "One kind of trial instead of all: kill, cut, disk, or silo for the nodes of a cluster" };
        only.AcceptOnlyFromAmong("kill", "cut", "disk", "silo");
        var command = new Command("chaos", "Kills engine and PostgreSQL, cuts their connection, fills the disk and kills nodes of a cluster while they work; counts and audits after each")
        {
            rounds, accounts, only, silo, seed, data, result,
        };
        command.SetAction((parsed, cancellation) => Run(
            new TrialOptions(
                parsed.GetValue(accounts), parsed.GetValue(rounds), parsed.GetValue(seed), parsed.GetRequiredValue(data).FullName,
                sentence => AnsiConsole.WriteLine(sentence)),
            parsed.GetValue(only),
            parsed.GetValue(silo),
            parsed.GetValue(result),
            cancellation));
        return command;
    }

    /// <returns>Exit code: 0 when everything held.</returns>
    private static async Task<int> Run(TrialOptions options, string? only, FileInfo? silo, FileInfo? result, CancellationToken cancellation)
    {
        var others = options with { Rounds = Math.Max(1, options.Rounds / KillsPerOtherRound) };
        var reports = new List<TrialReport>();
        if (only is null or "kill") reports.Add(await KillTrial.Run(options, cancellation));
        if (only is null or "cut") reports.Add(await CutTrial.Run(others, cancellation));
        if (only is null or "disk") reports.Add(await DiskFullTrial.Run(others with { Clients = Math.Min(options.Clients, DiskAccountsMax) }, cancellation));
        if (only is null or "silo") reports.Add(await KillSilos(options with { Rounds = (options.Rounds + 1) / 2 }, silo, cancellation));
        foreach (var report in reports) ChaosConsole.Print(report);
        if (result is not null) await ChaosConsole.Save(reports, options, result, cancellation);
        return reports.TrueForAll(report => report.Problems.IsEmpty) ? 0 : 1;
    }

    private static async Task<TrialReport> KillSilos(TrialOptions options, FileInfo? silo, CancellationToken cancellation) => silo is null
        ? TrialReport.Skipped("kill -9 of a node", "the packages of Orleans do not restore here")
        : await SiloKillTrial.Run(options, silo.FullName, Reviews, cancellation);
}
