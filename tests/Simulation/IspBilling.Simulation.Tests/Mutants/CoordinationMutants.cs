using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Simulation.Tests.Mutants;

/// <summary>A shard that goes on elsewhere begins anew and keeps what it had counted.</summary>
internal sealed class CountsPageTwice : Sabotage
{
    public override IStoredState<ShardProgress> Wrap(IStoredState<ShardProgress> progress) => new WithoutCursor(progress);

    private sealed class WithoutCursor(IStoredState<ShardProgress> progress) : IStoredState<ShardProgress>
    {
        public ShardProgress Value => progress.Value with { Cursor = 0 };

        public Task Read(CancellationToken cancellation) => progress.Read(cancellation);

        public Task Write(ShardProgress value) => progress.Write(value);
    }
}

/// <summary>A shard stores its cursor before the outcomes of the page up to it.</summary>
internal sealed class SavesCursorFirst : Sabotage
{
    private Func<Task>? _outcomes;

    public override IShardedRunStore Wrap(IShardedRunStore store) => new Later(store, this);

    public override IStoredState<ShardProgress> Wrap(IStoredState<ShardProgress> progress) => new First(progress, this);

    private sealed class Later(IShardedRunStore store, SavesCursorFirst mistake) : IShardedRunStore
    {
        public ValueTask<IReadOnlyList<AccountId>> DueAfter(
            BillingRun run, AccountShard shard, AccountId after, long catalogueRevision, int max, CancellationToken cancellation) =>
            store.DueAfter(run, shard, after, catalogueRevision, max, cancellation);

        public ValueTask SaveItems(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
        {
            // The shard writes its cursor next.
            mistake._outcomes = () => store.SaveItems(run, items, cancellation).AsTask();
            return ValueTask.CompletedTask;
        }

        public ValueTask SaveProgress(RunId run, RunCounts counts, CancellationToken cancellation) => store.SaveProgress(run, counts, cancellation);

        public ValueTask Finish(BillingRun run, CancellationToken cancellation) => store.Finish(run, cancellation);
    }

    private sealed class First(IStoredState<ShardProgress> progress, SavesCursorFirst mistake) : IStoredState<ShardProgress>
    {
        public ShardProgress Value => progress.Value;

        public Task Read(CancellationToken cancellation) => progress.Read(cancellation);

        public async Task Write(ShardProgress value)
        {
            var outcomes = mistake._outcomes;
            mistake._outcomes = null;
            await progress.Write(value);
            if (outcomes is not null) await outcomes();
        }
    }
}

/// <summary>A shard's replies to a wave come back in another order than the wave's batches.</summary>
internal sealed class MixesUpReplies : Sabotage
{
    public override INodes Wrap(INodes nodes) => new Mixing(nodes);

    private sealed class Mixing(INodes nodes) : WrongNodes(nodes)
    {
        public override async Task<AccountReply[][]> Book(int shard, AccountBatch[] batches) => [.. (await Nodes.Book(shard, batches)).Reverse()];
    }
}

/// <summary>A wave whose answer was lost is not asked again: its commands are taken for refused.</summary>
internal sealed class GivesUpOnLostAnswers : Sabotage
{
    public override INodes Wrap(INodes nodes) => new Impatient(nodes);

    private sealed class Impatient(INodes nodes) : WrongNodes(nodes)
    {
        public override async Task<AccountReply[][]> Book(int shard, AccountBatch[] batches)
        {
            try
            {
                return await Nodes.Book(shard, batches);
            }
            catch (Exception lost) when (IsAway(lost))
            {
                return [.. batches.Select(batch => batch.Commands.Select(_ => (AccountReply)new Refused(RefusalReason.UnknownPayment, "no answer")).ToArray())];
            }
        }
    }
}

/// <summary>Looks for missed turns of today only: whoever missed one on a day on which nothing ran is forgotten.</summary>
internal sealed class SkipsMissedDays : Sabotage
{
    public override IReviewStore Wrap(IReviewStore store) => new Today(store);

    private sealed class Today(IReviewStore store) : IReviewStore
    {
        public async ValueTask<IReadOnlyList<DueReview>> DueAfter(DateOnly today, DueReview after, int max, CancellationToken cancellation) =>
            [.. (await store.DueAfter(today, after, max, cancellation)).Where(due => due.On == today)];
    }
}

/// <summary>The look at the run of a day finds who is due, and not who has billed into the run without an outcome.</summary>
internal sealed class SkipsBilledAccounts : Sabotage
{
    public override IDailyRunStore Wrap(IDailyRunStore store) => new DueOnly(store);

    private sealed class DueOnly(IDailyRunStore store) : WrongDailyRunStore(store)
    {
        public override async ValueTask<IReadOnlyList<AccountId>> UnrecordedAfter(
            BillingRun run, bool withDue, AccountId after, int max, CancellationToken cancellation)
        {
            if (!withDue) return [];
            var billed = await Store.UnrecordedAfter(run, withDue: false, after, max, cancellation);
            return [.. (await Store.UnrecordedAfter(run, withDue, after, max, cancellation)).Except(billed)];
        }
    }
}

/// <summary>A store of runs of days of which one call goes wrong; everything else goes through.</summary>
internal abstract class WrongDailyRunStore(IDailyRunStore store) : IDailyRunStore
{
    protected IDailyRunStore Store { get; } = store;

    public ValueTask<IReadOnlyList<BillingRun>> Open(CancellationToken cancellation) => Store.Open(cancellation);

    public virtual ValueTask<IReadOnlyList<AccountId>> UnrecordedAfter(
        BillingRun run, bool withDue, AccountId after, int max, CancellationToken cancellation) =>
        Store.UnrecordedAfter(run, withDue, after, max, cancellation);

    public ValueTask Record(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation) => Store.Record(run, items, cancellation);
}

/// <summary>Nodes of which one call goes wrong; everything else goes through.</summary>
internal abstract class WrongNodes(INodes nodes) : INodes
{
    protected INodes Nodes { get; } = nodes;

    public virtual ValueTask<AccountReply> Ask(AccountId account, Envelope envelope) => Nodes.Ask(account, envelope);

    public ValueTask CatchUp(AccountId account) => Nodes.CatchUp(account);

    public Task<ShardProgress> Continue(RunId run, AccountShard shard, bool again) => Nodes.Continue(run, shard, again);

    public Task<string?> Continue(ImportId import) => Nodes.Continue(import);

    public virtual Task<AccountReply[][]> Book(int shard, AccountBatch[] batches) => Nodes.Book(shard, batches);

    public bool IsAway(Exception failure) => Nodes.IsAway(failure);

    public bool IsBusy(Exception failure) => Nodes.IsBusy(failure);
}
