using IspBilling.Http.Security;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests.Support;

/// <summary>The whole engine on a real server and a real socket. One per test class; tests keep apart by their clients' references.</summary>
public sealed class RunningEngine : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"ispbilling-http-{Guid.NewGuid():n}");
    private TestDatabase? _database;
    private EngineHost? _host;

    public StandingClock Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    public EngineHost Host => _host ?? throw new InvalidOperationException("not started");

    /// <summary>With every scope.</summary>
    public KeyHolder Operator { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        _host = await EngineHost.Start(_database.ConnectionString, _directory, Clock);
        Operator = await CallerWith([.. Scopes.All]);
        (await Operator.Put("/v1/tariffs/HOME", new
        {
            name = "Home", versions = new[] { new { validFrom = "2020-01-01", monthlyPrice = Czk("499.00") } },
        })).Must(201);
    }

    public async Task<KeyHolder> CallerWith(params string[] scopes)
    {
        var store = Host.Services.GetRequiredService<ApiKeyStore>();
        var (_, plain) = await store.Create($"test {string.Join('+', scopes)}"[..Math.Min(90, 5 + string.Join('+', scopes).Length)], scopes, Clock.Now, CancellationToken.None);
        return new KeyHolder(Host.Address, plain);
    }

    public KeyHolder Stranger() => new(Host.Address, key: null);

    public static object Czk(string amount) => new { amount, currency = "CZK" };

    public static object Client(string name = "Jan Novák") => new
    {
        name, address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, email = "jan@example.com",
    };

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }
}
