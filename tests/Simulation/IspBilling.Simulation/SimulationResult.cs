using IspBilling.Simulation.Auditing;
using IspBilling.Simulation.Faults;

namespace IspBilling.Simulation;

/// <param name="Findings">What the auditor found, up to the end of the step in which it found the first.</param>
/// <param name="LastLines">The end of the trace.</param>
/// <param name="TraceHash">Of the whole trace and of what was stored in the end: the same seed gives the same.</param>
public sealed record SimulationResult(
    ulong Seed,
    string World,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<string> LastLines,
    ulong TraceHash,
    FaultCounts Faults,
    long Commits,
    long Steps)
{
    public bool IsClean => Findings.Count == 0;

    public override string ToString() => IsClean
        ? $"seed {Seed} ({World}): clean, {Commits} commits"
        : $"""
            seed {Seed} ({World}) found
            {string.Join('\n', Findings.Select(finding => $"  {finding}"))}
            after
            {string.Join('\n', LastLines.Select(line => $"  {line}"))}
            """;
}
