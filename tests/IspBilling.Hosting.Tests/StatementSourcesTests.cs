using System.Net;
using System.Text;
using IspBilling.Access.Ring;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Postgres.Imports;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Hosting.Tests;

/// <summary>Statements that nobody uploads: a node takes them from a folder and from Fio.</summary>
public sealed class StatementSourcesTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private const string Token = "0123456789012345678901234567890123456789012345678901234567890123";

    private const string Movements =
        """
        {"accountStatement":{"info":{"accountId":"2000145399","bankId":"2010","currency":"CZK","iban":"CZ9320100000002000145399","bic":"FIOBCZPPXXX",
        "openingBalance":1000,"closingBalance":1499,"dateStart":"2026-02-20+0100","dateEnd":"2026-02-20+0100"},"transactionList":{"transaction":[
        {"column22":{"value":26000003001,"name":"ID pohybu","id":22},"column0":{"value":"2026-02-20+0100","name":"Datum","id":0},
        "column1":{"value":499.0,"name":"Objem","id":1},"column14":{"value":"CZK","name":"Měna","id":14},
        "column5":{"value":"222111","name":"VS","id":5}}]}}}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _directory = TestDirectory.New();

    [Fact]
    public async Task Files_in_the_watched_folder_are_taken_in_or_refused_and_stand_in_the_list()
    {
        await using var database = await postgres.NewDatabase();
        var folder = Path.Combine(_directory, "statements");
        Put(folder, "february.json", Movements);
        Put(folder, "page.html", "<html><body>sign in</body></html>");

        await using var node = await BillingNode.Start(Settings(database) with { StatementFolder = folder }, NodeRole.Front, CancellationToken.None);

        await Appears(Path.Combine(folder, "done", "february.json"));
        await Appears(Path.Combine(folder, "refused", "page.html"));
        Assert.True(File.Exists(Path.Combine(folder, "done", "february.json.result.json")));
        var imports = await Imports(node);
        Assert.Equal(
            // Nobody has stated that bank account yet, so the file is held whole.
            [("february.json", ImportStatus.Held, 0), ("page.html", ImportStatus.Refused, 0)],
            imports.Select(import => (import.FileName, import.Status, (int)import.Counts.Suspense)).Order());
        Assert.All(imports, import => Assert.Equal(Actor.System("watched folder"), import.RequestedBy));
    }

    [Fact]
    public async Task An_account_at_Fio_is_asked_with_the_token_of_its_file()
    {
        await using var database = await postgres.NewDatabase();
        using var bank = new HttpListener();
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}/rest/");
        bank.Prefixes.Add(address.ToString());
        bank.Start();
        var token = Secret("fio.token");

        await using var node = await BillingNode.Start(
            Settings(database) with { FioTokenFiles = [token], FioAddress = address, FioSince = new DateOnly(2026, 2, 1) }, NodeRole.Front, CancellationToken.None);
        var asked = await bank.GetContextAsync().WaitAsync(Patience);
        Assert.StartsWith($"/rest/periods/{Token}/2026-02-01/", asked.Request.Url!.AbsolutePath, StringComparison.Ordinal);
        await asked.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Movements));
        asked.Response.Close();

        var bookmark = Path.Combine(node.DataDirectory, "fio", "fio.token.last");
        await Appears(bookmark);
        Assert.Equal("26000003001", await File.ReadAllTextAsync(bookmark));
        Assert.Equal(("fio-26000003001-26000003001.json", Actor.System("Fio")), (await Imports(node)).Select(import => (import.FileName, import.RequestedBy)).Single());
    }

    [Fact]
    public async Task An_account_at_Fio_is_asked_with_the_token_that_is_stored_as_a_secret()
    {
        await using var database = await postgres.NewDatabase();
        using var bank = new HttpListener();
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}/rest/");
        bank.Prefixes.Add(address.ToString());
        bank.Start();
        var settings = Settings(database) with { FioSecrets = ["fio/1"], FioAddress = address, FioSince = new DateOnly(2026, 2, 1) };
        await using (var before = await BillingNode.Start(settings with { FioSecrets = [] }, NodeRole.Front, CancellationToken.None))
        {
            await before.Services.GetRequiredService<SecretStore>().Put("fio/1", Token, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), CancellationToken.None);
        }

        await using var node = await BillingNode.Start(settings, NodeRole.Front, CancellationToken.None);
        var asked = await bank.GetContextAsync().WaitAsync(Patience);
        Assert.StartsWith($"/rest/periods/{Token}/2026-02-01/", asked.Request.Url!.AbsolutePath, StringComparison.Ordinal);
        await asked.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(Movements));
        asked.Response.Close();

        await Appears(Path.Combine(node.DataDirectory, "fio", "fio-1.last"));
    }

    [Theory]
    [InlineData("fio 1", "not 'fio 1'")]
    [InlineData("fio/1;fio/1", "each secret once")]
    public void A_wrong_name_of_a_secret_is_named(string value, string expected)
    {
        var refused = Assert.Throws<SettingsException>(() => SettingsReader.Read(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ISPBILLING__FIOSECRETS"] = value,
        }));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_others_may_read_keeps_the_node_from_starting_and_is_not_told()
    {
        if (OperatingSystem.IsWindows()) return;
        var file = Secret("open.token");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);

        var refused = Assert.Throws<SettingsException>(() => SettingsReader.Read(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ISPBILLING__FIOTOKENFILES"] = file,
        }));

        Assert.Contains("set its mode to 0600", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, refused.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    private static async Task<IReadOnlyList<StatementImport>> Imports(BillingNode node) =>
        await new StatementImportReading(node.Services.GetRequiredService<Npgsql.NpgsqlDataSource>()).List(before: null, 10, CancellationToken.None);

    /// <summary>Long ago: it is not being written any more.</summary>
    private static void Put(string folder, string name, string content)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name), content);
        File.SetLastWriteTimeUtc(Path.Combine(folder, name), new DateTime(2026, 2, 20, 0, 0, 0, DateTimeKind.Utc));
    }

    private static async Task Appears(string path)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!File.Exists(path)) await Task.Delay(50, patience.Token);
    }

    private string Secret(string name)
    {
        Directory.CreateDirectory(_directory);
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, Token);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private HostSettings Settings(TestDatabase database) => new()
    {
        Database = database.ConnectionString, Port = 0, Logs = LogForm.None, DataDirectory = Path.Combine(_directory, "node"), Cluster = $"test-{database.Name}",
    };
}
