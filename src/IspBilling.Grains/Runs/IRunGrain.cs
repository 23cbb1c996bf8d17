using IspBilling.Engine.Coordination;
using Orleans;

namespace IspBilling.Grains.Runs;

/// <summary>A billing run; the key is the run's id.</summary>
[Alias("IspBilling.Run")]
public interface IRunGrain : IGrainWithGuidKey
{
    /// <summary>Has the run go on where it stands; returns at once.</summary>
    /// <param name="peopleWait">People wait for answers of the node that asks.</param>
    [Alias("Continue")]
    Task Continue(bool peopleWait);
}

/// <summary>One shard of a billing run; the key is the shard's number and the run's id.</summary>
[Alias("IspBilling.RunShard")]
public interface IRunShardGrain : IGrainWithIntegerCompoundKey
{
    /// <summary>Goes on with the shard where it stands, unless it is being worked off; returns at once.</summary>
    /// <param name="of">How many shards the run has.</param>
    /// <param name="again">Also when it failed: somebody asked for the run to be resumed.</param>
    /// <param name="peopleWait">People wait for answers somewhere in the cluster.</param>
    [Alias("Continue")]
    Task<ShardProgress> Continue(int of, bool again, bool peopleWait);
}
