using System.Collections.Immutable;
using System.Globalization;

namespace IspBilling.Postgres.Embedded;

/// <summary>The processes of one cluster: every process of PostgreSQL works in its data directory.</summary>
internal static class ServerProcesses
{
    public static ImmutableHashSet<int> In(string cluster) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Number).OfType<int>().Where(pid => IsPostgresIn(cluster, pid))];

    private static int? Number(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;

    private static bool IsPostgresIn(string cluster, int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").TrimEnd() == "postgres"
                && File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName == cluster;
        }
        catch (Exception goneOrForeign) when (goneOrForeign is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
