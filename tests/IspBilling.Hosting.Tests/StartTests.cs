using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;

namespace IspBilling.Hosting.Tests;

/// <summary>How nodes begin: on an empty database, behind one another, and where something is in their way.</summary>
public sealed class StartTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly string _directory = TestDirectory.New();

    [Fact]
    public async Task A_busy_port_does_not_lose_the_first_key_of_a_trial()
    {
        await using var database = await postgres.NewDatabase();
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var port = ((IPEndPoint)stranger.LocalEndpoint).Port;

        var busy = await Assert.ThrowsAnyAsync<Exception>(() => Start(Settings(database) with { Port = port, HasFirstKey = true }, NodeRole.Front));
        Assert.Equal($"http://127.0.0.1:{port} is taken by another process: choose another port by --port or ASPNETCORE_URLS.", StartFailure.Sentence(busy));

        await using (var node = await Start(Settings(database) with { HasFirstKey = true }, NodeRole.Front))
        {
            var key = Assert.Single(node.Greeting, line => line.StartsWith("First API key", StringComparison.Ordinal)).Split(' ')[^1];
            using var http = new HttpClient { BaseAddress = node.Address, DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
            foreach (var path in (string[])["/v1/clients", "/dashboard/"])
            {
                using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }

        await using var again = await Start(Settings(database) with { HasFirstKey = true }, NodeRole.Front);
        Assert.DoesNotContain(again.Greeting, line => line.StartsWith("First API key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_front_without_the_renderer_starts_and_says_what_is_missing_wherever_somebody_looks()
    {
        await using var database = await postgres.NewDatabase();
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "renderer")).FullName;
        await using var node = await Start(Settings(database) with { HasFirstKey = true, RendererFolder = folder }, NodeRole.Front);

        var missing = $"The PDF renderer's packages are not installed. Run: npm ci --prefix \"{folder}\"";
        Assert.Contains($"Everything works but printing. {missing}", node.Greeting);
        var key = Assert.Single(node.Greeting, line => line.StartsWith("First API key", StringComparison.Ordinal)).Split(' ')[^1];
        using var http = new HttpClient { BaseAddress = node.Address, DefaultRequestHeaders = { Authorization = new("Bearer", key) } };
        Assert.Equal("""{"status":"ready","lacks":["the PDF renderer"]}""", await http.GetStringAsync(new Uri("/health/ready", UriKind.Relative)));
        var checks = await http.GetFromJsonAsync<JsonElement>("/v1/checks/before-billing");
        Assert.Contains($"Documents cannot be printed: {missing}", checks.GetProperty("provider").EnumerateArray().Select(line => line.GetString()));

        using var printed = await http.GetAsync(new Uri($"/v1/documents/{await Issued(http)}/pdf", UriKind.Relative));
        var answer = await printed.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, (TimeSpan?)null), (printed.StatusCode, printed.Headers.RetryAfter?.Delta));
        Assert.Equal("urn:ispbilling:problem:renderer-missing", answer.GetProperty("type").GetString());
        Assert.Equal(
            "Whoever runs the engine has to install it; GET /v1/checks/before-billing says what is missing. The document is issued, and can be printed then.",
            answer.GetProperty("detail").GetString());
    }

    /// <summary>An invoice over one item, as a caller gets to it.</summary>
    private static async Task<string> Issued(HttpClient http)
    {
        var address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" };
        await Put("/v1/issuers/1", new { name = "Naše síť s.r.o.", address, companyNumber = "12345679", bankAccount = new { iban = "CZ6508000000192000145399" } });
        await Put("/v1/clients/A", new { name = "Jan Novák", address });
        await Put("/v1/clients/A/one-off-items/I", new { date = "2026-01-01", text = "Cable", unitPrice = new { amount = "100.00", currency = "CZK" } });
        using var started = await http.PostAsJsonAsync("/v1/billing-runs", new { mode = "issue", through = "2026-01-01", clients = new[] { "A" } });
        var run = (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        while ((await http.GetFromJsonAsync<JsonElement>($"/v1/billing-runs/{run}")).GetProperty("status").GetString() == "running") await Task.Delay(20);
        return (await http.GetFromJsonAsync<JsonElement>("/v1/clients/A/documents")).GetProperty("items")[0].GetProperty("number").GetString()!;

        async Task Put(string path, object body)
        {
            using var answer = await http.PutAsJsonAsync(path, body);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Each_start_prints_a_link_until_there_is_a_person_and_no_key()
    {
        await using var database = await postgres.NewDatabase();
        string link;
        await using (var node = await Start(Settings(database), NodeRole.Front))
        {
            Assert.DoesNotContain(node.Greeting, line => line.Contains("isp_", StringComparison.Ordinal));
            Assert.Contains(node.Greeting, line => line.StartsWith("The key file ", StringComparison.Ordinal));
            Assert.StartsWith(node.Address.AbsoluteUri + "welcome#isl_", Link(node), StringComparison.Ordinal);
        }

        await using (var node = await Start(Settings(database) with { PublicAddress = new Uri("https://billing.example.net") }, NodeRole.Front))
        {
            link = Link(node);
            Assert.StartsWith("https://billing.example.net/welcome#isl_", link, StringComparison.Ordinal);
            Assert.DoesNotContain(node.Greeting, line => line.StartsWith("The key file ", StringComparison.Ordinal));
            using var http = new HttpClient { BaseAddress = node.Address, DefaultRequestHeaders = { { "X-Requested-By", "test" } } };
            using var answer = await http.PostAsJsonAsync(
                "/v1/welcome", new { link = link.Split('#')[1], login = "eva@example.com", name = "Eva", password = "correct horse battery" });
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        await using var last = await Start(Settings(database), NodeRole.Front);
        Assert.DoesNotContain(last.Greeting, line => line.Contains("welcome#", StringComparison.Ordinal));

        static string Link(BillingNode node) => Assert.Single(node.Greeting, line => line.Contains("welcome#", StringComparison.Ordinal)).Split(' ')[^1];
    }

    [Fact]
    public async Task A_front_without_the_key_file_of_its_database_says_so_in_a_sentence()
    {
        await using var database = await postgres.NewDatabase();
        await using (await Start(Settings(database), NodeRole.Front))
        {
        }

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => Start(Settings(database) with { KeyFile = Path.Combine(_directory, "other.key") }, NodeRole.Front));

        Assert.StartsWith($"The key file {_directory}/other.key is missing, ", StartFailure.Sentence(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_waits_for_a_front_and_answers_nothing_but_health()
    {
        await using var database = await postgres.NewDatabase();
        var starting = Start(Settings(database, "worker"), NodeRole.Worker);
        await using var front = await Start(Settings(database, "front"), NodeRole.Front);
        await using var worker = await starting;

        using var http = new HttpClient { BaseAddress = worker.Address };
        Assert.Equal(HttpStatusCode.OK, await Status("/health/ready"));
        Assert.Equal(HttpStatusCode.OK, await Status("/health/live"));
        foreach (var path in (string[])["/v1/clients", "/docs", "/openapi/v1.json", "/dashboard", "/"]) Assert.Equal(HttpStatusCode.NotFound, await Status(path));

        async Task<HttpStatusCode> Status(string path)
        {
            using var answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            return answer.StatusCode;
        }
    }

    [Theory]
    [InlineData(NodeRole.Front)]
    [InlineData(NodeRole.Worker)]
    public async Task A_database_of_a_newer_release_is_refused(NodeRole role)
    {
        await using var database = await postgres.NewDatabase(MigrationSet.OfProgram);
        await database.Execute("INSERT INTO schema_migrations (number, name, checksum) SELECT max(number) + 1, 'tomorrow', 'x' FROM schema_migrations");

        var refused = await Assert.ThrowsAsync<MigrationException>(() => Start(Settings(database), role));

        Assert.StartsWith("The database is newer than this program: ", StartFailure.Sentence(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_without_a_database_says_what_it_lacks()
    {
        var refused = await Assert.ThrowsAsync<SettingsException>(() => Start(new HostSettings { DataDirectory = _directory }, NodeRole.Worker));

        Assert.Equal("ISPBILLING__DATABASE is missing: a worker adds capacity to the cluster of a database that a front serves.", refused.Message);
    }

    [Theory]
    [InlineData(NodeRole.Front)]
    [InlineData(NodeRole.Worker)]
    public async Task A_database_that_is_out_of_reach_is_told(NodeRole role)
    {
        var away = new HostSettings { Database = $"Host=127.0.0.1;Port={FreePort.Next()};Database=billing;Username=billing", DataDirectory = _directory, Logs = LogForm.None };

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Start(away, role));

        Assert.Equal("ISPBILLING__DATABASE: the database cannot be reached: Connection refused.", StartFailure.Sentence(failure));
    }

    [Fact]
    public async Task A_database_on_an_unknown_host_is_told()
    {
        var nowhere = new HostSettings { Database = "Host=no.such.host.invalid;Database=billing;Username=billing", DataDirectory = _directory, Logs = LogForm.None };

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Start(nowhere, NodeRole.Front));

        Assert.StartsWith("ISPBILLING__DATABASE: the database cannot be reached: ", StartFailure.Sentence(failure), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_does_not_exist_is_told()
    {
        await using var database = await postgres.NewDatabase();
        var other = Settings(database) with { Database = database.ConnectionString.Replace($"Database={database.Name}", "Database=no_such", StringComparison.Ordinal) };

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => Start(other, NodeRole.Front));

        Assert.Equal("ISPBILLING__DATABASE: the database refuses: database \"no_such\" does not exist (3D000).", StartFailure.Sentence(failure));
    }

    [Fact]
    public void A_bug_is_not_hidden_behind_a_sentence() => Assert.Null(StartFailure.Sentence(new InvalidOperationException("a bug")));

    public void Dispose()
    {
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    private HostSettings Settings(TestDatabase database, string node = "node") => new()
    {
        Database = database.ConnectionString, Port = 0, Logs = LogForm.None, DataDirectory = Path.Combine(_directory, node), Cluster = $"test-{database.Name}",
    };

    private static Task<BillingNode> Start(HostSettings settings, NodeRole role) => BillingNode.Start(settings, role, CancellationToken.None);
}
