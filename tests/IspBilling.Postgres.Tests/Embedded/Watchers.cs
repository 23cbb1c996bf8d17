using System.Globalization;
using IspBilling.Postgres.Embedded;

namespace IspBilling.Postgres.Tests.Embedded;

/// <summary>The shells that watch over servers; a machine out of memory may kill one of those too.</summary>
internal static class Watchers
{
    public static void KillIn(string cluster)
    {
        var killed = 0;
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) continue;
            if (!IsShellIn(cluster, process)) continue;
            Signals.Send(pid, Signal.Kill);
            killed++;
        }

        Assert.Equal(1, killed);
    }

    private static bool IsShellIn(string cluster, string process)
    {
        try
        {
            return File.ReadAllText($"{process}/comm").TrimEnd() == "sh"
                && File.ResolveLinkTarget($"{process}/cwd", returnFinalTarget: false)?.FullName == cluster;
        }
        catch (Exception goneOrForeign) when (goneOrForeign is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
