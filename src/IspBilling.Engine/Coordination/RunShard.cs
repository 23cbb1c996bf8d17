using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Engine.Coordination;

/// <summary>What a node works runs off with.</summary>
/// <param name="Accounts">The accounts of the node.</param>
public sealed record RunTools(
    IAccounts Accounts, IBillingRunStore Runs, IShardedRunStore Shards, LiveContext Contexts, TimeProvider Clock, RunPlaces Places, BillingRunnerOptions Options);

/// <summary>
/// Works one shard of a run off, on the node where the shard's accounts live. It stops with its node; whoever asks next finds it on another
/// one, where it goes on behind the cursor stored last.
/// </summary>
/// <param name="stopped">Told why work stopped: the host lets go of the shard, and the next who asks has it read what is stored by then.</param>
public sealed class RunShard(
    RunId id, int number, IStoredState<ShardProgress> stored, RunTools tools, Aside aside, Action<Exception> stopped) : IDisposable
{
    private readonly LongWork _work = new();
    private ShardProgress _progress = stored.Value;

    /// <summary>Goes on where the shard stands, unless it is being worked off; returns at once.</summary>
    /// <param name="of">Into how many shards the run is divided.</param>
    /// <param name="again">Also when it failed: somebody asked for the run to be resumed.</param>
    public ShardProgress Continue(int of, bool again)
    {
        if (_work.IsUnderWay) return Progress;
        if (again && Progress.Status == RunStatus.Failed) Progress = Progress with { Status = RunStatus.Running, Failure = null };
        if (Progress.Status == RunStatus.Running) _work.Begin(stopping => Work(new AccountShard(number, of), again, stopping));
        return Progress;
    }

    public Task Stop() => _work.Stop();

    public void Dispose() => _work.Dispose();

    private ShardProgress Progress
    {
        get => Volatile.Read(ref _progress);
        set => Volatile.Write(ref _progress, value);
    }

    private async Task Work(AccountShard shard, bool again, CancellationToken stopping)
    {
        try
        {
            using var place = await tools.Places.Take(stopping);
            var run = await tools.Runs.Find(id, stopping) ?? throw new InvariantBrokenException($"run {id} is not stored");
            await aside(() => shard.Of == 1 ? WorkOffAll(run, again, stopping) : WorkOff(run, shard, stopping));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The runner has stored the failure, unless it is an outage or another activation was faster. In both cases the shard goes on
            // when it is asked next.
            stopped(failure);
        }
    }

    /// <summary>The run itself keeps cursor and counts, each page in one transaction with its outcomes.</summary>
    private async Task WorkOffAll(BillingRun run, bool again, CancellationToken stopping)
    {
        Progress = ShardProgress.Of(run);
        if (run.Status == RunStatus.Failed && !again) return;
        Progress = Progress with { Status = RunStatus.Running, Failure = null };
        var runner = new BillingRunner(tools.Accounts, tools.Runs, tools.Contexts, tools.Clock, tools.Options);
        Progress = ShardProgress.Of(await runner.Execute(run, saved => Progress = ShardProgress.Of(saved), stopping));
    }

    private async Task WorkOff(BillingRun run, AccountShard shard, CancellationToken stopping)
    {
        var store = new ShardRunStore(tools.Runs, tools.Shards, shard, Progress, stored, told => Progress = told);
        var runner = new BillingRunner(tools.Accounts, store, tools.Contexts, tools.Clock, tools.Options.Among(RunPlaces.AtOnce));
        await runner.Execute(run, progress: null, stopping);
    }
}
