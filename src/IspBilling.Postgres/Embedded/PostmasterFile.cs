using System.Globalization;

namespace IspBilling.Postgres.Embedded;

/// <summary><c>postmaster.pid</c>: its first line is the postmaster's process number.</summary>
internal static class PostmasterFile
{
    public static string In(string cluster) => Path.Combine(cluster, "postmaster.pid");

    public static int? ReadPid(string cluster)
    {
        try
        {
            var first = File.ReadLines(In(cluster)).FirstOrDefault();
            return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
