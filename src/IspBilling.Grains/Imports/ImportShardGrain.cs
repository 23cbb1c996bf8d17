using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Coordination;
using IspBilling.Grains.Placement;
using Orleans;

namespace IspBilling.Grains.Imports;

/// <summary>Hosts the <see cref="ShardBooking"/> of its silo, beside the grain's turns.</summary>
[OnShard]
internal sealed class ImportShardGrain(ShardBooking booking) : Grain, IImportShardGrain
{
    public Task<AccountReply[][]> Book(AccountBatch[] batches) => Task.Run(() => booking.Book(batches));
}
