using System.Collections.Concurrent;
using IspBilling.Postgres.Embedded;
using IspBilling.Postgres.Migrations;
using Npgsql;

namespace IspBilling.TestKit;

/// <summary>
/// Fresh databases on a real server. Use it as a class or collection fixture, or simply construct it: one server per test process starts
/// with the first database that is asked for, and goes with the process.
/// </summary>
public sealed class PostgresFixture
{
    private static readonly Lazy<Task<EmbeddedPostgres>> SharedServer = new(TestServer.Start);

    /// <summary>By fingerprint of the migrations: a copy of a migrated database is many times faster than migrating again.</summary>
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Templates = new(StringComparer.Ordinal);

    private static int databaseCount;

    public static Task<EmbeddedPostgres> Server => SharedServer.Value;

    /// <summary>Another server, for a test that kills it: the shared one has other tests at work.</summary>
    public static Task<EmbeddedPostgres> ServerOfItsOwn() => TestServer.Start();

    /// <summary>A database of such a server, with the migrations applied.</summary>
    public static async Task<TestDatabase> NewDatabase(EmbeddedPostgres server, MigrationSet migrations)
    {
        var name = await CreateTemplate(server, migrations);
        return new TestDatabase(server, name);
    }

    /// <summary>An empty database.</summary>
    public async Task<TestDatabase> NewDatabase()
    {
        var server = await Server;
        var name = NextName("test");
        await server.CreateDatabase(name, CancellationToken.None);
        return new TestDatabase(server, name);
    }

    /// <summary>A database with the migrations applied, usually <see cref="MigrationSet.OfProgram"/>.</summary>
    public async Task<TestDatabase> NewDatabase(MigrationSet migrations)
    {
        var server = await Server;
        var template = await Templates.GetOrAdd(migrations.Fingerprint, _ => new(() => CreateTemplate(server, migrations))).Value;
        var name = NextName("test");
        await server.CreateDatabase(name, template, CancellationToken.None);
        return new TestDatabase(server, name);
    }

    private static async Task<string> CreateTemplate(EmbeddedPostgres server, MigrationSet migrations)
    {
        var name = NextName("template");
        await server.CreateDatabase(name, CancellationToken.None);
        // Without a pool: a template must have no session when it is copied.
        var unpooled = new NpgsqlConnectionStringBuilder(server.ConnectionString(name)) { Pooling = false };
        await using var database = NpgsqlDataSource.Create(unpooled);
        await new Migrator(database, migrations).Apply(CancellationToken.None);
        return name;
    }

    private static string NextName(string purpose) => $"{purpose}_{Interlocked.Increment(ref databaseCount)}";
}
