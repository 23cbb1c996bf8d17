using System.IO.Compression;
using IspBilling.Access.Rights;
using IspBilling.FaultKit.Upgrades;
using IspBilling.Hosting;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Audit;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IspBilling.Cluster.Tests.Upgrades;

/// <summary>The database of an earlier release with today's migrations applied, and a node of today's program on it.</summary>
internal sealed class UpgradedProvider : IAsyncDisposable
{
    private readonly string _directory = TestDirectory.New();
    private BillingNode? _node;

    private UpgradedProvider(TestDatabase database, DateTimeOffset now) => (Database, Clock) = (database, new StandingClock(now));

    public TestDatabase Database { get; }

    /// <summary>Stands at noon, in the hours of reviews, so long after the release's last document that the next period is due and so are reminders.</summary>
    public StandingClock Clock { get; }

    public IServiceProvider Services => (_node ?? throw new InvalidOperationException("not started")).Services;

    public static async Task<UpgradedProvider> Of(string dump)
    {
        var database = await new PostgresFixture().NewDatabase();
        await Restore(dump, database.ConnectionString);
        var last = await database.Scalar<DateOnly>("SELECT max(issued_on) FROM documents");
        await new Migrator(database.Source, MigrationSet.OfProgram).Apply(CancellationToken.None);
        var provider = new UpgradedProvider(database, new DateTimeOffset(last.AddDays(40), new TimeOnly(12, 0), TimeSpan.Zero));
        provider.TakeKeyBeside(dump);
        return provider;
    }

    /// <returns>An operator at the node's interface.</returns>
    public async Task<KeyHolder> StartNode()
    {
        _node = await BillingNode.Start(
            new HostSettings
            {
                Database = Database.ConnectionString, Port = 0, Clock = Clock, Logs = LogForm.None, DataDirectory = _directory, Cluster = "upgraded",
            },
            NodeRole.Front,
            CancellationToken.None);
        var (_, key) = await Services.GetRequiredService<ApiKeyStore>().Create("upgraded", [.. RightNames.All], Authorship.OfSystem("test", Clock.Now), CancellationToken.None);
        return new KeyHolder(_node.Address, key);
    }

    public async Task<IReadOnlyList<string>> Findings() =>
        [.. (await LedgerAudit.Run(Database.Source, progress: null, CancellationToken.None)).Findings.Select(finding => finding.ToString())];

    public async Task<IReadOnlyList<T>> Column<T>(string sql)
    {
        var values = new List<T>();
        await using var select = Database.Source.CreateCommand(sql);
        await using var rows = await select.ExecuteReaderAsync();
        while (await rows.ReadAsync()) values.Add(rows.GetFieldValue<T>(0));
        return values;
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null) await _node.DisposeAsync();
        await Database.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A release that has secrets left its key; a repository keeps no modes.</summary>
    private void TakeKeyBeside(string dump)
    {
        var key = Path.Combine(Path.GetDirectoryName(dump)!, UpgradeDatabase.KeyFileName);
        if (!File.Exists(key)) return;
        Directory.CreateDirectory(_directory);
        var taken = Path.Combine(_directory, UpgradeDatabase.KeyFileName);
        File.Copy(key, taken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(taken, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>On a session of its own: a dump changes the session's settings.</summary>
    private static async Task Restore(string dump, string connectionString)
    {
        await using var packed = new GZipStream(File.OpenRead(dump), CompressionMode.Decompress);
        using var text = new StreamReader(packed);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var restore = new NpgsqlCommand(await text.ReadToEndAsync(), connection);
        await restore.ExecuteNonQueryAsync();
    }
}
