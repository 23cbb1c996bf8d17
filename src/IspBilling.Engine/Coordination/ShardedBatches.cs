using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Coordination;

/// <summary>
/// Divides what is to be asked of many accounts by their shards, and has each shard asked where it lives: one call and its answer instead of
/// one for each account.
/// </summary>
/// <param name="shards">Into how many the accounts are divided.</param>
public sealed class ShardedBatches(INodes nodes, TimeProvider clock, int shards) : IAccountBatches
{
    public async Task<IReadOnlyList<IReadOnlyList<AccountReply>>> AskAll(IReadOnlyList<AccountBatch> batches, CancellationToken cancellation)
    {
        var replies = new AccountReply[batches.Count][];
        await Task.WhenAll(Enumerable.Range(0, batches.Count)
            .GroupBy(at => AccountShard.NumberOf(batches[at].Account, shards))
            .Select(async places =>
            {
                var answered = await Ask(places.Key, [.. places.Select(at => batches[at])], cancellation);
                foreach (var (at, reply) in places.Zip(answered)) replies[at] = reply;
            }));
        return replies;
    }

    private async Task<AccountReply[][]> Ask(int shard, AccountBatch[] batches, CancellationToken cancellation)
    {
        var patience = new FailoverPatience(clock);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await nodes.Book(shard, batches);
            }
            catch (Exception failure) when (nodes.IsAway(failure))
            {
                await patience.Wait(failure, $"shard {shard} of the accounts", cancellation);
            }
        }
    }
}

/// <summary>
/// Books what a statement brings to the accounts of one shard, on the node where they live, so that they share its flights. It keeps nothing:
/// what it is asked is at most a page of an import, whose coordinator asks again wherever the shard lives next.
/// </summary>
public sealed class ShardBooking(AccountVisits accounts)
{
    /// <summary>Asks accounts of the shard side by side.</summary>
    /// <returns>For each batch, in the same order, a reply to each of its commands.</returns>
    /// <exception cref="IOException">The journal is out of reach, its disk full or an account busy; ask again with the same ids.</exception>
    public async Task<AccountReply[][]> Book(AccountBatch[] batches)
    {
        try
        {
            return await Task.WhenAll(batches.Select(batch => accounts.Ask(batch, CancellationToken.None)));
        }
        catch (Exception failure) when (failure is AccountBusyException || Outage.Is(failure))
        {
            throw Outage.Portable(failure);
        }
    }
}
