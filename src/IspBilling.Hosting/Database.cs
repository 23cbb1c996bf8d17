using IspBilling.Postgres;
using IspBilling.Postgres.Embedded;
using IspBilling.Postgres.Migrations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace IspBilling.Hosting;

/// <summary>The database the engine stands on, at the program's schema: the one that was set, or a private server that ends with this.</summary>
public sealed class Database : IAsyncDisposable
{
    private const string Name = "billing";
    private static readonly Task Never = new TaskCompletionSource().Task;
    private readonly EmbeddedPostgres? _server;

    private Database(EmbeddedPostgres? server, string connectionString)
    {
        _server = server;
        Source = BillingDatabase.Connect(connectionString);
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>Fails when the private server died and does not start again. A server of somebody else's is theirs to watch.</summary>
    public Task Lost => _server?.Lost ?? Never;

    public static async Task<Database> Open(HostSettings settings, ILoggerFactory logs, CancellationToken cancellation)
    {
        var log = logs.CreateLogger<Database>();
        var database = settings.Database is { Length: > 0 } set ? new Database(null, set) : await OpenOwn(settings, log, cancellation);
        try
        {
            var applied = await new Migrator(database.Source, MigrationSet.OfProgram).Apply(cancellation);
            foreach (var migration in applied) log.LogInformation("Migration {Migration} applied.", migration.FileName);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>For a command beside the engine: the database of an engine that runs, or else opened like one.</summary>
    public static async Task<Database> OpenBeside(HostSettings settings, ILoggerFactory logs, CancellationToken cancellation)
    {
        if (settings.Database is not { Length: > 0 } && EmbeddedPostgres.FindRunning(ServerDirectory(settings), Name) is { } running)
            return new Database(null, running);
        return await Open(settings, logs, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    private static async Task<Database> OpenOwn(HostSettings settings, ILogger log, CancellationToken cancellation)
    {
        var server = await EmbeddedPostgres.Start(
            new EmbeddedPostgresOptions { DataDirectory = ServerDirectory(settings), Log = log }, cancellation);
        try
        {
            await server.EnsureDatabase(Name, cancellation);
            return new Database(server, server.ConnectionString(Name));
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static string ServerDirectory(HostSettings settings) => Path.Combine(settings.DataDirectory, "postgres");
}
