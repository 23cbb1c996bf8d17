using System.Collections.Immutable;
using System.Net;
using IspBilling.Hosting;
using IspBilling.Grains;
using IspBilling.Silo;

namespace IspBilling.Http.Tests.Support;

/// <summary>The engine behind the interface, as three nodes of a cluster; whoever asks for the address gets each of them in turn.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private const int Nodes = 3;

    private readonly ImmutableArray<BillingNode> _nodes;
    private int _turn;

    private EngineHost(ImmutableArray<BillingNode> nodes) => _nodes = nodes;

    public Uri Address => _nodes[Interlocked.Increment(ref _turn) % Nodes].Address;

    public IServiceProvider Services => _nodes[0].Services;

    public static async Task<EngineHost> Start(string database, string directory, TimeProvider clock)
    {
        var cluster = $"test-{Guid.NewGuid():n}";
        var nodes = await Task.WhenAll(Enumerable.Range(1, Nodes).Select(number => BillingNode.Start(
            new HostSettings { Database = database, Port = 0, Clock = clock, Logs = LogForm.None, DataDirectory = Path.Combine(directory, $"{number}") },
            new ClusterSettings(IPAddress.Loopback, FreePort.Next()) { Cluster = cluster },
            CancellationToken.None)));
        return new EngineHost([.. nodes]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }
}
