using IspBilling.FaultKit.Chaos;
using IspBilling.TestKit;
using Xunit.Abstractions;

namespace IspBilling.Cluster.Tests.Processes;

/// <summary>The short form of <c>./dev load chaos --only silo</c>.</summary>
public sealed class KilledSiloTests(ITestOutputHelper output) : IDisposable
{
    private const int Clients = 400;
    private readonly string _directory = TestDirectory.New();

    [Fact]
    public async Task A_front_and_a_worker_killed_under_work_lose_nothing_and_double_nothing_and_the_others_serve_everybody()
    {
        var report = await SiloKillTrial.Run(
            new TrialOptions(Clients, Rounds: 2, Seed: 5, _directory, output.WriteLine),
            Path.Combine(AppContext.BaseDirectory, "IspBilling.Silo.dll"),
            reviews: TimeSpan.Zero,
            CancellationToken.None);

        Assert.True(report.Problems.IsEmpty, string.Join('\n', report.Problems));
        Assert.Equal(["front 2", "worker"], report.Rounds.Select(round => round.Fault));
        Assert.True(report.Errands > 0);
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }
}
