using IspBilling.Domain;
using IspBilling.Engine;
using IspBilling.Engine.Accounts;
using IspBilling.Grains.Accounts;
using IspBilling.Grains.Placement;
using Orleans;

namespace IspBilling.Grains.Imports;

/// <summary>
/// Books on the silo where the shard's accounts live, so that they share its flights. It keeps nothing: what it was asked is at most a page of
/// the import, whose coordinator asks again wherever the shard is next.
/// </summary>
[OnShard]
internal sealed class ImportShardGrain(AccountVisits accounts) : Grain, IImportShardGrain
{
    public async Task<AccountReply[][]> Book(AccountBatch[] batches)
    {
        try
        {
            return await Task.Run(() => Task.WhenAll(batches.Select(batch => accounts.Ask(batch, CancellationToken.None))));
        }
        catch (Exception failure) when (failure is AccountBusyException || Outage.Is(failure))
        {
            throw Failover.Portable(failure);
        }
    }
}
