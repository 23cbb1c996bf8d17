using IspBilling.Api;
using IspBilling.Hosting;

namespace IspBilling.Http.Tests.Support;

/// <summary>The engine behind the interface, on one machine. The cluster's tests are these tests with another host of this name.</summary>
public sealed class EngineHost : IAsyncDisposable
{
    private readonly BillingHost _host;

    private EngineHost(BillingHost host) => _host = host;

    public Uri Address => _host.Address;

    public IServiceProvider Services => _host.Services;

    public static async Task<EngineHost> Start(string database, string directory, TimeProvider clock) => new(await BillingHost.Start(
        new HostSettings { Database = database, Port = 0, Clock = clock, Logs = LogForm.None, DataDirectory = directory }, CancellationToken.None));

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
