using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using IspBilling.FaultKit.Processes;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.FaultKit.Upgrades;

/// <summary>
/// Makes the small database of a release that later releases must take over: the release's own program fills it through its interface,
/// is killed in the middle of its work, and what it leaves is dumped.
/// </summary>
public static class UpgradeDatabase
{
    public const string FileName = "billing.sql.gz";

    /// <summary>Beside the dump: what opens the secrets in it. Releases without secrets have none.</summary>
    public const string KeyFileName = "secrets.key";
    private const string Name = "billing";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <param name="program">The release's <c>IspBilling.Api.dll</c>.</param>
    /// <param name="directory">For the server and the engine; emptied first and removed at the end.</param>
    /// <param name="output">The compressed dump; the release's key file is put beside it.</param>
    public static async Task Make(FileInfo program, DirectoryInfo directory, FileInfo output, CancellationToken cancellation)
    {
        var serverDirectory = Path.Combine(directory.FullName, "server");
        await EmbeddedPostgres.Remove(serverDirectory, cancellation);
        await using (var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { DataDirectory = serverDirectory }, cancellation))
        {
            await server.EnsureDatabase(Name, cancellation);
            var connection = server.ConnectionString(Name);
            var place = EnginePlace.Api(connection, Path.Combine(directory.FullName, "engine")) with { Program = program.FullName, Clock = TrialTime.Clock };
            await Fill(place, connection, cancellation);
            output.Directory!.Create();
            await Dump(connection, output.FullName, cancellation);
            var key = Path.Combine(place.DataDirectory, KeyFileName);
            if (File.Exists(key)) File.Copy(key, Path.Combine(output.Directory.FullName, KeyFileName), overwrite: true);
        }

        await EmbeddedPostgres.Remove(serverDirectory, cancellation);
    }

    private static async Task Fill(EnginePlace place, string connection, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var engine = EngineProcess.Launch(place);
        await engine.UntilReady(Limit);
        engine.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Key(place));
        var provider = new UpgradeProvider(engine.Client, database);
        await provider.LiveThroughAMonth(cancellation);
        await using (await provider.LeaveWorkUnfinished(cancellation)) await engine.Kill();
    }

    private static async Task<string> Key(EnginePlace place)
    {
        var (exitCode, output) = await EngineProcess.Run(
            place,
            ["apikey", "create", "--name", "upgrade", "--scopes", "clients:read", "clients:write", "billing", "payments", "reports", "settings", "operator"]);
        return exitCode == 0 ? output.Trim() : throw new InvalidOperationException(output);
    }

    /// <summary>As statements that any connection can execute, without what is of this machine.</summary>
    private static async Task Dump(string connectionString, string output, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        var start = new ProcessStartInfo("pg_dump", ["--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges"]) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment["PGHOST"] = connection.Host;
        start.Environment["PGPORT"] = $"{connection.Port}";
        start.Environment["PGUSER"] = connection.Username;
        start.Environment["PGDATABASE"] = Name;
        using var dump = Process.Start(start)!;
        await using (var file = File.Create(output))
        await using (var packed = new GZipStream(file, CompressionLevel.SmallestSize))
        await using (var text = new StreamWriter(packed, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
        {
            // Lines that begin with a backslash are for psql; comments name the version of pg_dump.
            while (await dump.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                if (line.Length > 0 && !line.StartsWith('\\') && !line.StartsWith("--", StringComparison.Ordinal)) await text.WriteLineAsync(line);
            }
        }

        await dump.WaitForExitAsync(cancellation);
        if (dump.ExitCode != 0) throw new InvalidOperationException($"pg_dump ended with {dump.ExitCode}");
    }
}
