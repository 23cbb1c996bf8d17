using Orleans;
using Orleans.Concurrency;

namespace IspBilling.Grains.Reviews;

/// <summary>Looks for accounts whose reminder did not come: one grain, key 0.</summary>
[Alias("IspBilling.MissedTurns")]
public interface IMissedTurnsGrain : IGrainWithIntegerKey
{
    /// <summary>Asks every account that is due and whose turn of today has passed.</summary>
    /// <returns>How many were asked; 0 while an earlier look is still at it.</returns>
    [AlwaysInterleave]
    [Alias("CatchUp")]
    Task<int> CatchUp();
}
