using IspBilling.Postgres;
using IspBilling.Postgres.Embedded;
using IspBilling.Postgres.Migrations;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace IspBilling.Hosting;

/// <summary>The database that a node stands on, at the program's schema: the one that was set, or a private server that ends with this.</summary>
public sealed class Database : IAsyncDisposable
{
    private const string Name = "billing";

    /// <summary>A front that is being started or updated may be migrating a large database.</summary>
    private static readonly TimeSpan SchemaPatience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan SchemaLook = TimeSpan.FromMilliseconds(250);
    private static readonly Task Never = new TaskCompletionSource().Task;
    private readonly EmbeddedPostgres? _server;

    private Database(EmbeddedPostgres? server, string connectionString)
    {
        _server = server;
        Source = BillingDatabase.Connect(connectionString);
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>Fails when the private server died and does not start again. A server that was set is watched by whoever runs it.</summary>
    public Task Lost => _server?.Lost ?? Never;

    /// <summary>Opened by a front, or a command in its place: an empty or older database is brought to the program's schema.</summary>
    public static Task<Database> Open(HostSettings settings, ILoggerFactory logs, CancellationToken cancellation)
    {
        var log = logs.CreateLogger<Database>();
        return Open(() => OpenAnyhow(settings, log, cancellation), database => Migrate(database, log, cancellation));
    }

    /// <summary>Opened by a worker, which changes nothing: it waits until a front has prepared the database.</summary>
    /// <exception cref="StartFailedException">No database is set, or it was not prepared within two minutes.</exception>
    public static Task<Database> OpenPrepared(HostSettings settings, CancellationToken cancellation) => settings.Database is { } set
        ? Open(() => Task.FromResult(new Database(null, set)), database => UntilPrepared(database, cancellation))
        : throw new SettingsException("ISPBILLING__DATABASE is missing: a worker adds capacity to the cluster of a database that a front serves.");

    /// <summary>For a command beside the engine: the database of an engine that runs, or else opened like one.</summary>
    public static async Task<Database> OpenBeside(HostSettings settings, ILoggerFactory logs, CancellationToken cancellation)
    {
        if (settings.Database is null && EmbeddedPostgres.FindRunning(ServerDirectory(settings), Name) is { } running) return new Database(null, running);
        return await Open(settings, logs, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
    }

    private static async Task<Database> Open(Func<Task<Database>> open, Func<NpgsqlDataSource, Task> prepare)
    {
        var database = await open();
        try
        {
            await prepare(database.Source);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    private static async Task Migrate(NpgsqlDataSource database, ILogger log, CancellationToken cancellation)
    {
        foreach (var migration in await new Migrator(database, MigrationSet.OfProgram).Apply(cancellation))
            log.LogInformation("Migration {Migration} applied.", migration.FileName);
    }

    private static async Task UntilPrepared(NpgsqlDataSource database, CancellationToken cancellation)
    {
        var migrator = new Migrator(database, MigrationSet.OfProgram);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(SchemaPatience);
        var missing = MigrationSet.OfProgram.Migrations.Length;
        try
        {
            while ((missing = await migrator.Missing(patience.Token)) > 0 || !await FirstStart.IsPrepared(database, patience.Token))
                await Task.Delay(SchemaLook, patience.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new StartFailedException(
                missing == 0
                    ? $"No front has prepared the database within {SchemaPatience.TotalMinutes:0} minutes: start one."
                    : $"The database lacks {missing} of {MigrationSet.OfProgram.Migrations.Length} migrations of this program, and no front has applied them within "
                        + $"{SchemaPatience.TotalMinutes:0} minutes: start one of the same release.",
                late);
        }
    }

    private static Task<Database> OpenAnyhow(HostSettings settings, ILogger log, CancellationToken cancellation) =>
        settings.Database is { } set ? Task.FromResult(new Database(null, set)) : OpenOwn(settings, log, cancellation);

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
