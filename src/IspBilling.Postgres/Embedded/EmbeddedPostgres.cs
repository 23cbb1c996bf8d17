using Microsoft.Extensions.Logging;
using Npgsql;

namespace IspBilling.Postgres.Embedded;

/// <summary>
/// A private PostgreSQL server that lives and ends with this process, so that the engine needs no database administrator. It listens on
/// a unix socket that only its own user reaches, survives kills of itself and of the engine, and never trades durability for speed.
/// When it dies without having been told to, it is started again.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private readonly EmbeddedPostgresOptions options;
    private readonly PostgresBinaries binaries;
    private readonly ServerHome home;
    private readonly ServerSupervision supervision;

    /// <summary>Held while the server is started or stopped, so that it cannot be started while it is being stopped.</summary>
    private readonly SemaphoreSlim gate = new(1, 1);

    private ServerProcess? server;
    private bool disposed;

    private EmbeddedPostgres(EmbeddedPostgresOptions options, PostgresBinaries binaries, ServerHome home)
    {
        this.options = options;
        this.binaries = binaries;
        this.home = home;
        supervision = new ServerSupervision(options, Bury, StartAfterDeath);
    }

    /// <summary>
    /// The server's directory: the one asked for, or one below <c>/var/lib/ispbilling</c> when the server's unprivileged user cannot
    /// reach that.
    /// </summary>
    public string Directory => home.Directory;

    /// <summary>
    /// Fails with the reason when the server died and every attempt to start it again failed. <see cref="Restart"/> may still succeed;
    /// waiting for the database is pointless until it does.
    /// </summary>
    public Task Lost => supervision.Lost;

    /// <summary>Initialises the cluster once, ends what an earlier run left behind, starts the server and waits until it answers.</summary>
    /// <exception cref="EmbeddedPostgresException">No usable PostgreSQL, the directory is in use or unusable, or the server refuses to start.</exception>
    public static async Task<EmbeddedPostgres> Start(EmbeddedPostgresOptions options, CancellationToken cancel)
    {
        ServerSettings.RequireAllowed(options.FixedSettings, options.Temporary);
        var claimed = await ServerHome.Claim(options, cancel);
        try
        {
            var installed = await PostgresBinaries.Find(claimed.ClusterMajorVersion, cancel);
            await new LeftoverServer(claimed.Cluster, options.Log).Stop(cancel);
            await DatabaseCluster.InitialiseOnce(claimed, installed, cancel);
            var postgres = new EmbeddedPostgres(options, installed, claimed);
            await postgres.Alone(() => postgres.StartServer(cancel), cancel);
            return postgres;
        }
        catch
        {
            await claimed.Release();
            throw;
        }
    }

    /// <summary>Ends a server that a killed process left on the directory, and removes the directory with all data.</summary>
    /// <exception cref="EmbeddedPostgresException">A living process uses the directory, or it is not this user's.</exception>
    public static async Task Remove(string dataDirectory, CancellationToken cancel)
    {
        var removal = new EmbeddedPostgresOptions { DataDirectory = dataDirectory, Temporary = true };
        var claimed = await ServerHome.Claim(removal, cancel);
        await new LeftoverServer(claimed.Cluster, removal.Log).Stop(cancel);
        await claimed.Release();
    }

    /// <summary>The connection string to the server that another, living process runs on a directory; null when none does.</summary>
    public static string? FindRunning(string dataDirectory, string database) => ServerHome.FindRunning(dataDirectory, database);

    /// <summary>For <see cref="NpgsqlDataSource"/>; the same after every restart.</summary>
    public string ConnectionString(string database) => home.ConnectionString(database);

    public Task CreateDatabase(string name, CancellationToken cancel) =>
        Execute($"CREATE DATABASE {Quoted(name)}", cancel);

    /// <summary>A copy of <paramref name="template"/>, to which nobody may be connected.</summary>
    /// <remarks>Its files are copied: where nothing is forced to disk that takes about half the time of writing all of it to the log; elsewhere it takes longer.</remarks>
    public Task CreateDatabase(string name, string template, CancellationToken cancel) =>
        Execute($"CREATE DATABASE {Quoted(name)} TEMPLATE {Quoted(template)} STRATEGY FILE_COPY", cancel);

    /// <summary>Creates the database unless it is there.</summary>
    public async Task EnsureDatabase(string name, CancellationToken cancel)
    {
        try
        {
            await CreateDatabase(name, cancel);
        }
        catch (PostgresException exists) when (exists.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            options.Log.LogDebug("The database {Database} is there.", name);
        }
    }

    /// <summary>Ends the sessions of the database and drops it; no error when it is not there.</summary>
    public Task DropDatabase(string name, CancellationToken cancel) =>
        Execute($"DROP DATABASE IF EXISTS {Quoted(name)} WITH (FORCE)", cancel);

    /// <summary>For fault tests: the postmaster dies as in a power cut, and stays down until <see cref="Restart"/>.</summary>
    public Task KillHard() => Alone(
        async () =>
        {
            if (server is null) return;
            await server.Kill();
            Forget(ref server);
        },
        CancellationToken.None);

    /// <summary>Fast shutdown if the server runs, then a start with recovery if one is due.</summary>
    public Task Restart(CancellationToken cancel = default)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return Alone(
            async () =>
            {
                await StopServer();
                await new LeftoverServer(home.Cluster, options.Log).Stop(cancel);
                await StartServer(cancel);
            },
            cancel);
    }

    /// <summary>Fast shutdown: sessions end, what is committed is safe, the next start needs no recovery.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed) return;
        disposed = true;
        await supervision.Stop();
        await Alone(StopServer, CancellationToken.None);
        await supervision.DisposeAsync();
        await home.Release();
        gate.Dispose();
    }

    private async Task Alone(Func<Task> work, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            await work();
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task StartServer(CancellationToken cancel)
    {
        var settings = await ServerSettings.Tuned(home, binaries, options.FixedSettings, cancel);
        var starting = ServerProcess.Start(home, binaries, settings);
        try
        {
            await starting.WaitUntilReady(options.StartTimeout, cancel);
        }
        catch
        {
            await starting.Stop();
            starting.Dispose();
            throw;
        }

        server = starting;
        supervision.Watch(starting);
        options.Log.LogInformation("PostgreSQL {Version} runs on {Directory}.", binaries.MajorVersion, home.Directory);
    }

    /// <summary>False when the server was stopped or killed on purpose, so that its end needs no reaction.</summary>
    private async Task<bool> Bury(ServerProcess dead)
    {
        var isUnexpected = false;
        await Alone(
            () =>
            {
                isUnexpected = server == dead;
                if (isUnexpected) Forget(ref server);
                return Task.CompletedTask;
            },
            CancellationToken.None);
        return isUnexpected;
    }

    private Task StartAfterDeath(CancellationToken cancel) => Alone(
        async () =>
        {
            // Another restart came first.
            if (server is not null) return;
            await new LeftoverServer(home.Cluster, options.Log).Stop(cancel);
            await StartServer(cancel);
        },
        cancel);

    private async Task StopServer()
    {
        if (server is null) return;
        await server.Stop();
        Forget(ref server);
    }

    private static void Forget(ref ServerProcess? server)
    {
        server?.Dispose();
        server = null;
    }

    private async Task Execute(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(home.MaintenanceConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static string Quoted(string identifier) => $"\"{identifier.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
