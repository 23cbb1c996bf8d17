using System.Collections.Immutable;
using System.CommandLine;
using IspBilling.FaultKit.Chaos;
using Spectre.Console;

namespace IspBilling.LoadTests.Hardship;

/// <summary><c>chaos</c>: kills, cut connections, a full disk and a cut network under work, and what callers of the API saw of it.</summary>
internal static class ChaosCommand
{
    /// <summary>A round of cuts or of a full disk brings several faults, a round of kills one.</summary>
    private const int KillsPerOtherRound = 4;

    /// <summary>What fits on the small disk.</summary>
    private const int DiskAccountsMax = 1_000;

    /// <summary>Over which the reviews of a cluster's accounts are spread: about as long as the trial lasts.</summary>
    private static readonly TimeSpan Reviews = TimeSpan.FromMinutes(10);

    /// <summary>Shorter than it takes to declare a node dead, a little longer, and much longer than callers are kept waiting.</summary>
    private static readonly ImmutableArray<TimeSpan> CutFor = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90)];

    /// <summary>A call that was lost between nodes fails after half a minute; as much again for a node that is started meanwhile.</summary>
    private static readonly TimeSpan ServedAfterHealing = TimeSpan.FromMinutes(1);

    public static Command Create(Option<FileInfo?> silo, Option<int> seed, Option<DirectoryInfo> data, Option<FileInfo?> result)
    {
        var rounds = new Option<int>("--rounds") { Description = "Kills of the engine and of nodes; half of that many cuts of the network between nodes, a quarter of that many rounds of cut connections and of a full disk", DefaultValueFactory = _ => 20 };
        var accounts = new Option<int>("--accounts") { Description = "How many accounts", DefaultValueFactory = _ => 3_000 };
        var only = new Option<string?>("--only") { Description = "One kind of trial instead of all: kill, cut, disk; of the nodes of a cluster silo (kills) or partition (the network between them)" };
        only.AcceptOnlyFromAmong("kill", "cut", "disk", "silo", "partition");
        var command = new Command("chaos", "Kills engine and PostgreSQL, cuts their connection, fills the disk, kills nodes of a cluster and cuts the network between them while they work; counts and audits after each")
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
        if (only is null or "silo") reports.Add(await KillSilos(options, silo, cancellation));
        if (only is null or "partition") reports.Add(await CutNodes(options with { Rounds = (options.Rounds + 1) / 2 }, silo, cancellation));
        foreach (var report in reports) ChaosConsole.Print(report);
        if (result is not null) await ChaosConsole.Save(reports, options, result, cancellation);
        return reports.TrueForAll(report => report.Problems.IsEmpty) ? 0 : 1;
    }

    private static async Task<TrialReport> KillSilos(TrialOptions options, FileInfo? silo, CancellationToken cancellation) => silo is null
        ? TrialReport.Skipped("kill -9 of a node", "no worker's program is named")
        : await SiloKillTrial.Run(options, silo.FullName, Reviews, cancellation);

    private static async Task<TrialReport> CutNodes(TrialOptions options, FileInfo? silo, CancellationToken cancellation) => silo is null
        ? TrialReport.Skipped("network between nodes cut", "no worker's program is named")
        : Bounded(await PartitionTrial.Run(options, silo.FullName, CutFor, cancellation));

    private static TrialReport Bounded(TrialReport report) => report with
    {
        Problems =
        [
            .. report.Problems,
            .. report.Rounds.Where(round => round.ToService > ServedAfterHealing)
                .Select(round => $"round {round.Number}, {round.Fault}: everybody was served only {round.ToService.TotalSeconds:0} s after the network had healed"),
        ],
    };
}
