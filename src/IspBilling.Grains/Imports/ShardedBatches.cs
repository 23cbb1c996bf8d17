using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Grains.Placement;
using Orleans;

namespace IspBilling.Grains.Imports;

/// <summary>
/// Divides what is to be asked of many accounts by their shards, and has each shard asked where it lives: one call and its answer instead of one
/// for each account.
/// </summary>
internal sealed class ShardedBatches(IGrainFactory grains, TimeProvider clock) : IAccountBatches
{
    public async Task<IReadOnlyList<IReadOnlyList<AccountReply>>> AskAll(IReadOnlyList<AccountBatch> batches, CancellationToken cancellation)
    {
        var replies = new AccountReply[batches.Count][];
        await Task.WhenAll(Enumerable.Range(0, batches.Count)
            .GroupBy(at => AccountShard.NumberOf(batches[at].Account, ClusterShards.Count))
            .Select(async places =>
            {
                var answered = await Ask(places.Key, [.. places.Select(at => batches[at])], cancellation);
                foreach (var (at, reply) in places.Zip(answered)) replies[at] = reply;
            }));
        return replies;
    }

    private async Task<AccountReply[][]> Ask(int shard, AccountBatch[] batches, CancellationToken cancellation)
    {
        var grain = grains.GetGrain<IImportShardGrain>(shard);
        var patience = new FailoverPatience(clock);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await grain.Book(batches);
            }
            catch (Exception failure) when (Failover.Is(failure))
            {
                await patience.Wait(failure, $"shard {shard} of the accounts", cancellation);
            }
        }
    }
}
