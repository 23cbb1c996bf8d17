using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace IspBilling.Postgres.Embedded;

/// <summary>
/// Which directory, and which user the server gets there. An engine that runs as root may be asked to keep its data below a directory
/// that the server's user cannot enter, such as a repository in root's 0700 home; the data then lives below <c>/var/lib/ispbilling</c>.
/// </summary>
internal sealed record ServerPlace(string Directory, ServerUser User)
{
    private const string ReachableRoot = "/var/lib/ispbilling";

    public static async Task<ServerPlace> Find(string asked, ILogger log, CancellationToken cancel)
    {
        var elsewhere = Path.Combine(ReachableRoot, NameOf(asked));

        // Data that is somewhere stays there, whatever became of the permissions: a second, empty database would look like lost data.
        if (ServerHome.HasCluster(asked)) return await Open(asked, cancel) ?? throw new EmbeddedPostgresException(Unreachable(asked));
        if (Environment.IsPrivilegedProcess && ServerHome.HasCluster(elsewhere)) return await OpenElsewhere(asked, elsewhere, log, cancel);

        return await Open(asked, cancel) ?? await OpenElsewhere(asked, elsewhere, log, cancel);
    }

    /// <summary>Where the data of a directory asked for may be.</summary>
    public static string[] Candidates(string asked) => [asked, Path.Combine(ReachableRoot, NameOf(asked))];

    internal static string BelongsToSomeoneElse(string directory) =>
        $"The database in {directory} belongs to another user; it was probably first started as root. "
        + "Start the engine as root again, or give it another data directory.";

    private static async Task<ServerPlace> OpenElsewhere(string asked, string elsewhere, ILogger log, CancellationToken cancel)
    {
        var place = await Open(elsewhere, cancel) ?? throw new EmbeddedPostgresException(Unreachable(elsewhere));
        log.LogWarning("The server's user {User} cannot enter {Asked}: the database is in {Directory}.", place.User.Name, asked, elsewhere);
        if (IsEmpty(asked)) System.IO.Directory.Delete(asked); // Made by the attempt to open it.
        return place;
    }

    /// <summary>Makes the directory; null when the server's user cannot work in it.</summary>
    private static async Task<ServerPlace?> Open(string directory, CancellationToken cancel)
    {
        RequireOursOrEmpty(directory);
        var user = await ServerUser.For(ServerHome.HasCluster(directory) ? ServerHome.ClusterOf(directory) : null, cancel);
        try
        {
            if (Path.GetDirectoryName(directory) is { } parent) System.IO.Directory.CreateDirectory(parent);
            CreateOwnerOnly(directory);
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new EmbeddedPostgresException($"The data directory {directory} cannot be created: {denied.Message}", denied);
        }

        await user.Own([directory], cancel);
        var entered = await SystemCommand.Run([.. user.Running("sh", "-c", "cd \"$1\" && [ -w . ] && pwd -P", "sh", directory)], cancel);
        if (entered.Succeeded) return new ServerPlace(entered.Output, user);
        return user.Name is null ? throw new EmbeddedPostgresException(BelongsToSomeoneElse(directory)) : null;
    }

    private static void CreateOwnerOnly(string directory)
    {
        if (!OperatingSystem.IsLinux())
            throw new EmbeddedPostgresException("The embedded database runs on Linux. Elsewhere set a connection string to a server of your own.");
        System.IO.Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The directory becomes the server's own, which would be a disaster for, say, <c>/var/lib</c>.</summary>
    private static void RequireOursOrEmpty(string directory)
    {
        try
        {
            if (!System.IO.Directory.Exists(directory)
                || File.Exists(ServerHome.LockOf(directory))
                || System.IO.Directory.Exists(ServerHome.ClusterOf(directory))
                || IsEmpty(directory)) return;
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new EmbeddedPostgresException(BelongsToSomeoneElse(directory), denied);
        }

        throw new EmbeddedPostgresException($"{directory} holds other files; the database needs a directory of its own.");
    }

    private static bool IsEmpty(string directory) =>
        System.IO.Directory.Exists(directory) && !System.IO.Directory.EnumerateFileSystemEntries(directory).Any();

    private static string Unreachable(string directory) =>
        $"The server's user cannot enter {directory}. Give the directories above it the permission x for others, or move the data.";

    private static string NameOf(string directory) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory)))[..16];
}
