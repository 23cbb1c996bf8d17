using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Grains.Accounts;
using IspBilling.Grains.Placement;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Runs;

/// <summary>
/// Works off one shard of a run, on the silo where the shard's accounts live. It stops with its silo; asked again it comes to life on
/// another one and goes on after the cursor stored last.
/// </summary>
[OnShard]
internal sealed class RunShardGrain(
    [PersistentState("run-shard", ClusterStorage.Coordinators)] IPersistentState<ShardProgress> stored,
    AccountVisits accounts,
    IBillingRunStore runs,
    IShardedRunStore shards,
    LiveContext contexts,
    TimeProvider clock,
    RunPlaces places,
    BillingRunnerOptions options,
    Courtesy courtesy,
    ILogger<RunShardGrain> log) : Grain, IRunShardGrain, IDisposable
{
    private readonly LongWork _work = new();

    public Task<ShardProgress> Continue(int of, bool again, bool peopleWait)
    {
        if (peopleWait) courtesy.AskedElsewhere();
        if (_work.IsUnderWay) return Task.FromResult(stored.State);
        if (again && stored.State.Status == RunStatus.Failed) stored.State = stored.State with { Status = RunStatus.Running, Failure = null };
        if (stored.State.Status == RunStatus.Running)
        {
            var number = (int)this.GetPrimaryKeyLong(out var run);
            _work.Begin(stopping => Work(new RunId(Guid.ParseExact(run!, "N")), new AccountShard(number, of), stopping));
        }

        return Task.FromResult(stored.State);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await _work.Stop();

    public void Dispose() => _work.Dispose();

    internal static string KeyOf(RunId run) => run.Value.ToString("N", CultureInfo.InvariantCulture);

    private async Task Work(RunId id, AccountShard shard, CancellationToken stopping)
    {
        try
        {
            using var place = await places.Take(stopping);
            var run = await runs.Find(id, stopping) ?? throw new InvariantBrokenException($"run {id} is not stored");
            var turns = GrainTurns.Current;
            var known = stored.State;
            var store = new ShardRunStore(runs, shards, shard, () => known, progress =>
            {
                known = progress;
                return turns.Run(() => Write(progress));
            });
            var runner = new BillingRunner(accounts, store, contexts, clock, shard.Of == 1 ? options : options.Among(RunPlaces.AtOnce));
            await Task.Run(() => runner.Execute(run, progress: null, stopping), CancellationToken.None);
            await SayEnded(id);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The runner has stored the failure, unless it is an outage or another activation was faster: then the next who asks makes
            // it go on, with what is stored by then.
            log.LogWarning(failure, "Shard {Shard} of run {Run} stopped at account {Account}.", shard.Number, id, stored.State.Cursor);
            this.DeactivateOnIdle();
        }
    }

    private async Task SayEnded(RunId id)
    {
        try
        {
            await GrainFactory.GetGrain<IRunGrain>(id.Value).Continue(peopleWait: false);
        }
        catch (Exception failure) when (Failover.Is(failure))
        {
            // It asks by itself once it is alive again.
        }
    }

    private async Task Write(ShardProgress progress)
    {
        stored.State = progress;
        await stored.WriteStateAsync();
    }
}
