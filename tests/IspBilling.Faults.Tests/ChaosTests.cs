using IspBilling.FaultKit.Chaos;
using IspBilling.FaultKit.Network;
using IspBilling.TestKit;
using Xunit.Abstractions;

namespace IspBilling.Faults.Tests;

/// <summary>
/// The short form of <c>./dev load chaos</c>. Each trial lets an engine bill, import and serve callers, does its harm, and then counts:
/// what was acknowledged happened once, what was not at most once and after the repetition once, the books agree with the journal.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 11;
    private readonly string _directory = TestDirectory.New();

    [Fact]
    public async Task Engine_and_database_killed_under_work_lose_nothing_and_double_nothing()
    {
        var report = await KillTrial.Run(Options(clients: 600, rounds: 3), CancellationToken.None);

        NothingWrong(report);
        Assert.Equal(["Both", "Engine", "Postgres"], report.Rounds.Select(round => round.Fault).Order(StringComparer.Ordinal));
        Assert.Contains(report.Rounds, round => round.HitRun || round.HitImport);
        Assert.True(report.Errands > 0);
    }

    [Fact]
    public async Task A_connection_cut_around_a_commit_loses_nothing_and_doubles_nothing()
    {
        var report = await CutTrial.Run(Options(clients: 600, rounds: 1), CancellationToken.None);

        NothingWrong(report);
        Assert.True(report.Facts.Length > 1, "hardly a connection was cut");
        Assert.Contains(report.Facts, fact => fact.Name == $"cuts {Cut.AllAtOnce}");
        Assert.True(report.Errands > 0);
    }

    [FactWithSmallDisk]
    public async Task A_full_disk_is_told_to_callers_and_costs_nothing_but_time()
    {
        var report = await DiskFullTrial.Run(Options(clients: 200, rounds: 2), CancellationToken.None);

        Assert.Null(report.SkippedBecause);
        NothingWrong(report);
        Assert.True(report.Seen.Of(System.Net.HttpStatusCode.InsufficientStorage) > 0);
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    private static void NothingWrong(TrialReport report) => Assert.True(report.Problems.IsEmpty, string.Join('\n', report.Problems));

    private TrialOptions Options(int clients, int rounds) => new(clients, rounds, Seed, _directory, output.WriteLine);
}
