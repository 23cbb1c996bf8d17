using System.Collections.Immutable;
using IspBilling.Api.Background;
using IspBilling.Documents.Rendering;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Http;
using IspBilling.Http.BillingRuns;
using IspBilling.Local;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Reviews;
using IspBilling.Postgres.Runs;
using IspBilling.Postgres.Settings;

namespace IspBilling.Api.Hosting;

/// <summary>
/// The engine on one machine. It begins from the ground up – database, journal, accounts, interface – and ends the other way round:
/// no more requests, then every command taken is answered, then every commit has landed, then the database stops.
/// </summary>
public sealed class BillingHost : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(30);
    private readonly Stack<IAsyncDisposable> _standsOn;
    private readonly WebApplication _app;

    private BillingHost(Stack<IAsyncDisposable> standsOn, WebApplication app, ImmutableArray<string> greeting)
    {
        (_standsOn, _app) = (standsOn, app);
        Greeting = [$"IspBilling answers at {string.Join(", ", app.Urls)} (interface: /docs)", .. greeting];
    }

    /// <summary>What the operator should read when it starts.</summary>
    public ImmutableArray<string> Greeting { get; }

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    /// <summary>The engine stopped, or will, because its private database does not start again.</summary>
    public bool HasLostDatabase => Services.GetRequiredService<Database>().Lost.IsFaulted;

    public static async Task<BillingHost> Start(HostSettings settings, CancellationToken cancellation)
    {
        var standsOn = new Stack<IAsyncDisposable>();
        try
        {
            using var logs = LoggerFactory.Create(logging => Telemetry.Configure(logging, settings));
            var database = Kept(await Database.Open(settings, logs, cancellation));
            var store = new SettingsStore(database.Source);
            var greeting = await new FirstStart(store, new ApiKeyStore(database.Source), settings.Clock, settings.FirstIssuer, settings.FirstPolicy).Prepare(cancellation);
            var zone = TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone);
            var contexts = new LiveContext(settings.Clock, zone, await store.Load(cancellation));
            var journal = Kept(new PostgresJournal(database.Source, new PostgresJournalOptions()));
            var accounts = Kept(new LocalAccounts(journal, contexts, new LocalAccountsOptions()));
            var app = Kept(Build(settings, database, contexts, journal, accounts));
            await app.StartAsync(cancellation);
            return new BillingHost(standsOn, app, greeting);
        }
        catch
        {
            await Release(standsOn);
            throw;
        }

        T Kept<T>(T part) where T : IAsyncDisposable
        {
            standsOn.Push(part);
            return part;
        }
    }

    public Task WaitForShutdown(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await Release(_standsOn);
    }

    private static async Task Release(Stack<IAsyncDisposable> parts)
    {
        while (parts.TryPop(out var part)) await part.DisposeAsync();
    }

    private static WebApplication Build(HostSettings settings, Database database, LiveContext contexts, IJournal journal, IAccounts accounts)
    {
        var limits = new HttpLimits();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "IspBilling.Api" });
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
        services.AddSingleton(settings.Clock).AddSingleton(contexts).AddSingleton<IContextSource>(contexts);
        // Given as they are: whoever made them ends them, after the interface.
        services.AddSingleton(database).AddSingleton(database.Source).AddSingleton(journal).AddSingleton(accounts);
        services.AddSingleton<IStatementImportStore, PostgresStatementImportStore>().AddSingleton<IBillingRunStore, PostgresBillingRunStore>()
            .AddSingleton<IReviewStore, PostgresReviewStore>().AddSingleton<ReviewPump>();
        services.AddSingleton<RendererOnDemand>().AddSingleton<IInvoiceRenderer>(provider => new CachedRenderer(
            provider.GetRequiredService<RendererOnDemand>(),
            new RenderCacheOptions { Folder = Path.Combine(settings.DataDirectory, "rendered") }, settings.Clock));
        services.AddBillingHttp(limits);
        services.AddTelemetry(settings);
        services.AddHostedService<RunWorker>().AddHostedService<Resumption>().AddHostedService<DailyReview>().AddHostedService<SettingsReload>().AddHostedService<KeyForgetting>()
            .AddHostedService<FigureUpkeep>().AddHostedService<DatabaseWatch>();

        var app = builder.Build();
        app.UseBillingHttp();
        return app;
    }
}
