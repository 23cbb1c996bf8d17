using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Engine.Coordination;

/// <summary>
/// Makes a shard look like a whole run to the runner. Outcomes go to the database first and then the cursor to the shard's own storage.
/// A crash between the two repeats a page: its accounts answer as before, and its outcomes are replaced.
/// </summary>
/// <param name="told">Called with the shard's progress when it is durable.</param>
internal sealed class ShardRunStore(
    IBillingRunStore runs, IShardedRunStore shards, AccountShard shard, ShardProgress begun, IStoredState<ShardProgress> stored, Action<ShardProgress> told)
    : IBillingRunStore
{
    private ShardProgress _known = begun;

    public async ValueTask<BillingRun?> Find(RunId run, CancellationToken cancellation) =>
        await runs.Find(run, cancellation) is { } whole ? _known.Seen(whole) : null;

    public ValueTask<IReadOnlyList<AccountId>> DueAfter(
        BillingRun run, AccountId after, long catalogueRevision, int max, CancellationToken cancellation) =>
        shard.Of == 1
            ? runs.DueAfter(run, after, catalogueRevision, max, cancellation)
            : shards.DueAfter(run, shard, after, catalogueRevision, max, cancellation);

    public async ValueTask SavePage(BillingRun run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        await shards.SaveItems(run.Id, items, cancellation);
        await Write(run);
    }

    public async ValueTask Finish(BillingRun run, CancellationToken cancellation) => await Write(run);

    public ValueTask<BillingRun> Create(BillingRun run, CancellationToken cancellation) => throw NotOfAShard();

    public ValueTask<IReadOnlyList<BillingRun>> Unfinished(CancellationToken cancellation) => throw NotOfAShard();

    public ValueTask<CompletenessProof> Prove(BillingRun run, CancellationToken cancellation) => throw NotOfAShard();

    private async Task Write(BillingRun run)
    {
        var progress = ShardProgress.Of(run);
        await stored.Write(progress);
        _known = progress;
        told(progress);
    }

    private static InvariantBrokenException NotOfAShard() => new("asked of a shard what only a whole run can tell");
}
