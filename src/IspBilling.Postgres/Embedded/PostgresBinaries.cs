using System.Globalization;
using System.Text.RegularExpressions;

namespace IspBilling.Postgres.Embedded;

/// <summary>The folder with <c>initdb</c> and <c>postgres</c>, and their major version.</summary>
internal sealed partial record PostgresBinaries(string Folder, int MajorVersion)
{
    public const int MajorVersionMin = 15;

    private const string Advice =
        "Install it (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server), put initdb and postgres on PATH, "
        + "or set a connection string to use a server of your own.";

    public string InitDb => Path.Combine(Folder, "initdb");

    public string Postgres => Path.Combine(Folder, "postgres");

    /// <summary>
    /// The highest version found; or the one that wrote the data, because PostgreSQL opens only the data of its own major version.
    /// </summary>
    public static async Task<PostgresBinaries> Find(int? writtenBy, CancellationToken cancel)
    {
        var found = new List<PostgresBinaries>();
        foreach (var folder in Folders())
        {
            if (await Inspect(folder, cancel) is { } binaries) found.Add(binaries);
        }

        return Choose(found, writtenBy);
    }

    internal static PostgresBinaries Choose(IReadOnlyCollection<PostgresBinaries> found, int? writtenBy)
    {
        var versions = found.Count == 0 ? "none" : string.Join(", ", found.Select(b => $"{b.MajorVersion} in {b.Folder}"));
        if (writtenBy is { } major)
        {
            return found.FirstOrDefault(b => b.MajorVersion == major) ?? throw new EmbeddedPostgresException(
                $"The data was written by PostgreSQL {major}, which is not installed (found: {versions}). "
                + $"Install PostgreSQL {major}, or move the data with pg_upgrade.");
        }

        return found.Where(b => b.MajorVersion >= MajorVersionMin).MaxBy(b => b.MajorVersion) ?? throw new EmbeddedPostgresException(
            $"PostgreSQL {MajorVersionMin} or later is needed and was not found (found: {versions}). {Advice}");
    }

    /// <summary>PATH first: who put a server there means it. Debian keeps the server's programs off PATH, one folder per version.</summary>
    private static IEnumerable<string> Folders()
    {
        const string debian = "/usr/lib/postgresql";
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        var packaged = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).Select(version => Path.Combine(version, "bin"))
            : [];
        return onPath.Concat(packaged).Where(HasServer).Distinct(StringComparer.Ordinal);
    }

    private static bool HasServer(string folder) =>
        File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres"));

    private static async Task<PostgresBinaries?> Inspect(string folder, CancellationToken cancel)
    {
        var answer = await SystemCommand.Run([Path.Combine(folder, "postgres"), "--version"], cancel);
        var version = Version().Match(answer.Output);
        return answer.Succeeded && version.Success
            ? new PostgresBinaries(folder, int.Parse(version.Groups["major"].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}
