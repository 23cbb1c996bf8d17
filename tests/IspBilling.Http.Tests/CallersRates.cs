using IspBilling.Access.Rights;
using IspBilling.Http.Contract;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>Who asks too often waits, and nobody else does.</summary>
public sealed class CallersRates : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"ispbilling-rates-{Guid.NewGuid():n}");
    private TestDatabase _database = null!;
    private EngineHost _host = null!;

    public async Task InitializeAsync()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        // Each may burst four times its rate; what comes back meanwhile is less than what is asked at once.
        _host = await EngineHost.Start(
            _database.ConnectionString, _directory, new StandingClock(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero)),
            new HttpLimits { RequestsPerSecond = 10, StrangerRequestsPerSecond = 10, SignInsPerMinute = 2 });
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_again_and_others_are_served()
    {
        var keys = _host.Services.GetRequiredService<ApiKeyStore>();
        using var busy = new KeyHolder(_host.Address, (await keys.Create("busy", RightNames.All, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), CancellationToken.None)).Plain);
        using var other = new KeyHolder(_host.Address, (await keys.Create("other", RightNames.All, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), CancellationToken.None)).Plain);
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => busy.Get("/v1/me")));

        Assert.Contains(answers, answer => answer.Status == 200);
        var refused = answers.First(answer => answer.Status == 429).MustBeProblem(429, "too-often");
        Assert.NotNull(refused.Header("Retry-After"));
        (await other.Get("/v1/me")).Must(200);
        (await busy.Get("/health/live")).Must(200);
    }

    [Fact]
    public async Task Attempts_to_sign_in_are_few_from_one_address()
    {
        using var guesser = new SignedIn(_host.Address);
        for (var i = 0; i < 2; i++) (await guesser.SignIn("nobody@example.com", "wrong horse battery")).MustBeProblem(401, "sign-in-refused");

        (await guesser.SignIn("nobody@example.com", "wrong horse battery")).MustBeProblem(429, "too-often");
    }
}
