using IspBilling.Access.Rights;
using IspBilling.Http.Contract;
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
    private int _callers;
    private EngineHost? _host;

    /// <summary>What the engine stands on, for what the interface would refuse to store.</summary>
    public TestDatabase Database => _database ?? throw new InvalidOperationException("not started");

    public StandingClock Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

    public EngineHost Host => _host ?? throw new InvalidOperationException("not started");

    /// <summary>With every scope.</summary>
    public KeyHolder Operator { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        // Tests ask faster than anybody types, all from one address.
        _host = await EngineHost.Start(
            _database.ConnectionString, _directory, Clock, new HttpLimits { RequestsPerSecond = 100_000, StrangerRequestsPerSecond = 100_000, SignInsPerMinute = 100_000 });
        Operator = await CallerWith([.. RightNames.All]);
        (await Operator.Put("/v1/issuers/1", Issuer())).Must(200);
        (await Operator.Put("/v1/tariffs/HOME", new
        {
            name = "Home", versions = new[] { new { validFrom = "2020-01-01", monthlyPrice = Czk("499.00") } },
        })).Must(201);
    }

    public async Task<KeyHolder> CallerWith(params string[] scopes) => new(Host.Address, await KeyWith(scopes));

    /// <summary>A new key with every scope.</summary>
    public Task<string> Key() => KeyWith([.. RightNames.All]);

    private async Task<string> KeyWith(string[] scopes)
    {
        var store = Host.Services.GetRequiredService<ApiKeyStore>();
        var (_, plain) = await store.Create($"test {Interlocked.Increment(ref _callers)}", scopes, Authorship.OfSystem("test", Clock.Now), CancellationToken.None);
        return plain;
    }

    public KeyHolder Stranger() => new(Host.Address, key: null);

    public static object Czk(string amount) => new { amount, currency = "CZK" };

    public static object Issuer(string currency = "CZK", string iban = "CZ6508000000192000145399", string account = "19-2000145399/0800") => new
    {
        name = "Naše síť s.r.o.", address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, companyNumber = "12345679",
        vatNumber = "CZ12345679", currency, bankAccount = new { iban, account },
    };

    public static object Client(string name = "Jan Novák") => new
    {
        name, address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, email = "jan@example.com",
    };

    /// <summary>Issues everything due and returns the run when it has ended.</summary>
    public async Task<Answer> Issue(string client, string through)
    {
        var started = (await Operator.Post("/v1/billing-runs", new { mode = "issue", through, clients = new[] { client } })).Must(202);
        return await Ended(started.Text("id")!);
    }

    public async Task<Answer> Ended(string run)
    {
        while (true)
        {
            var answer = (await Operator.Get($"/v1/billing-runs/{run}")).Must(200);
            if (answer.Text("status") != "running") return answer;
            await Task.Delay(20);
        }
    }

    public async Task DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        if (_database is not null) await _database.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }
}
