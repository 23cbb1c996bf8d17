using System.Collections.Immutable;
using IspBilling.Access.People;
using IspBilling.Documents.Rendering;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Grains;
using IspBilling.Http;
using IspBilling.Http.Sms;
using IspBilling.Http.Contract;
using IspBilling.Http.Security;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Outgoing;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Reviews;
using IspBilling.Postgres.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;
using Orleans.Hosting;
using Orleans.Runtime;

namespace IspBilling.Hosting;

/// <summary>
/// One node, alone or of several. It begins from the ground up (directory, database, journal, silo, interface) and ends from the top: no
/// more requests, then the grains here finish their turns and go, then every commit has landed, then a private database stops.
/// </summary>
public sealed class BillingNode : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(30);
    private readonly Foundation _foundation;
    private readonly WebApplication _app;

    private BillingNode(Foundation foundation, WebApplication app, ImmutableArray<string> greeting) =>
        (_foundation, _app, Greeting) = (foundation, app, greeting);

    /// <summary>What the operator should read when it starts.</summary>
    public ImmutableArray<string> Greeting { get; }

    /// <summary>Where it keeps what it has on this machine.</summary>
    public string DataDirectory => _foundation.Settings.DataDirectory;

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    /// <summary>The node stopped, or will, because its private database does not start again.</summary>
    public bool HasLostDatabase => _foundation.Database.Lost.IsFaulted;

    /// <summary>Returns when the node lives in the cluster and answers.</summary>
    /// <exception cref="StartFailedException">See <see cref="StartFailure"/> for what else may keep it from starting.</exception>
    public static async Task<BillingNode> Start(HostSettings settings, NodeRole role, CancellationToken cancellation)
    {
        var foundation = await Foundation.Lay(settings, role, cancellation);
        WebApplication? app = null;
        try
        {
            app = Build(foundation, role);
            await app.StartAsync(cancellation);
            var greeting = role == NodeRole.Front ? await GreetFront(foundation, app, cancellation) : [$"IspBilling works in the cluster; health at {Urls(app)}/health/ready"];
            return new BillingNode(foundation, app, greeting);
        }
        catch
        {
            // What has started leaves in good order: the other nodes need not find out by its silence.
            if (app is not null) await Stop(app);
            await foundation.DisposeAsync();
            throw;
        }
    }

    public Task WaitForShutdown(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    /// <summary>Cancelled when the node begins to stop.</summary>
    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    public void BeginStop() => _app.Lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        await Stop(_app);
        await _foundation.DisposeAsync();
    }

    private static async Task Stop(WebApplication app)
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static WebApplication Build(Foundation foundation, NodeRole role)
    {
        var (settings, limits) = (foundation.Settings, foundation.Settings.Limits);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = typeof(BillingNode).Assembly.GetName().Name });
        Telemetry.Configure(builder.Logging, settings);
        if (settings.UrlFor(role) is { } url) builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.BodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.HeaderBytes;
            kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        });
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownPatience);
        builder.Services.AddTelemetry(settings);
        AddEngine(builder.Services, foundation);
        if (role == NodeRole.Front) AddFront(builder.Services, foundation, limits);
        builder.UseOrleans(silo => AddSilo(silo, foundation));
        builder.Services.AddClusterUpkeep().AddNodeUpkeep(role);

        var app = builder.Build();
        if (role == NodeRole.Front) UseFront(app, settings);
        else app.UseBillingHealth();
        return app;
    }

    /// <summary>What the accounts and their coordinators need, on every node.</summary>
    private static void AddEngine(IServiceCollection services, Foundation foundation)
    {
        // Given as they are: the foundation ends them, after the interface.
        services.AddSingleton(foundation.Database).AddSingleton(foundation.Database.Source).AddSingleton<IJournal>(foundation.Journal);
        services.AddSingleton(foundation.Settings.Clock).AddSingleton(foundation.Contexts).AddSingleton<IContextSource>(foundation.Contexts);
        services.AddSingleton<SettingsStore>().AddSingleton<SettingsDesk>().AddSingleton(foundation.Brake).AddSingleton<ClientCount>();
        services.AddSingleton<IReviewStore, PostgresReviewStore>().AddSingleton<IStatementImportStore, PostgresStatementImportStore>();
        services.AddSingleton<IOutbox, PostgresOutbox>().AddSingleton<IDeliveryReceipts, PostgresReceipts>().AddSingleton(provider => new DeliveryReports(
            provider.GetRequiredService<IOutbox>(), provider.GetRequiredService<IAccounts>(), foundation.Zone));
        services.AddSingleton<PostgresMailReturns>().AddSingleton<IMailReturns>(provider => provider.GetRequiredService<PostgresMailReturns>())
            .AddSingleton<IMailboxLeases>(provider => provider.GetRequiredService<PostgresMailReturns>());
        services.AddSingleton(provider => new MailReturnReports(
            provider.GetRequiredService<IMailReturns>(), provider.GetRequiredService<IOutbox>(), provider.GetRequiredService<IAccounts>(), foundation.Zone, foundation.Settings.Clock));
        services.AddSingleton<IUnassignedMoney, PostgresUnassignedMoney>();
        services.AddSingleton<StatementImporterOptions>().AddSingleton<StatementImporter>().AddSingleton<ClerkDesk>().AddSingleton(new Courtesy(TimeProvider.System));
    }

    private static void AddFront(IServiceCollection services, Foundation foundation, HttpLimits limits)
    {
        var settings = foundation.Settings;
        foundation.Ring!.AddTo(services);
        services.AddSingleton(new RendererOnDemand(settings.RendererFolder)).AddSingleton<IInvoiceRenderer>(provider => new CachedRenderer(
            provider.GetRequiredService<RendererOnDemand>(),
            new RenderCacheOptions { Folder = Path.Combine(settings.DataDirectory, "rendered") }, TimeProvider.System));
        services.AddSingleton(new PublicOrigin(settings.PublicAddress));
        services.AddBillingHttp(limits, settings.IdentityProvider);
        services.AddStatementSources(settings);
        services.AddDelivery(settings);
    }

    /// <remarks>The dashboard of a front shows every silo, and each silo counts for itself.</remarks>
    private static void AddSilo(ISiloBuilder silo, Foundation foundation)
    {
        var (settings, database) = (foundation.Settings, foundation.Database.Source);
        var place = new ClusterSettings(settings.ClusterAddress, foundation.SiloPort) { Listen = settings.ClusterListen, Cluster = settings.Cluster };
        silo.JoinCluster(database, place)
            .UseBillingStorage(database)
            .AddBilling(settings.Hours, foundation.Zone, settings.ReminderRefresh)
            .AddDashboard();
        silo.Services.AddSingleton<IFatalErrorHandler, SiloEnd>();
    }

    private static void UseFront(WebApplication app, HostSettings settings)
    {
        app.UseForwardedHeaders(Forwarded(settings));
        app.UseBillingHttp();
        app.MapOrleansDashboard(OperatorPages.Dashboard).RequireOperator().ExcludeFromDescription();
    }

    /// <summary>Not the host: it stands in no answer, and a name that was made up would have to be kept out of all of them.</summary>
    private static ForwardedHeadersOptions Forwarded(HostSettings settings)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null };
        foreach (var proxy in settings.Proxies) options.KnownIPNetworks.Add(proxy);
        return options;
    }

    private static async Task<ImmutableArray<string>> GreetFront(Foundation foundation, WebApplication app, CancellationToken cancellation)
    {
        return
        [
            $"IspBilling answers at {Urls(app)} (in a browser: /docs and /dashboard; what to do first: README.md)",
            .. foundation.Greeting,
            .. await app.Services.GetRequiredService<IInvoiceRenderer>().MissingAsync(cancellation) is { } missing
                ? [$"Everything works but printing. {missing}"]
                : ImmutableArray<string>.Empty,
            .. await new FirstStart(foundation.Database.Source, foundation.Settings).CreateKey(cancellation),
            .. await FirstStart.FirstLink(app.Services.GetRequiredService<PeopleDesk>(), foundation.Settings.PublicAddress ?? new Uri(app.Urls.First()), cancellation),
        ];
    }

    private static string Urls(WebApplication app) => string.Join(", ", app.Urls);
}
