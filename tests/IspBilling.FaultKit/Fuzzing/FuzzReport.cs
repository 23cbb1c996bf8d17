using System.Collections.Immutable;

namespace IspBilling.FaultKit.Fuzzing;

/// <summary>An input that was not read or refused as it should be.</summary>
/// <param name="Number">With the seed, makes the input again.</param>
public sealed record FuzzFinding(string What, int Number, string Failure, byte[] Input);

/// <param name="Accepted">Read in full.</param>
/// <param name="Refused">With the documented refusal.</param>
/// <param name="Slowest">The longest that one input took, on the clock of a machine that may be busy.</param>
/// <param name="MostBytesPerInput">The most that was allocated for one input.</param>
public sealed record FuzzReport(
    string What, long Inputs, long Accepted, long Refused, TimeSpan Took, TimeSpan Slowest, long MostBytesPerInput, ImmutableArray<FuzzFinding> Findings);
