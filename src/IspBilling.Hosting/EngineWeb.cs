using IspBilling.Documents.Rendering;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Hosting.Background;
using IspBilling.Http;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Reviews;
using IspBilling.Postgres.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IspBilling.Hosting;

/// <summary>The interface and the stores behind it, the same on one machine and on a node of a cluster. A host adds the accounts.</summary>
public static class EngineWeb
{
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(30);

    /// <param name="application">The assembly whose settings files and name the application has.</param>
    public static WebApplicationBuilder Begin(Foundation foundation, string application)
    {
        var (settings, limits) = (foundation.Settings, new HttpLimits());
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = application });
        Telemetry.Configure(builder.Logging, settings);
        if (settings.Urls is { } urls) builder.WebHost.UseUrls(urls);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.BodyBytes;
            kestrel.Limits.MaxRequestHeadersTotalSize = limits.HeaderBytes;
            kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        });

        var services = builder.Services;
        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownPatience);
        services.AddSingleton(settings.Clock).AddSingleton(foundation.Contexts).AddSingleton<IContextSource>(foundation.Contexts);
        // Given as they are: the foundation ends them, after the interface.
        services.AddSingleton(foundation.Database).AddSingleton(foundation.Database.Source).AddSingleton<IJournal>(foundation.Journal);
        services.AddSingleton<IStatementImportStore, PostgresStatementImportStore>().AddSingleton<IBillingRunStore, PostgresBillingRunStore>()
            .AddSingleton<IReviewStore, PostgresReviewStore>().AddSingleton<ReviewPump>();
        services.AddSingleton<RendererOnDemand>().AddSingleton<IInvoiceRenderer>(provider => new CachedRenderer(
            provider.GetRequiredService<RendererOnDemand>(),
            new RenderCacheOptions { Folder = Path.Combine(settings.DataDirectory, "rendered") }, TimeProvider.System));
        services.AddBillingHttp(limits);
        services.AddTelemetry(settings);
        services.AddHostedService<SettingsReload>().AddHostedService<KeyForgetting>().AddHostedService<FigureUpkeep>().AddHostedService<DatabaseWatch>();
        return builder;
    }
}
