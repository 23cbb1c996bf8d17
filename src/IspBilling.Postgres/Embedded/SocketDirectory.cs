using System.Text;

namespace IspBilling.Postgres.Embedded;

/// <summary>Where the unix socket is. Whoever can enter it is superuser of the database: its mode is the authentication.</summary>
internal static class SocketDirectory
{
    /// <summary>Only names the socket file; nothing listens on TCP.</summary>
    public const int Port = 5432;

    /// <summary><c>sockaddr_un.sun_path</c> has 108 bytes with the final zero.</summary>
    private const int PathBytesMax = 107;

    private const string ShortPrefix = "ispbilling-socket-";

    public static async Task<string> Prepare(ServerPlace place, CancellationToken cancel)
    {
        Remove(place.Directory);
        var folder = FolderOf(place.Directory);
        if (Fits(folder))
        {
            await SystemCommand.RunOrThrow(place.User.Running("mkdir", "--mode=0700", folder), cancel);
            return folder;
        }

        var shorter = Directory.CreateTempSubdirectory(ShortPrefix).FullName;
        if (!Fits(shorter)) throw new EmbeddedPostgresException($"{shorter} is too long for a unix socket: set TMPDIR to a shorter path.");
        await place.User.Own([shorter], cancel);
        File.CreateSymbolicLink(folder, shorter);
        return shorter;
    }

    /// <summary>Removes the folder, and the short one in the temp directory if it leads to one of ours.</summary>
    public static void Remove(string home)
    {
        var folder = new DirectoryInfo(FolderOf(home));
        if (folder.LinkTarget is { } shorter)
        {
            var isOurs = Path.GetFileName(shorter).StartsWith(ShortPrefix, StringComparison.Ordinal);
            if (isOurs && Directory.Exists(shorter)) Directory.Delete(shorter, recursive: true);
            folder.Delete();
        }
        else if (folder.Exists)
        {
            folder.Delete(recursive: true);
        }
    }

    internal static bool Fits(string folder) => Encoding.UTF8.GetByteCount(Path.Combine(folder, $".s.PGSQL.{Port}")) <= PathBytesMax;

    private static string FolderOf(string home) => Path.Combine(home, "socket");
}
