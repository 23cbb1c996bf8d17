using System.Diagnostics;
using IspBilling.FaultKit.Network;
using IspBilling.FaultKit.Processes;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.FaultKit.Chaos;

/// <summary>
/// The network between engine and PostgreSQL is cut in the middle of work, again and again: before COMMIT arrives, within it, and
/// after it happened but before anybody heard. Both ends live on; nobody restarts anything.
/// </summary>
public static class CutTrial
{
    private const string Name = "cut connection";
    private static readonly TimeSpan Storm = TimeSpan.FromSeconds(5);

    public static async Task<TrialReport> Run(TrialOptions options, CancellationToken cancellation)
    {
        var directory = Path.Combine(options.Directory, "cut");
        await EmbeddedPostgres.Remove(directory, cancellation);
        await using var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { DataDirectory = directory }, cancellation);
        await server.EnsureDatabase(TrialBed.DatabaseName, cancellation);
        var behind = new NpgsqlConnectionStringBuilder(server.ConnectionString(TrialBed.DatabaseName));
        await using var proxy = new CuttingProxy(Path.Combine(behind.Host!, $".s.PGSQL.{behind.Port}"), options.Seed);
        var through = new NpgsqlConnectionStringBuilder(behind.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port };
        await using var bed = await TrialBed.OnGivenServer(
            options, "cut", [EnginePlace.Api(through.ConnectionString, Path.Combine(options.Directory, "api")) with { Clock = TrialTime.Clock }],
            behind.ConnectionString,
            await Seed(behind, options, cancellation));
        await bed.Open();
        var rounds = new List<RoundReport>(options.Rounds);
        for (var number = 1; number <= options.Rounds; number++)
        {
            rounds.Add(await Round(bed, proxy, number, cancellation));
            options.Say($"{Name} {number} of {options.Rounds}: {rounds[^1]}");
        }

        foreach (var cut in Enum.GetValues<Cut>().Where(cut => !proxy.Counts.ContainsKey(cut))) options.Say($"{cut} did not happen; more rounds would bring it.");
        return await bed.Close(
            Name, rounds, proxy.Counts.OrderBy(cut => cut.Key).Select(cut => ($"cuts {cut.Key}", $"{cut.Value}")), cancellation);
    }

    private static async Task<RoundReport> Round(TrialBed bed, CuttingProxy proxy, int number, CancellationToken cancellation)
    {
        var month = await bed.NextMonth();
        proxy.Armed = true;
        var asking = month.Ask();
        var started = Stopwatch.GetTimestamp();
        await Task.Delay(Storm / 2, cancellation);
        var hit = await month.UnderWay();
        proxy.CutAll();
        await Task.Delay(Storm / 2, cancellation);
        proxy.Armed = false;
        var calm = Stopwatch.GetTimestamp();
        await bed.UntilServed();
        var toService = Stopwatch.GetElapsedTime(calm);
        await asking;
        await bed.Rest(month);
        var toRest = Stopwatch.GetElapsedTime(started);
        await bed.Check(month, cancellation);
        return new RoundReport(number, "cuts", hit.Run, hit.Import, toService, toRest);
    }

    private static async Task<string> Seed(NpgsqlConnectionStringBuilder behind, TrialOptions options, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(behind);
        return await SeededProvider.Put(database, options.Clients, options.Seed, cancellation);
    }
}
