using System.Net.Http.Json;
using System.Text.Json;
using IspBilling.Http.Security;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;

namespace IspBilling.Cluster.Tests.Processes;

public sealed class KilledSiloTests : IAsyncLifetime
{
    private const int Clients = 400;
    private readonly string _directory = TestDirectory.New();
    private readonly List<SiloProcess> _silos = [];
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = await new PostgresFixture().NewDatabase(MigrationSet.OfProgram);
        var (_, key) = await new ApiKeyStore(_database.Source).Create("test", [.. Scopes.All], DateTimeOffset.UtcNow, CancellationToken.None);
        _silos.AddRange(await Task.WhenAll(Enumerable.Range(1, 3).Select(i => SiloProcess.Start(_database.ConnectionString, Path.Combine(_directory, $"{i}"), key))));
    }

    public async Task DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        await _database.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Whoever_asks_the_others_does_not_notice_that_a_silo_was_killed_in_the_middle_of_a_run()
    {
        await Join();
        var request = await Post(_silos[0], "/v1/billing-runs", new { mode = "issue", through = $"{DateTime.UtcNow:yyyy-MM-dd}" });
        var run = request.GetProperty("id").GetString();

        await _silos[1].Kill();
        var survivors = new[] { _silos[0], _silos[2] };
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => IsAnswered(survivors[i % 2], i)));
        var ended = await Ended(run!);

        Assert.All(answers, Assert.True);
        Assert.Equal(("finished", Clients), (ended.GetProperty("status").GetString(), ended.GetProperty("issued").GetInt32()));
        Assert.Equal(Clients, await _database.Scalar<long>("SELECT count(DISTINCT account_id) FROM documents"));
        Assert.Equal(Clients, await _database.Scalar<long>("SELECT max(sequence) FROM documents"));
        Assert.All(await Task.WhenAll(survivors.Select(silo => silo.Stop())), exitCode => Assert.Equal(0, exitCode));
        Assert.Empty((await LedgerAudit.Run(_database.Source, progress: null, CancellationToken.None)).Findings);
    }

    private async Task Join()
    {
        await Put(_silos[0], "/v1/tariffs/NET", new { name = "Net", versions = new[] { new { validFrom = "2020-01-01", monthlyPrice = new { amount = "499.00", currency = "CZK" } } } });
        await Parallel.ForAsync(0, Clients, async (i, _) =>
        {
            var silo = _silos[i % 3];
            await Put(silo, $"/v1/clients/K{i}", new { name = $"Client {i}", address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" } });
            await Put(silo, $"/v1/clients/K{i}/services/S1", new { tariff = "NET", start = $"{DateTime.UtcNow:yyyy-MM}-01" });
        });
    }

    private async Task<JsonElement> Ended(string run)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (true)
        {
            var seen = await _silos[0].Client.GetFromJsonAsync<JsonElement>($"/v1/billing-runs/{run}", patience.Token);
            if (seen.GetProperty("status").GetString() != "running") return seen;
            await Task.Delay(100, patience.Token);
        }
    }

    /// <summary>The CRM says again what is so already: the account has to be asked, wherever it lives now.</summary>
    private static async Task<bool> IsAnswered(SiloProcess silo, int client)
    {
        using var answer = await silo.Client.PutAsJsonAsync($"/v1/clients/K{client}/services/S1", new { tariff = "NET", start = $"{DateTime.UtcNow:yyyy-MM}-01" });
        return answer.IsSuccessStatusCode;
    }

    private static async Task Put(SiloProcess silo, string path, object body)
    {
        using var answer = await silo.Client.PutAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<JsonElement> Post(SiloProcess silo, string path, object body)
    {
        using var answer = await silo.Client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
