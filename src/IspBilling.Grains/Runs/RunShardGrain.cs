using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Grains.Placement;
using IspBilling.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Runs;

/// <summary>Hosts a <see cref="RunShard"/> on the silo where the shard's accounts live.</summary>
[OnShard]
internal sealed class RunShardGrain(
    [PersistentState("run-shard", ClusterStorage.Coordinators)] IPersistentState<ShardProgress> stored, RunTools tools, Courtesy courtesy, ILogger<RunShardGrain> log)
    : Grain, IRunShardGrain, IDisposable
{
    private RunShard _shard = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var number = (int)this.GetPrimaryKeyLong(out var run);
        _shard = new RunShard(new RunId(Guid.ParseExact(run!, "N")), number, new CoordinatorState<ShardProgress>(stored), tools, Task.Run, Stopped);
        return Task.CompletedTask;
    }

    public Task<ShardProgress> Continue(int of, bool again, bool peopleWait)
    {
        courtesy.Hear(peopleWait);
        return Task.FromResult(_shard.Continue(of, again));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _shard.Stop();

    public void Dispose() => _shard.Dispose();

    private void Stopped(Exception failure)
    {
        log.LogWarning(failure, "Shard {Shard} of a run stopped at account {Account}.", this.GetGrainId(), stored.State.Cursor);
        DeactivateOnIdle();
    }
}
