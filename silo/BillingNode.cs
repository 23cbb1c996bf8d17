using System.Collections.Immutable;
using IspBilling.Hosting;
using IspBilling.Http;
using IspBilling.Http.Security;
using IspBilling.Grains;
using Orleans.Dashboard;
using Orleans.Hosting;

namespace IspBilling.Silo;

/// <summary>
/// One node of a cluster: accounts as grains, and the same interface as on one machine. It ends from the top: no more requests, then
/// the grains here finish their turns and go, then every commit has landed.
/// </summary>
public sealed class BillingNode : IAsyncDisposable
{
    private readonly Foundation _foundation;
    private readonly WebApplication _app;

    private BillingNode(Foundation foundation, WebApplication app)
    {
        (_foundation, _app) = (foundation, app);
        Greeting = [$"IspBilling answers at {string.Join(", ", app.Urls)} (interface: /docs, cluster: /dashboard)", .. foundation.Greeting];
    }

    /// <summary>What the operator should read when it starts.</summary>
    public ImmutableArray<string> Greeting { get; }

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    public static async Task<BillingNode> Start(HostSettings settings, ClusterSettings cluster, CancellationToken cancellation)
    {
        var foundation = await Foundation.Lay(settings, cancellation);
        try
        {
            var app = Build(foundation, cluster);
            await app.StartAsync(cancellation);
            return new BillingNode(foundation, app);
        }
        catch
        {
            await foundation.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdown(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _foundation.DisposeAsync();
    }

    private static WebApplication Build(Foundation foundation, ClusterSettings cluster)
    {
        var builder = EngineWeb.Begin(foundation, "IspBilling.Silo");
        builder.Logging.AddFilter("Orleans", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning);
        // Which collector runs is decided here, and a silo that was paused or starts is no news.
        builder.Logging.AddFilter("Orleans.Runtime.Silo", LogLevel.Error).AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        var database = foundation.Database.Source;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(foundation.Settings.TimeZone);
        builder.UseOrleans(silo => silo.JoinCluster(database, cluster).UseBillingStorage(database).AddBilling(cluster.Hours, zone, cluster.ReminderRefresh).AddDashboard());
        var app = builder.Build();
        app.UseBillingHttp();
        app.MapOrleansDashboard(OperatorPages.Dashboard).RequireOperator().ExcludeFromDescription();
        return app;
    }
}
