using System.Collections.Immutable;
using System.Globalization;
using IspBilling.FaultKit.Clients;

namespace IspBilling.FaultKit.Chaos;

/// <summary>How much hardship.</summary>
/// <param name="Directory">Where data goes; emptied first.</param>
/// <param name="Say">Told of progress, in sentences.</param>
public sealed record TrialOptions(int Clients, int Rounds, int Seed, string Directory, Action<string> Say);

/// <summary>One fault and what came after.</summary>
/// <param name="HitRun">A billing run was under way.</param>
/// <param name="HitImport">A statement was being imported.</param>
/// <param name="ToService">From the fault until the engine said it is ready, and served a read and a write.</param>
/// <param name="ToRest">From the fault until run and import had ended.</param>
public sealed record RoundReport(int Number, string Fault, bool HitRun, bool HitImport, TimeSpan ToService, TimeSpan ToRest)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Fault}{(HitRun ? ", in a run" : "")}{(HitImport ? ", in an import" : "")}: served after {ToService.TotalSeconds:0.0} s, at rest after {ToRest.TotalSeconds:0.0} s");
}

/// <summary>What a trial did and found.</summary>
/// <param name="Facts">Names and figures that belong to this trial only.</param>
/// <param name="Problems">Empty when everything held.</param>
public sealed record TrialReport(
    string Name,
    ImmutableArray<RoundReport> Rounds,
    Tally Seen,
    int Errands,
    ImmutableArray<(string Name, string Value)> Facts,
    ImmutableArray<string> Problems,
    string? SkippedBecause = null)
{
    public static TrialReport Skipped(string name, string reason) => new(name, [], new Tally(), 0, [], [], reason);
}
