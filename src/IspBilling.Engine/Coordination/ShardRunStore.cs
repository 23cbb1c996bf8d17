using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Engine.Coordination;

/// <summary>
/// Makes a shard look like a whole run to the runner. Outcomes go to the database first and then the cursor to the shard's own storage.
/// A crash between the two repeats a page: its accounts answer as before, and its outcomes are replaced.
/// </summary>
/// <remarks>
/// While a network is parted, two activations of a shard may exist. A page that was read is only asked after the shard's progress was written
/// once more: that fails as soon as another activation has written. So whatever an overtaken activation asks was read before the other one
/// began to read behind the same cursor, and no account is billed in the run's name behind the back of whoever counts it.
/// </remarks>
/// <param name="told">Called with the shard's progress when it is durable.</param>
internal sealed class ShardRunStore(
    IBillingRunStore runs, IShardedRunStore shards, AccountShard shard, ShardProgress begun, IStoredState<ShardProgress> stored, Action<ShardProgress> told)
    : IBillingRunStore
{
    private readonly OrderedWrites<ShardProgress> _writes = new(stored);
    private ShardProgress _known = begun;

    public async ValueTask<BillingRun?> Find(RunId run, CancellationToken cancellation) =>
        await runs.Find(run, cancellation) is { } whole ? _known.Seen(whole) : null;

    public async ValueTask<IReadOnlyList<AccountId>> DueAfter(
        BillingRun run, AccountId after, long catalogueRevision, int max, CancellationToken cancellation)
    {
        var due = await shards.DueAfter(run, shard, after, catalogueRevision, max, cancellation);
        if (due.Count > 0) await _writes.Write(static written => written);
        return due;
    }

    public async ValueTask SavePage(BillingRun run, IReadOnlyList<RunItem> items, CancellationToken cancellation)
    {
        await shards.SaveItems(run.Id, items, cancellation);
        await Write(ShardProgress.Of(run));
    }

    public async ValueTask Finish(BillingRun run, CancellationToken cancellation) => await Write(ShardProgress.Of(run));

    public ValueTask<BillingRun> Create(BillingRun run, CancellationToken cancellation) => throw NotOfAShard();

    public ValueTask<IReadOnlyList<BillingRun>> Unfinished(CancellationToken cancellation) => throw NotOfAShard();

    public ValueTask<CompletenessProof> Prove(BillingRun run, CancellationToken cancellation) => throw NotOfAShard();

    private async Task Write(ShardProgress progress)
    {
        await _writes.Write(_ => progress);
        _known = progress;
        told(progress);
    }

    private static InvariantBrokenException NotOfAShard() => new("asked of a shard what only a whole run can tell");
}
