using IspBilling.Hosting;
using IspBilling.Http;
using IspBilling.Http.Contract;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IspBilling.Http.Tests.Support;

/// <summary>The engine behind the interface, as one node. The cluster's tests are these tests with another class of this name.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly BillingNode _node;

    private EngineHost(BillingNode node) => _node = node;

    public Uri Address => _node.Address;

    public IServiceProvider Services => _node.Services;

    /// <summary>Hears what is logged.</summary>
    public void Listen(ILoggerProvider listener) => Services.GetRequiredService<ILoggerFactory>().AddProvider(listener);

    public static async Task<EngineHost> Start(string database, string directory, TimeProvider clock, HttpLimits? limits = null) => new(await BillingNode.Start(
        new HostSettings { Database = database, Port = 0, Clock = clock, Logs = LogForm.None, DataDirectory = directory, Limits = limits ?? new HttpLimits() }, NodeRole.Front, CancellationToken.None));

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
