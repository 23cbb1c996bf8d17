using System.Diagnostics;
using System.Globalization;
using IspBilling.FaultKit.Processes;
using IspBilling.Postgres.Embedded;
using Npgsql;

namespace IspBilling.FaultKit.Chaos;

/// <summary>
/// kill -9 of one node after the other, fronts and a worker, at random moments of a billing run, an import and the callers' traffic, while
/// every account's review of the day comes by itself. Callers stand behind a load balancer; a node that was killed is started again when
/// the others serve everybody.
/// </summary>
public static class SiloKillTrial
{
    private const string Name = "kill -9 of a node";
    private const int Fronts = 2;

    /// <summary>Accounts that are asked after a kill: more than there are shards, spread over all accounts.</summary>
    private const int Probes = 64;

    private const double EarlyShare = 0.3;

    /// <summary>Beyond the last turn: a missed one is looked for after five minutes.</summary>
    private static readonly TimeSpan ReviewPatience = TimeSpan.FromMinutes(10);

    /// <param name="worker">The worker's program.</param>
    /// <param name="reviews">How long from the beginning the accounts' turns are spread over; nothing if all turns of the day shall have been missed.</param>
    public static async Task<TrialReport> Run(TrialOptions options, string worker, TimeSpan reviews, CancellationToken cancellation)
    {
        var random = new Random(options.Seed);
        var directory = Path.Combine(options.Directory, "silos");
        await EmbeddedPostgres.Remove(directory, cancellation);
        await using var server = await EmbeddedPostgres.Start(new EmbeddedPostgresOptions { DataDirectory = directory }, cancellation);
        await server.EnsureDatabase(TrialBed.DatabaseName, cancellation);
        var connection = server.ConnectionString(TrialBed.DatabaseName);
        var key = await Seed(connection, options, cancellation);
        await using var bed = await TrialBed.OnGivenServer(options, "silo", Places(worker, connection, options, reviews), connection, key);
        await bed.Open();
        var undisturbed = await bed.Rehearse(cancellation);
        options.Say($"A round takes {undisturbed.TotalSeconds:0.0} s when nobody disturbs it.");
        var rounds = new List<RoundReport>(options.Rounds);
        var backs = new List<TimeSpan>(options.Rounds);
        for (var number = 1; number <= options.Rounds; number++)
        {
            var within = undisturbed * (number % 2 == 0 ? EarlyShare : 1);
            var (round, back) = await Round(bed, number, within * random.NextDouble(), cancellation);
            rounds.Add(round);
            backs.Add(back);
            options.Say($"{Name} {number} of {options.Rounds}: {round}");
        }

        options.Say("Waiting for the last turns of the day's reviews.");
        var steps = await Reviews(bed, reviews + ReviewPatience);
        var report = await bed.Close(
            Name,
            rounds,
            [
                ("undisturbed round", $"{undisturbed.TotalSeconds:0.0} s"),
                ("clients", $"{options.Clients}"),
                ("seconds from its start until a killed node serves again, longest", backs.Max().TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)),
                ("reviews that came by themselves, once each", $"{steps}"),
            ],
            cancellation);
        return report with { Problems = [.. report.Problems, .. await bed.Stop()] };
    }

    private static async Task<(RoundReport, TimeSpan Back)> Round(TrialBed bed, int number, TimeSpan delay, CancellationToken cancellation)
    {
        var month = await bed.NextMonth();
        var asking = month.Ask();
        await Task.Delay(delay, cancellation);
        var hit = await month.UnderWay();
        var victim = number % bed.Engines;
        var struck = Stopwatch.GetTimestamp();
        await bed.KillEngine(victim);
        await bed.Traffic.ProbeAll(Probes, TrialTime.Today);
        var toService = Stopwatch.GetElapsedTime(struck);
        await bed.LaunchEngine(victim);
        var back = await bed.UntilComplete();
        await asking;
        await bed.Rest(month);
        var toRest = Stopwatch.GetElapsedTime(struck);
        await bed.Check(month, cancellation);
        return (new RoundReport(number, victim < Fronts ? $"front {victim + 1}" : "worker", hit.Run, hit.Import, toService, toRest), back);
    }

    /// <summary>Waits until the last account had its turn.</summary>
    /// <returns>Steps taken.</returns>
    private static async Task<long> Reviews(TrialBed bed, TimeSpan limit)
    {
        await Until.So(async () => await bed.Books.ReviewsDue() == 0, limit, () => "reviews that are due do not come");
        var (taken, twice) = await bed.Books.ReviewSteps();
        if (taken == 0) bed.Problem("no account was reviewed");
        if (twice > 0) bed.Problem($"{twice} accounts took more than one step of dunning on a day");
        return taken;
    }

    private static IEnumerable<EnginePlace> Places(string worker, string connection, TrialOptions options, TimeSpan reviews)
    {
        var (from, to) = Turns(reviews);
        IEnumerable<EnginePlace> places =
        [
            .. Enumerable.Range(1, Fronts).Select(number => EnginePlace.Api(connection, Path.Combine(options.Directory, $"front-{number}"))),
            EnginePlace.Worker(worker, connection, Path.Combine(options.Directory, "worker")),
        ];
        return places.Select(place => (place with { Clock = TrialTime.Clock }).With("TIMEZONE", "UTC").With("REVIEWSFROM", Text(from)).With("REVIEWSTO", Text(to)));

        static string Text(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>In whole minutes, and not over midnight: so late in the day, turns of the whole day.</summary>
    private static (TimeOnly From, TimeOnly To) Turns(TimeSpan reviews)
    {
        var now = TimeOnly.FromDateTime(TrialTime.Clock.GetUtcNow().UtcDateTime);
        if (reviews == TimeSpan.Zero) return (TimeOnly.MinValue, new TimeOnly(0, 1));
        var last = now.Add(reviews, out var days);
        return days == 0 ? (now, last) : (TimeOnly.MinValue, TimeOnly.MaxValue);
    }

    private static async Task<string> Seed(string connection, TrialOptions options, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        return await SeededProvider.PutOverdue(database, options.Clients, options.Seed, cancellation);
    }
}
