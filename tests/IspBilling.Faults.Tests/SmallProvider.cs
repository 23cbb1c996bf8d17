using IspBilling.FaultKit.Chaos;
using IspBilling.FaultKit.Processes;
using IspBilling.Postgres.Migrations;
using IspBilling.TestKit;
using Npgsql;

namespace IspBilling.Faults.Tests;

/// <summary>A provider with clients in a fresh database, a key to its API, and an empty folder for the process.</summary>
internal sealed class SmallProvider : IAsyncDisposable
{
    private const int Seed = 7;

    /// <summary>So many that some of them pay.</summary>
    private const int Held = 50;

    private SmallProvider(TestDatabase database, string apiKey) => (Database, ApiKey, WorkFolder) = (database, apiKey, TestDirectory.New());

    public TestDatabase Database { get; }

    public string ApiKey { get; }

    public string WorkFolder { get; }

    public EnginePlace Place => EnginePlace.Api(Database.ConnectionString, WorkFolder) with { Clock = TrialTime.Clock };

    public static async Task<SmallProvider> With(int clients, PostgresFixture postgres) => await With(clients, await postgres.NewDatabase(MigrationSet.OfProgram));

    public static async Task<SmallProvider> With(int clients, TestDatabase database)
    {
        var provider = new SmallProvider(database, await SeededProvider.Put(database.Source, clients, Seed, CancellationToken.None));
        Directory.CreateDirectory(provider.WorkFolder);
        return provider;
    }

    public Task<EngineProcess> StartApi() => EngineProcess.Start(Place, ApiKey);

    public Task<long> Count(string table) => Database.Scalar<long>($"SELECT count(*) FROM {table}");

    /// <summary>Nobody writes the last accounts until the connection is closed: work on all stays in the middle, however fast it is.</summary>
    public async Task<NpgsqlConnection> HoldLastAccounts()
    {
        // Of its own: a pool would talk to it once more, though the server may be dead.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var hold = new NpgsqlCommand($"BEGIN; SELECT FROM accounts ORDER BY id DESC LIMIT {Held} FOR UPDATE", connection);
        await hold.ExecuteNonQueryAsync();
        return connection;
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
