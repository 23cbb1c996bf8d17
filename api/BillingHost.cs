using System.Collections.Immutable;
using IspBilling.Api.Background;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;
using IspBilling.Hosting;
using IspBilling.Http;
using IspBilling.Http.BillingRuns;
using IspBilling.Local;

namespace IspBilling.Api;

/// <summary>
/// The engine on one machine. It begins from the ground up – database, journal, accounts, interface – and ends the other way round:
/// no more requests, then every command taken is answered, then every commit has landed, then the database stops.
/// </summary>
public sealed class BillingHost : IAsyncDisposable
{
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
            var foundation = Kept(await Foundation.Lay(settings, cancellation));
            var accounts = Kept(new LocalAccounts(foundation.Journal, foundation.Contexts, new LocalAccountsOptions()));
            var app = Kept(Build(foundation, accounts));
            await app.StartAsync(cancellation);
            return new BillingHost(standsOn, app, foundation.Greeting);
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

    private static WebApplication Build(Foundation foundation, LocalAccounts accounts)
    {
        var builder = EngineWeb.Begin(foundation, "IspBilling.Api");
        // Given as they are: whoever made them ends them, after the interface.
        builder.Services.AddSingleton<IAccounts>(accounts).AddSingleton<IAccountBatches, AccountBatches>()
            .AddSingleton<IStatementBooking>(services => services.GetRequiredService<StatementImporter>());
        builder.Services.AddHostedService<RunWorker>().AddHostedService<Resumption>().AddHostedService<DailyReview>();
        var app = builder.Build();
        app.UseBillingHttp();
        return app;
    }
}
