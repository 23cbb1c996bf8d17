using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace IspBilling.Grains.Placement;

/// <summary>Into how many shards a cluster divides its accounts.</summary>
public static class ClusterShards
{
    /// <summary>Many more than silos, so that each gets about as many; few enough that a page of one fills a flight.</summary>
    public const int Count = 32;
}

/// <summary>Accounts of a shard live on one silo, together with whoever works the shard off: there their commits share flights.</summary>
[GenerateSerializer, Immutable]
internal sealed class AccountPlacement : PlacementStrategy;

/// <summary>Grains whose integer key is the number of a shard.</summary>
[GenerateSerializer, Immutable]
internal sealed class ShardPlacement : PlacementStrategy;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnShardOfAccountAttribute() : PlacementAttribute(new AccountPlacement());

[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnShardAttribute() : PlacementAttribute(new ShardPlacement());

internal sealed class AccountPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(ShardHome.Of(AccountShard.NumberOf(new AccountId(ShardHome.KeyOf(target)), ClusterShards.Count), target, context));
}

internal sealed class ShardPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(ShardHome.Of((int)ShardHome.KeyOf(target), target, context));
}

/// <summary>Shards are dealt out to the silos in the order of their addresses, which every silo knows alike.</summary>
internal static class ShardHome
{
    public static SiloAddress Of(int shard, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        return silos.Order().ElementAt(shard % silos.Length);
    }

    public static long KeyOf(PlacementTarget target) => target.GrainIdentity.GetIntegerKey(out _);
}
