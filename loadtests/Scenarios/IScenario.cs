using System.Collections.Immutable;
using IspBilling.LoadTests.Measuring;

namespace IspBilling.LoadTests.Scenarios;

/// <param name="What">The unit counted: invoice, payment.</param>
/// <param name="Cost">Null where the engine was other processes; what they cost is among the facts.</param>
/// <param name="Facts">More figures for the table, in order.</param>
public sealed record Figures(string What, long Count, Cost? Cost, IReadOnlyList<(string Name, string Value)> Facts)
{
    public double? PerSecond => Count / Cost?.Seconds;

    /// <summary>Bytes of something, by its name: for whoever reads the result as a file.</summary>
    public IReadOnlyDictionary<string, double> Sizes { get; init; } = ImmutableDictionary<string, double>.Empty;
}

/// <summary>One kind of load: fills the bed, then does the work that is measured.</summary>
public interface IScenario
{
    string Name { get; }

    /// <summary>The books were audited before the rows were multiplied; what stands there at the end are no books.</summary>
    bool HasAudited => false;

    /// <param name="report">Progress: what is being done, done so far, of how many.</param>
    Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation);
}
