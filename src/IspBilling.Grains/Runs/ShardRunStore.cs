using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Grains.Runs;

/// <summary>
/// Makes a shard look like a whole run to the one who works runs off. Outcomes go to the database, then the cursor to the grain's
/// storage: a crash between the two repeats a page, whose accounts answer as before and whose outcomes are replaced.
/// </summary>
/// <param name="read">The progress stored last.</param>
/// <param name="write">Stores progress durably.</param>
internal sealed class ShardRunStore(
    IBillingRunStore runs, IShardedRunStore shards, AccountShard shard, Func<ShardProgress> read, Func<ShardProgress, Task> write) : IBillingRunStore
{
    public async ValueTask<BillingRun?> Find(RunId run, CancellationToken cancellation) =>
        await runs.Find(run, cancellation) is { } whole ? read().Seen(whole) : null;

    public ValueTask<IReadOnlyList<AccountId>> DueAfter(
        BillingRun run, AccountId after, long catalogueRevision, int max, CancellationToken cancellation) =>
        shard.Of == 1
            ? runs.DueAfter(run, after, catalogueRevision, max, cancellation)
            : shards.DueAfter(run, shard, after, catalogueRevision, max, cancellation);

    public async ValueTask SavePage(BillingRun run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        await shards.SaveItems(run.Id, items, cancellation);
        await write(ShardProgress.Of(run));
    }

    public async ValueTask Finish(BillingRun run, CancellationToken cancellation) => await write(ShardProgress.Of(run));

    public ValueTask<BillingRun> Create(BillingRun run, CancellationToken cancellation) => throw NotOfAShard();

    public ValueTask<IReadOnlyList<BillingRun>> Unfinished(CancellationToken cancellation) => throw NotOfAShard();

    public ValueTask<CompletenessProof> Prove(BillingRun run, CancellationToken cancellation) => throw NotOfAShard();

    private static InvariantBrokenException NotOfAShard() => new("asked of a shard what only a whole run can tell");
}
