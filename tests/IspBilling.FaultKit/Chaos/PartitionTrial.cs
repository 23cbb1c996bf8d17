using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using IspBilling.FaultKit.Network;
using IspBilling.FaultKit.Processes;
using IspBilling.Hosting;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.FaultKit.Chaos;

/// <summary>
/// The network between nodes is cut in a billing run, an import and the callers' traffic, and heals after a while. Every node still reaches
/// the database and its callers. A node that the others have declared dead meanwhile ends by itself and is started again, as an operator's
/// watchdog would.
/// </summary>
public static class PartitionTrial
{
    private const string Name = "network between nodes cut";
    private const double EarlyShare = 0.3;

    private static readonly ImmutableArray<Parting> Partings =
    [
        new("worker alone", [(SmallCluster.Worker, 0), (SmallCluster.Worker, 1)]),
        new("front 2 from worker", [(1, SmallCluster.Worker)]),
        new("front 1 alone", [(0, 1), (0, SmallCluster.Worker)]),
        new("front 1 from front 2", [(0, 1)]),
    ];

    /// <param name="worker">The worker's program.</param>
    /// <param name="lengths">How long the network stays cut, in turns.</param>
    public static async Task<TrialReport> Run(TrialOptions options, string worker, ImmutableArray<TimeSpan> lengths, CancellationToken cancellation)
    {
        var random = new Random(options.Seed);
        var directory = Path.Combine(options.Directory, "partitions");
        await EmbeddedPostgres.Remove(directory, cancellation);
        await using var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { DataDirectory = directory }, cancellation);
        await server.EnsureDatabase(TrialBed.DatabaseName, cancellation);
        var connection = server.ConnectionString(TrialBed.DatabaseName);
        var key = await Seed(connection, options, cancellation);
        var places = SmallCluster.Places(worker, connection, options.Directory);
        IPEndPoint[] behind = [.. places.Select(_ => new IPEndPoint(IPAddress.Loopback, FreePort.Next()))];
        await using var network = new NodeNetwork(behind);
        await using var bed = await TrialBed.OnGivenServer(
            options, "partition", places.Select((place, node) => Behind(place, network[node], behind[node])), connection, key);
        await bed.Open();
        var undisturbed = await bed.Rehearse(cancellation);
        options.Say($"A round takes {undisturbed.TotalSeconds:0.0} s when nobody disturbs it.");
        var rounds = new List<RoundReport>(options.Rounds);
        for (var number = 1; number <= options.Rounds; number++)
        {
            var (parting, length) = (Partings[(number - 1) % Partings.Length], lengths[(number - 1) % lengths.Length]);
            // So that each parting comes with both.
            var bytes = (CutBytes)((number + (number / Partings.Length)) % 2);
            var within = undisturbed * (number % 2 == 0 ? EarlyShare : 1) * random.NextDouble();
            rounds.Add(await bed.Watch(Round(bed, network, new Plan(number, parting, length, bytes, within), cancellation)));
            options.Say($"{Name} {number} of {options.Rounds}: {rounds[^1]}");
        }

        foreach (var (node, process) in bed.Ended) Judge(bed, node, process);
        var report = await bed.Close(
            Name,
            rounds,
            [
                ("undisturbed round", $"{undisturbed.TotalSeconds:0.0} s"),
                ("clients", $"{options.Clients}"),
                ("nodes that were declared dead, ended and were started again", $"{bed.Ended.Count}"),
                ("connections that were reset because bytes were lost", $"{network.Resets}"),
            ],
            cancellation);
        return report with { Problems = [.. report.Problems, .. await bed.Stop()] };
    }

    private static async Task<RoundReport> Round(TrialBed bed, NodeNetwork network, Plan plan, CancellationToken cancellation)
    {
        var month = await bed.NextMonth();
        var asking = month.Ask();
        await Task.Delay(plan.Within, cancellation);
        var hit = await month.UnderWay();
        network.Cut(plan.Parting.Between, plan.Bytes);
        await Task.Delay(plan.Length, cancellation);
        network.Heal();
        var healed = Stopwatch.GetTimestamp();
        await bed.Traffic.ProbeAll(SmallCluster.Probes, TrialTime.Today);
        await bed.UntilComplete();
        var toService = Stopwatch.GetElapsedTime(healed);
        await asking;
        await bed.Rest(month);
        var toRest = Stopwatch.GetElapsedTime(healed);
        await bed.Check(month, cancellation);
        return new RoundReport(plan.Number, $"{plan}", hit.Run, hit.Import, toService, toRest);
    }

    /// <summary>The others know the node by its proxy.</summary>
    private static EnginePlace Behind(EnginePlace place, IPEndPoint proxy, IPEndPoint node) => place
        .With("CLUSTERADDRESS", $"{proxy.Address}").With("CLUSTERPORT", $"{proxy.Port}").With("CLUSTERLISTEN", $"{node}");

    /// <summary>A node ends for one reason only, says so, and tells its supervisor that it did not mean to.</summary>
    private static void Judge(TrialBed bed, int node, EngineProcess process)
    {
        if (!process.WasDeclaredDead)
            bed.Problem($"{SmallCluster.NameOf(node)} ended with {process.ExitCode}:\n{process.Output()}");
    }

    private static async Task<string> Seed(string connection, TrialOptions options, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        return await SeededProvider.Put(database, options.Clients, options.Seed, cancellation);
    }

    /// <param name="Between">Pairs of nodes that do not hear each other.</param>
    private sealed record Parting(string Name, ImmutableArray<(int, int)> Between);

    /// <param name="Within">From the beginning of the work until the cut.</param>
    private sealed record Plan(int Number, Parting Parting, TimeSpan Length, CutBytes Bytes, TimeSpan Within)
    {
        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{Parting.Name}, {Length.TotalSeconds:0} s, bytes {(Bytes == CutBytes.AreLost ? "lost" : "late")}");
    }
}
