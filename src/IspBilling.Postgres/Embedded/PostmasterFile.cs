using System.Globalization;

namespace IspBilling.Postgres.Embedded;

/// <summary><c>postmaster.pid</c>: the postmaster's process number, its data, when it started, its port, its socket's folder; a line each.</summary>
internal static class PostmasterFile
{
    public static string In(string cluster) => Path.Combine(cluster, "postmaster.pid");

    public static int? ReadPid(string cluster) =>
        int.TryParse(ReadLine(cluster, 1), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;

    /// <summary>Null when no server runs there, or it has no socket yet.</summary>
    public static string? ReadSocketFolder(string cluster) => ReadLine(cluster, 5) is { Length: > 0 } folder ? folder : null;

    /// <param name="number">From 1.</param>
    private static string? ReadLine(string cluster, int number)
    {
        try
        {
            return File.ReadLines(In(cluster)).ElementAtOrDefault(number - 1);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
