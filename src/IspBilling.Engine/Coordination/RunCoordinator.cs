using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Engine.Coordination;

/// <summary>
/// Has a run's shards worked off and tells how far they are together. It asks each of them again and again: that is how a shard whose node
/// died comes to life on another one.
/// </summary>
/// <param name="divide">How a run that begins now is divided.</param>
/// <param name="ended">Told the run when it has ended: the host then lets go of the coordinator.</param>
public sealed class RunCoordinator(
    RunId id, IStoredState<RunDivision> division, INodes nodes, IBillingRunStore runs, IShardedRunStore shards, Func<RunDivision> divide, TimeProvider clock,
    Action<BillingRun> ended)
{
    /// <summary>How long a host waits between two looks.</summary>
    public static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    /// <summary>Shards that were reached, and so were told that somebody wants the run to go on even if it has failed.</summary>
    private readonly HashSet<int> _reached = [];

    private int _shards;
    private RunCounts _told = RunCounts.None;

    /// <summary>Asks each shard to go on, adds up how far they are, and ends the run when they have ended.</summary>
    /// <exception cref="Exception">The database is out of reach; the next look finds out more.</exception>
    public async Task LookAfter(CancellationToken cancellation)
    {
        if (_shards == 0) _shards = await Divide(cancellation);
        var progress = await Task.WhenAll(Enumerable.Range(0, _shards).Select(Ask));
        var known = progress.OfType<ShardProgress>().ToList();
        var failed = known.Find(shard => shard.Status == RunStatus.Failed);
        if (failed is not null) await End(RunStatus.Failed, failed.Failure, known, cancellation);
        else if (known.Count == progress.Length && known.TrueForAll(shard => shard.Status == RunStatus.Finished))
            await End(RunStatus.Finished, failure: null, known, cancellation);
        else await Tell(known, cancellation);
    }

    /// <summary>A single runner keeps the run's cursor and counts itself.</summary>
    private bool IsWhole => _shards == 1;

    /// <remarks>Read first: another coordinator of the run may have divided it, and a write that failed here may have happened.</remarks>
    private async Task<int> Divide(CancellationToken cancellation)
    {
        await division.Read(cancellation);
        if (division.Value.Shards == 0) await division.Write(divide());
        return division.Value.Shards;
    }

    /// <summary>Null while the shard is out of reach.</summary>
    private async Task<ShardProgress?> Ask(int number)
    {
        try
        {
            var progress = await nodes.Continue(id, new AccountShard(number, _shards), again: !_reached.Contains(number));
            _reached.Add(number);
            return progress;
        }
        catch (Exception failure) when (nodes.IsAway(failure))
        {
            return null;
        }
    }

    /// <summary>Counts never go back: a shard that is out of reach was counted before.</summary>
    private async Task Tell(List<ShardProgress> known, CancellationToken cancellation)
    {
        var counts = Sum(known);
        if (IsWhole || counts.Accounts <= _told.Accounts) return;
        await shards.SaveProgress(id, counts, cancellation);
        _told = counts;
    }

    private async Task End(RunStatus status, string? failure, List<ShardProgress> known, CancellationToken cancellation)
    {
        var run = await runs.Find(id, cancellation) ?? throw new InvariantBrokenException($"run {id} is not stored");
        run = run with { Status = status, Failure = failure, FinishedAt = status == RunStatus.Finished ? clock.GetUtcNow() : null };
        if (IsWhole) await runs.Finish(run, cancellation);
        else await shards.Finish(run = run with { Counts = Sum(known) }, cancellation);
        ended(run);
    }

    private static RunCounts Sum(List<ShardProgress> shards) => shards.Aggregate(RunCounts.None, (sum, shard) => sum + shard.Counts);
}
