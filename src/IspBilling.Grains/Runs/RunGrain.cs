using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Grains.Placement;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Runs;

/// <summary>Into how many shards a run was divided when it began; a later program may divide otherwise.</summary>
[GenerateSerializer, Alias("IspBilling.RunDivision")]
internal sealed record RunDivision
{
    [Id(0)]
    public int Shards { get; init; }
}

/// <summary>
/// Has a run's shards worked off and records how far they are together. It keeps asking each of them: that is how a shard whose silo died
/// comes to life on another one.
/// </summary>
internal sealed class RunGrain(
    [PersistentState("run", ClusterStorage.Coordinators)] IPersistentState<RunDivision> division,
    IBillingRunStore runs,
    IShardedRunStore shards,
    ISiloStatusOracle silos,
    Courtesy courtesy,
    TimeProvider clock,
    ILogger<RunGrain> log) : Grain, IRunGrain
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private IGrainTimer? _looking;
    private RunCounts _told = RunCounts.None;
    private bool _looked;

    private RunId Id => new(this.GetPrimaryKey());

    /// <summary>A silo that is alone works a run off undivided: many small shards mean many small flights, pages and writes.</summary>
    private int ShardsNow => silos.GetApproximateSiloStatuses(onlyActive: true).Count > 1 ? ClusterShards.Count : 1;

    public async Task Continue(bool peopleWait)
    {
        // Told to the shards at the next look, so that a worker learns it as well.
        if (peopleWait) courtesy.AskedElsewhere();
        if (_looking is not null)
        {
            // A shard that has ended says so, and a short run does not wait for the next look.
            _looking.Change(TimeSpan.Zero, Look);
            return;
        }

        if (division.State.Shards == 0)
        {
            division.State = new RunDivision { Shards = ShardsNow };
            await division.WriteStateAsync();
        }

        _looking = this.RegisterGrainTimer(LookAfter, new GrainTimerCreationOptions(TimeSpan.Zero, Look) { KeepAlive = true });
    }

    private async Task LookAfter(CancellationToken cancellation)
    {
        try
        {
            var progress = await Task.WhenAll(Enumerable.Range(0, division.State.Shards).Select(Ask));
            _looked = true;
            var known = progress.OfType<ShardProgress>().ToList();
            await Tell(known, cancellation);
            if (known.Find(shard => shard.Status == RunStatus.Failed) is { } failed)
                await End(RunStatus.Failed, failed.Failure, known, cancellation);
            else if (known.Count == progress.Length && known.TrueForAll(shard => shard.Status == RunStatus.Finished))
                await End(RunStatus.Finished, failure: null, known, cancellation);
        }
        catch (Exception away) when (away is not OperationCanceledException)
        {
            log.LogWarning(away, "Run {Run} is looked after again.", Id);
        }
    }

    /// <summary>Null while the shard is out of reach.</summary>
    private async Task<ShardProgress?> Ask(int number)
    {
        try
        {
            var shard = GrainFactory.GetGrain<IRunShardGrain>(number, RunShardGrain.KeyOf(Id), grainClassNamePrefix: null);
            return await shard.Continue(division.State.Shards, again: !_looked, courtesy.IsDue);
        }
        catch (Exception failure) when (Failover.Is(failure))
        {
            return null;
        }
    }

    /// <summary>Counts never go back: a shard out of reach has told its own before.</summary>
    private async Task Tell(List<ShardProgress> known, CancellationToken cancellation)
    {
        var counts = Sum(known);
        if (counts.Accounts <= _told.Accounts) return;
        await shards.SaveProgress(Id, counts, cancellation);
        _told = counts;
    }

    private async Task End(RunStatus status, string? failure, List<ShardProgress> known, CancellationToken cancellation)
    {
        var run = await runs.Find(Id, cancellation) ?? throw new InvariantBrokenException($"run {Id} is not stored");
        await shards.SaveProgress(Id, Sum(known), cancellation);
        DateTimeOffset? finished = status == RunStatus.Finished ? clock.GetUtcNow() : null;
        await runs.Finish(run with { Status = status, Failure = failure, FinishedAt = finished }, cancellation);
        log.LogInformation("Billing run {Run} ended, {Status}: {Counts}.", Id, status, Sum(known));
        _looking?.Dispose();
        DeactivateOnIdle();
    }

    private static RunCounts Sum(List<ShardProgress> shards) => shards.Aggregate(RunCounts.None, (sum, shard) => sum + shard.Counts);
}
