using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using Orleans;
using Orleans.Concurrency;

namespace IspBilling.Grains.Imports;

/// <summary>A statement whose entries are being booked; the key is the import's id.</summary>
[Alias("IspBilling.Import")]
public interface IImportGrain : IGrainWithGuidKey
{
    /// <summary>Goes on with the entries that are pending, unless they are being booked; returns at once.</summary>
    /// <returns>Why it stopped, when it did; null while it goes on and when it has ended.</returns>
    [Alias("Continue")]
    Task<string?> Continue();
}

/// <summary>What statements bring to the accounts of one shard; the key is the shard's number.</summary>
[Alias("IspBilling.ImportShard")]
public interface IImportShardGrain : IGrainWithIntegerKey
{
    /// <summary>Asks accounts of the shard side by side. Several imports may be at it, and one that asks again because its first call was lost.</summary>
    /// <returns>For each batch, in the same order, a reply to each of its commands.</returns>
    /// <exception cref="IOException">The journal is out of reach, its disk full or an account busy; ask again with the same ids.</exception>
    [AlwaysInterleave]
    [Alias("Book")]
    Task<AccountReply[][]> Book(AccountBatch[] batches);
}

/// <summary>Clerks' assignments that were cut short, and what waits in suspense for something to appear: one grain, key 0.</summary>
[Alias("IspBilling.Desk")]
public interface IDeskGrain : IGrainWithIntegerKey
{
    [Alias("Resume")]
    Task Resume();
}
