using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.StatementImports;
using IspBilling.Grains.Accounts;
using IspBilling.Grains.Imports;
using IspBilling.Grains.Runs;
using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace IspBilling.Grains.Nodes;

/// <summary>The nodes of an Orleans cluster: what is asked goes to the grain it is for.</summary>
internal sealed class GrainNodes(IGrainFactory grains, Courtesy courtesy) : INodes
{
    public ValueTask<AccountReply> Ask(AccountId account, Envelope envelope) => grains.GetGrain<IAccountGrain>(account.Value).Ask(envelope);

    public ValueTask CatchUp(AccountId account) => grains.GetGrain<IAccountGrain>(account.Value).CatchUp();

    public Task<ShardProgress> Continue(RunId run, AccountShard shard, bool again) => grains
        .GetGrain<IRunShardGrain>(shard.Number, run.Value.ToString("N", CultureInfo.InvariantCulture), grainClassNamePrefix: null)
        .Continue(shard.Of, again, courtesy.IsDue);

    public Task<string?> Continue(ImportId import) => grains.GetGrain<IImportGrain>(import.Value).Continue();

    public Task<AccountReply[][]> Book(int shard, AccountBatch[] batches) => grains.GetGrain<IImportShardGrain>(shard).Book(batches);

    public bool IsAway(Exception failure) =>
        failure is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException or ClientNotAvailableException
            or TimeoutException || CannotWake(failure);

    /// <summary>A grain whose stored state cannot be read at the moment does not wake: asked again, it may.</summary>
    private static bool CannotWake(Exception failure) => failure is OrleansException { InnerException: { } inner } && Outage.Is(inner);

    public bool IsBusy(Exception failure) => failure is LimitExceededException;
}
