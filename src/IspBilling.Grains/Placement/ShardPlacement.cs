using System.Buffers.Binary;
using System.Net;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Coordination;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace IspBilling.Grains.Placement;

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
        Task.FromResult(SiloOf.Shard(AccountShard.NumberOf(new AccountId(SiloOf.KeyOf(target)), ShardHome.Shards), target, context));
}

internal sealed class ShardPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(SiloOf.Shard((int)SiloOf.KeyOf(target), target, context));
}

/// <summary>The silo on which a shard lives.</summary>
internal static class SiloOf
{
    public static SiloAddress Shard(int shard, PlacementTarget target, IPlacementContext context) => Shard(shard, context.GetCompatibleSilos(target));

    public static SiloAddress Shard(int shard, SiloAddress[] silos)
    {
        Span<ulong> keys = stackalloc ulong[MaxOnStack];
        if (silos.Length > MaxOnStack) keys = new ulong[silos.Length];
        for (var i = 0; i < silos.Length; i++) keys[i] = KeyOf(silos[i].Endpoint);
        return silos[ShardHome.Of(shard, keys[..silos.Length])];
    }

    public static long KeyOf(PlacementTarget target) => target.GrainIdentity.GetIntegerKey(out _);

    /// <summary>Address and port, so that a silo that starts anew in the same place gets its shards back.</summary>
    private static ulong KeyOf(IPEndPoint endpoint)
    {
        Span<byte> name = stackalloc byte[MaxAddressBytes + sizeof(ushort)];
        endpoint.Address.TryWriteBytes(name, out var length);
        BinaryPrimitives.WriteUInt16BigEndian(name[length..], (ushort)endpoint.Port);
        return ShardHome.KeyOf(name[..(length + sizeof(ushort))]);
    }

    private const int MaxOnStack = 64;
    private const int MaxAddressBytes = 16;
}
