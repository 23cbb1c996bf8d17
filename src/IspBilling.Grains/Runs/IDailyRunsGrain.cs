using Orleans;

namespace IspBilling.Grains.Runs;

/// <summary>Completes the runs of issuers that bill by reminder: one grain, key 0.</summary>
[Alias("IspBilling.DailyRuns")]
public interface IDailyRunsGrain : IGrainWithIntegerKey
{
    /// <summary>Finds what turns have missed and finishes runs whose day is over, unless an earlier look is still at it; returns at once.</summary>
    [Alias("Look")]
    Task Look();
}
