using IspBilling.FaultKit.Chaos;
using IspBilling.TestKit;
using Xunit.Abstractions;

namespace IspBilling.Cluster.Tests.Processes;

/// <summary>The short form of <c>./dev load chaos --only partition</c>.</summary>
public sealed class PartedNodesTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 300;

    /// <summary>Long enough for the others to declare a node dead.</summary>
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(15);

    private readonly string _directory = TestDirectory.New();

    [Fact]
    public async Task A_worker_that_the_fronts_do_not_reach_for_a_while_loses_nothing_and_doubles_nothing()
    {
        var report = await PartitionTrial.Run(
            new TrialOptions(Clients, Rounds: 1, Seed: 5, _directory, output.WriteLine),
            Path.Combine(AppContext.BaseDirectory, "IspBilling.Silo.dll"),
            [Cut],
            CancellationToken.None);

        Assert.True(report.Problems.IsEmpty, string.Join('\n', report.Problems));
        Assert.Equal(["worker alone, 15 s, bytes lost"], report.Rounds.Select(round => round.Fault));
        Assert.True(report.Errands > 0);
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }
}
