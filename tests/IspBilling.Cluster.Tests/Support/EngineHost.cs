using System.Collections.Immutable;
using IspBilling.Hosting;
using IspBilling.Http;
using IspBilling.Http.Contract;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IspBilling.Http.Tests.Support;

/// <summary>The engine behind the interface, as two fronts and a worker of one cluster; who asks for the address gets each front in turn.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private static readonly ImmutableArray<NodeRole> Roles = [NodeRole.Front, NodeRole.Front, NodeRole.Worker];

    private readonly ImmutableArray<BillingNode> _nodes;
    private readonly ImmutableArray<BillingNode> _fronts;
    private int _turn;

    private EngineHost(ImmutableArray<BillingNode> nodes) =>
        (_nodes, _fronts) = (nodes, [.. nodes.Where((_, at) => Roles[at] == NodeRole.Front)]);

    public Uri Address => _fronts[Interlocked.Increment(ref _turn) % _fronts.Length].Address;

    public IServiceProvider Services => _fronts[0].Services;

    /// <summary>Hears what every node logs.</summary>
    public void Listen(ILoggerProvider listener)
    {
        foreach (var node in _nodes) node.Services.GetRequiredService<ILoggerFactory>().AddProvider(listener);
    }

    public static async Task<EngineHost> Start(string database, string directory, TimeProvider clock, HttpLimits? limits = null)
    {
        var cluster = $"test-{Guid.NewGuid():n}";
        return new EngineHost([.. await Task.WhenAll(Roles.Select((role, at) => BillingNode.Start(
            new HostSettings
            {
                Database = database, Port = 0, Clock = clock, Logs = LogForm.None, DataDirectory = Path.Combine(directory, $"{at}"), Cluster = cluster,
                KeyFile = Path.Combine(directory, "secrets.key"), Limits = limits ?? new HttpLimits(),
            },
            role,
            CancellationToken.None)))]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes) await node.DisposeAsync();
    }
}
