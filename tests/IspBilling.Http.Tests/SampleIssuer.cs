using IspBilling.Access.Rights;
using IspBilling.Domain;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>An empty database has an issuer that nobody is: it can be looked at, and issues nothing.</summary>
public sealed class SampleIssuer : IAsyncLifetime
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"ispbilling-sample-{Guid.NewGuid():n}");
    private TestDatabase _database = null!;
    private EngineHost _host = null!;
    private string _key = null!;

    public async Task InitializeAsync()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        _host = await EngineHost.Start(_database.ConnectionString, _directory, new StandingClock(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero)));
        _key = (await _host.Services.GetRequiredService<ApiKeyStore>().Create("clerk", RightNames.All, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), CancellationToken.None)).Plain;
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_sample_previews_and_is_listed_and_issues_nothing_until_it_is_replaced()
    {
        using var clerk = new KeyHolder(_host.Address, _key);
        (await clerk.Put("/v1/tariffs/HOME", new { name = "Home", versions = new[] { new { validFrom = "2020-01-01", monthlyPrice = RunningEngine.Czk("499.00") } } })).Must(201);
        (await clerk.Put("/v1/clients/S-1", RunningEngine.Client())).Must(201);
        (await clerk.Put("/v1/clients/S-1/services/S", new { tariff = "HOME", start = "2026-03-01" })).Must(200);

        Assert.Equal(Issuer.SampleName, (await clerk.Get("/v1/issuers/1")).Must(200).Text("name"));
        (await clerk.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-31" })).MustBeProblem(409, "sample-issuer");
        (await clerk.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-31", issuer = 1 })).MustBeProblem(409, "sample-issuer");
        Assert.Equal("499.00", (await Ended(clerk, new { mode = "preview", through = "2026-03-31" })).Amount("total"));
        Assert.StartsWith(
            "Issuer 1: a sample, which issues nothing",
            (await clerk.Get("/v1/checks/before-billing")).Must(200)["provider"][0].GetString(), StringComparison.Ordinal);

        // Beside a real issuer a run may start; the sample's clients are skipped and told why.
        (await clerk.Put("/v1/issuers/2", RunningEngine.Issuer(iban: "CZ9320100000002000145399", account: "2000145399/2010"))).Must(201);
        var mixed = await Ended(clerk, new { mode = "issue", through = "2026-03-31" });
        Assert.Equal((0, 1), (mixed["issued"].GetInt32(), mixed["skipped"].GetInt32()));
        Assert.Contains(
            "issuer 1 is a sample",
            (await clerk.Get($"/v1/billing-runs/{mixed.Text("id")}/items")).Must(200).Text("items[0].detail"), StringComparison.Ordinal);

        (await clerk.Put("/v1/issuers/1", RunningEngine.Issuer())).Must(200);
        Assert.Equal("499.00", (await Ended(clerk, new { mode = "issue", through = "2026-03-31" })).Amount("total"));
    }

    private static async Task<Answer> Ended(KeyHolder clerk, object request)
    {
        var started = (await clerk.Post("/v1/billing-runs", request)).Must(202);
        while (true)
        {
            var run = (await clerk.Get($"/v1/billing-runs/{started.Text("id")}")).Must(200);
            if (run.Text("status") != "running") return run;
            await Task.Delay(20);
        }
    }
}
