using System.Collections.Immutable;
using IspBilling.FaultKit.Processes;

namespace IspBilling.FaultKit.Chaos;

/// <summary>The nodes of a trial: two fronts, then a worker.</summary>
internal static class SmallCluster
{
    public const int Fronts = 2;
    public const int Worker = Fronts;

    /// <summary>Accounts that are asked after a fault: more than there are shards, spread over all accounts.</summary>
    public const int Probes = 64;

    /// <param name="worker">The worker's program.</param>
    public static ImmutableArray<EnginePlace> Places(string worker, string connection, string directory) =>
    [
        .. Enumerable.Range(1, Fronts).Select(number =>
            EnginePlace.Api(connection, Path.Combine(directory, $"front-{number}")).With("KEYFILE", Path.Combine(directory, "secrets.key")) with { Clock = TrialTime.Clock }),
        EnginePlace.Worker(worker, connection, Path.Combine(directory, "worker")) with { Clock = TrialTime.Clock },
    ];

    public static string NameOf(int node) => node < Fronts ? $"front {node + 1}" : "worker";
}
