using System.Diagnostics;

namespace IspBilling.FaultKit.Chaos;

/// <summary>
/// kill -9 of the engine, of PostgreSQL, or of both, at random moments of a billing run, an import and the callers' traffic. The
/// engine is started again as an operator's watchdog would; PostgreSQL is the engine's own to start again.
/// </summary>
public static class KillTrial
{
    private const string Name = "kill -9";
    private const double EarlyShare = 0.3;
    private static readonly TimeSpan LongestAbsence = TimeSpan.FromMilliseconds(500);

    private enum Victim
    {
        Engine,
        Postgres,
        Both,
    }

    public static async Task<TrialReport> Run(TrialOptions options, CancellationToken cancellation)
    {
        var random = new Random(options.Seed);
        await using var bed = await TrialBed.OnPrivateServer(options, "kill", Path.Combine(options.Directory, "kill"), cancellation);
        await bed.Open();
        var undisturbed = await bed.Rehearse(cancellation);
        options.Say($"A round takes {undisturbed.TotalSeconds:0.0} s when nobody disturbs it.");
        var rounds = new List<RoundReport>(options.Rounds);
        for (var number = 1; number <= options.Rounds; number++)
        {
            // In turns, so that few rounds have all of them, too; and early in every other round, when the billing run is still at it.
            var victim = (Victim)(number % 3);
            var within = undisturbed * (number % 2 == 0 ? EarlyShare : 1);
            rounds.Add(await Round(bed, number, victim, within * random.NextDouble(), random, cancellation));
            options.Say($"{Name} {number} of {options.Rounds}: {rounds[^1]}");
        }

        return await bed.Close(
            Name, rounds, [("undisturbed round", $"{undisturbed.TotalSeconds:0.0} s"), ("clients", $"{options.Clients}")], cancellation);
    }

    private static async Task<RoundReport> Round(
        TrialBed bed, int number, Victim victim, TimeSpan delay, Random random, CancellationToken cancellation)
    {
        var month = await bed.NextMonth();
        var asking = month.Ask();
        await Task.Delay(delay, cancellation);
        var hit = await month.UnderWay();
        var struck = Stopwatch.GetTimestamp();
        await Strike(bed, victim, LongestAbsence * random.NextDouble());
        await bed.UntilServed();
        var toService = Stopwatch.GetElapsedTime(struck);
        await asking;
        await bed.Rest(month);
        var toRest = Stopwatch.GetElapsedTime(struck);
        await bed.Check(month, cancellation);
        return new RoundReport(number, $"{victim}", hit.Run, hit.Import, toService, toRest);
    }

    private static async Task Strike(TrialBed bed, Victim victim, TimeSpan absence)
    {
        if (victim is Victim.Postgres or Victim.Both) await bed.KillPostgres();
        if (victim == Victim.Postgres) return;
        await bed.KillEngine();
        await Task.Delay(absence);
        await bed.LaunchEngine();
    }
}
