using System.Globalization;
using Npgsql;

namespace IspBilling.Postgres.Embedded;

/// <summary>
/// The server's directory, held by this process alone for as long as it lives:
/// <code>
/// cluster/       the data (PGDATA)
/// socket/        the unix socket, 0700; a link to a short path when this one is too long for a socket
/// postgres.log   unless told otherwise
/// lock           held with flock by the engine that owns the directory
/// </code>
/// </summary>
internal sealed class ServerHome
{
    public const string Superuser = "ispbilling";

    private readonly FileStream ownedLock;

    private ServerHome(ServerPlace place, FileStream ownedLock, string logFile, string socketFolder, bool isTemporary)
    {
        Directory = place.Directory;
        User = place.User;
        LogFile = logFile;
        SocketFolder = socketFolder;
        IsTemporary = isTemporary;
        this.ownedLock = ownedLock;
    }

    public string Directory { get; }

    public ServerUser User { get; }

    public string LogFile { get; }

    public string Cluster => ClusterOf(Directory);

    public string SocketFolder { get; }

    /// <summary>The PostgreSQL that wrote the data; null before the first start.</summary>
    public int? ClusterMajorVersion =>
        HasCluster(Directory) ? int.Parse(File.ReadAllText(Path.Combine(Cluster, "PG_VERSION")), CultureInfo.InvariantCulture) : null;

    public bool IsTemporary { get; }

    /// <summary>For administration: no pool, so that no idle session stands in the way of a drop or a template.</summary>
    public string MaintenanceConnectionString => Connection("postgres", pooling: false);

    public string ConnectionString(string database) => Connection(database, pooling: true);

    /// <summary>Finds the place, makes it, and takes its lock.</summary>
    public static async Task<ServerHome> Claim(EmbeddedPostgresOptions options, CancellationToken cancel)
    {
        var place = await ServerPlace.Find(Path.GetFullPath(options.DataDirectory), options.Log, cancel);
        var taken = TakeLock(place.Directory);
        try
        {
            var log = Path.GetFullPath(options.LogFile ?? Path.Combine(place.Directory, "postgres.log"));
            OpenLog(log);
            await place.User.Own([taken.Name, log], cancel);
            var socketFolder = await SocketDirectory.Prepare(place, cancel);
            return new ServerHome(place, taken, log, socketFolder, options.Temporary);
        }
        catch
        {
            await taken.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the next process in; what is temporary goes.</summary>
    public async Task Release()
    {
        await DirectoryRemoval.Remove(SocketFolder);
        if (IsTemporary) await DirectoryRemoval.Remove(Directory);
        await ownedLock.DisposeAsync();
    }

    internal static bool HasCluster(string directory) => File.Exists(Path.Combine(ClusterOf(directory), "PG_VERSION"));

    internal static string ClusterOf(string directory) => Path.Combine(directory, "cluster");

    internal static string LockOf(string directory) => Path.Combine(directory, "lock");

    /// <summary>FileShare.None is flock(2): the kernel lets go when this process ends, however it ends.</summary>
    private static FileStream TakeLock(string directory)
    {
        try
        {
            return new FileStream(LockOf(directory), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new EmbeddedPostgresException(
                $"The database in {directory} is in use by another process of the engine. Stop that one first, or give this one its own data directory.",
                taken);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new EmbeddedPostgresException(ServerPlace.BelongsToSomeoneElse(directory), denied);
        }
    }

    /// <summary>The server appends to one file, which begins anew when it is long; the one before is kept.</summary>
    private static void OpenLog(string log)
    {
        const long lengthMax = 16 << 20;
        if (File.Exists(log) && new FileInfo(log).Length > lengthMax) File.Move(log, $"{log}.1", overwrite: true);
        File.Open(log, FileMode.Append).Dispose();
        // It quotes statements that failed, with what clients' names and amounts are in them.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(log, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>The server that another, living process of the engine runs for this directory; null when none does.</summary>
    public static string? FindRunning(string dataDirectory, string database)
    {
        foreach (var directory in ServerPlace.Candidates(Path.GetFullPath(dataDirectory)))
        {
            if (!HasCluster(directory) || IsFree(directory)) continue;
            if (PostmasterFile.ReadSocketFolder(ClusterOf(directory)) is { } socket) return Connection(socket, database, pooling: true);
        }

        return null;
    }

    private static bool IsFree(string directory)
    {
        try
        {
            TakeLock(directory).Dispose();
            return true;
        }
        catch (EmbeddedPostgresException)
        {
            return false;
        }
    }

    private string Connection(string database, bool pooling) => Connection(SocketFolder, database, pooling);

    private static string Connection(string socketFolder, string database, bool pooling) => new NpgsqlConnectionStringBuilder
    {
        Host = socketFolder,
        Port = SocketDirectory.Port,
        Username = Superuser,
        Database = database,
        Pooling = pooling,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        IncludeErrorDetail = true,
    }.ConnectionString;
}
