namespace IspBilling.Engine.Coordination;

/// <summary>
/// On which node a shard lives, by rendezvous hashing: every node has a weight for every shard, and the heaviest wins. So all nodes come to
/// the same answer without asking each other, a node that joins takes its share and moves nothing else, and the shards of a node that
/// leaves are spread over those that stay.
/// </summary>
/// <remarks>Thaler and Ravishankar, "Using name-based mappings to increase hit rates", IEEE/ACM Transactions on Networking 6 (1998).</remarks>
public static class ShardHome
{
    /// <summary>Into how many shards a cluster divides its accounts: many more than nodes, and few enough that a page of one fills a flight.</summary>
    public const int Shards = 32;

    private const ulong Golden = 0x9E37_79B9_7F4A_7C15UL;

    /// <param name="nodes">A key of each node, such as <see cref="KeyOf"/> gives; in any order.</param>
    /// <returns>The place of the shard's node among the nodes.</returns>
    public static int Of(int shard, ReadOnlySpan<ulong> nodes)
    {
        var home = 0;
        for (var other = 1; other < nodes.Length; other++)
        {
            if (IsHeavier(shard, nodes[other], nodes[home])) home = other;
        }

        return home;
    }

    /// <summary>A node's key, from whatever names it on all nodes alike.</summary>
    public static ulong KeyOf(ReadOnlySpan<byte> name)
    {
        // FNV-1a: the same in every process and release, unlike the hash codes of .NET.
        var key = 14_695_981_039_346_656_037UL;
        foreach (var part in name) key = (key ^ part) * 1_099_511_628_211UL;
        return key;
    }

    private static bool IsHeavier(int shard, ulong one, ulong other)
    {
        var (ofOne, ofOther) = (Weight(shard, one), Weight(shard, other));
        return ofOne > ofOther || (ofOne == ofOther && one > other);
    }

    /// <summary>The finaliser of SplitMix64, once for the node and once for the shard: neighbouring keys and numbers have nothing in common.</summary>
    private static ulong Weight(int shard, ulong node) => Mixed(Mixed(node) + ((ulong)(uint)shard + 1) * Golden);

    private static ulong Mixed(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EBUL;
        return value ^ (value >> 31);
    }
}
