using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Simulation.Storage;

/// <summary>Billing runs in memory; a page and the cursor behind it are saved together or not at all.</summary>
public sealed class MemoryRunStore(Books books) : IBillingRunStore, IShardedRunStore, IDailyRunStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<RunId, BillingRun> _runs = [];
    private readonly Dictionary<RunId, SortedDictionary<AccountId, RunItem>> _items = [];

    public IReadOnlyList<BillingRun> Runs
    {
        get
        {
            lock (_gate) return [.. _runs.Values];
        }
    }

    public IReadOnlyList<RunItem> ItemsOf(RunId run)
    {
        lock (_gate) return [.. _items[run].Values];
    }

    public ValueTask<BillingRun> Create(BillingRun run, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_runs.TryAdd(run.Id, run)) _items.Add(run.Id, []);
            return ValueTask.FromResult(_runs[run.Id]);
        }
    }

    public ValueTask<BillingRun?> Find(RunId run, CancellationToken cancellation)
    {
        lock (_gate) return ValueTask.FromResult(_runs.GetValueOrDefault(run));
    }

    public ValueTask<IReadOnlyList<BillingRun>> Unfinished(CancellationToken cancellation)
    {
        lock (_gate) return ValueTask.FromResult<IReadOnlyList<BillingRun>>([.. _runs.Values.Where(run => run.Status == RunStatus.Running)]);
    }

    public ValueTask<IReadOnlyList<AccountId>> DueAfter(BillingRun run, AccountId after, long catalogueRevision, int max, CancellationToken cancellation) =>
        DueAfter(run, new AccountShard(0, 1), after, catalogueRevision, max, cancellation);

    public ValueTask<IReadOnlyList<AccountId>> DueAfter(
        BillingRun run, AccountShard shard, AccountId after, long catalogueRevision, int max, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var billed = books.BilledBy(run.Id);
            return ValueTask.FromResult<IReadOnlyList<AccountId>>([..
                books.AccountsAfter(after)
                    .Where(row => shard.Holds(row.Id))
                    .Where(row => IsDue(run, row) || (IsInFilter(run, row) && row.CatalogueRevision < catalogueRevision) || billed.Contains(row.Id)
                        || _items.GetValueOrDefault(run.Id)?.ContainsKey(row.Id) == true)
                    .Select(row => row.Id)
                    .Take(max)]);
        }
    }

    public ValueTask SaveItems(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var item in items) _items[run][item.Account] = item;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask SaveProgress(RunId run, RunCounts counts, CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_runs[run].Status != RunStatus.Finished) _runs[run] = _runs[run] with { Counts = counts, Status = RunStatus.Running, Failure = null };
        }

        return ValueTask.CompletedTask;
    }

    ValueTask IShardedRunStore.Finish(BillingRun run, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var stored = _runs[run.Id];
            if (stored.Status != RunStatus.Finished)
                _runs[run.Id] = stored with { Status = run.Status, FinishedAt = run.FinishedAt, Failure = run.Failure, Counts = run.Counts };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask SavePage(BillingRun run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var stored = _runs[run.Id];
            if (stored.Cursor.CompareTo(run.Cursor) >= 0) return ValueTask.CompletedTask;
            if (items.Aggregate(stored.Counts, (counts, item) => counts.With(item)) != run.Counts)
                throw new RunOvertakenException(run.Id, stored.Cursor);
            foreach (var item in items) _items[run.Id].Add(item.Account, item);
            _runs[run.Id] = run with { Status = RunStatus.Running, Failure = null };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask Finish(BillingRun run, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var stored = _runs[run.Id];
            if (stored.Status != RunStatus.Finished) _runs[run.Id] = stored with { Status = run.Status, FinishedAt = run.FinishedAt, Failure = run.Failure };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<BillingRun>> Open(CancellationToken cancellation)
    {
        lock (_gate) return ValueTask.FromResult<IReadOnlyList<BillingRun>>([.. _runs.Values.Where(run => run.Status == RunStatus.Open).OrderBy(run => run.StartedAt)]);
    }

    public ValueTask<IReadOnlyList<AccountId>> UnrecordedAfter(BillingRun run, bool withDue, AccountId after, int max, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var billed = books.BilledBy(run.Id);
            var recorded = _items.GetValueOrDefault(run.Id) ?? [];
            return ValueTask.FromResult<IReadOnlyList<AccountId>>([..
                books.AccountsAfter(after)
                    .Where(row => billed.Contains(row.Id)
                        ? recorded.GetValueOrDefault(row.Id)?.Outcome != RunOutcome.Issued
                        : withDue && IsDue(run, row) && !recorded.ContainsKey(row.Id))
                    .Select(row => row.Id)
                    .Take(max)]);
        }
    }

    public ValueTask Record(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        lock (_gate)
        {
            foreach (var item in items) _items[run][item.Account] = item;
            _runs[run] = _runs[run] with { Counts = RunCounts.Of(_items[run].Values) };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<CompletenessProof> Prove(BillingRun run, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var items = _items[run.Id];
            List<AccountId> unrecorded = [.. books.BilledBy(run.Id).Where(id => items.GetValueOrDefault(id)?.Outcome != RunOutcome.Issued).Order()];
            List<AccountId> missed = [.. books.Accounts.Where(row => IsDue(run, row) && !items.ContainsKey(row.Id)).Select(row => row.Id).Except(unrecorded)];
            return ValueTask.FromResult(new CompletenessProof(
                _runs[run.Id].Counts, items.Keys.Union(missed).Union(unrecorded).Count(), missed, unrecorded,
                [.. items.Values.Where(item => item.Outcome is RunOutcome.Skipped or RunOutcome.Parked)]));
        }
    }

    private static bool IsDue(BillingRun run, AccountInBooks row) => IsInFilter(run, row) && row.NextBillOn <= run.Through;

    private static bool IsInFilter(BillingRun run, AccountInBooks row) =>
        row.Status != AccountStatus.New
        && (run.Filter.Issuer is not { } issuer || row.Issuer == issuer)
        && (run.Filter.Accounts is not { } accounts || accounts.Contains(row.Id));
}
