using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IspBilling.Engine.Coordination;

namespace IspBilling.Engine.Tests.Coordination;

public sealed class ShardHomeTests
{
    private const int Shards = 32;
    private const int ManyShards = 10_000;

    /// <summary>Two to twelve nodes, and one more.</summary>
    private static readonly Arbitrary<(string[] Nodes, string Newcomer)> Clusters = Arb.From(
        from count in Gen.Choose(2, 12)
        from ports in Gen.Choose(1_000, 60_000).ArrayOf(count + 1)
        where ports.Distinct().Count() == ports.Length
        select (ports[1..].Select(Named).ToArray(), Named(ports[0])));

    [Fact]
    public void A_node_that_joins_takes_shards_and_no_other_shard_moves() => Prop.ForAll(Clusters, cluster =>
    {
        var (before, after) = (HomesOf(Shards, cluster.Nodes), HomesOf(Shards, [.. cluster.Nodes, cluster.Newcomer]));
        return before.Zip(after).All(home => home.First == home.Second || home.Second == cluster.Newcomer);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_node_that_leaves_gives_its_shards_away_and_no_other_shard_moves() => Prop.ForAll(Clusters, cluster =>
    {
        var (before, after) = (HomesOf(Shards, [.. cluster.Nodes, cluster.Newcomer]), HomesOf(Shards, cluster.Nodes));
        return before.Zip(after).All(home => home.First == home.Second || home.First == cluster.Newcomer);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_order_in_which_nodes_are_listed_does_not_matter() => Prop.ForAll(Clusters, cluster =>
        HomesOf(Shards, cluster.Nodes).SequenceEqual(HomesOf(Shards, [.. cluster.Nodes.Reverse()]))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Each_node_gets_its_share_of_many_shards_and_a_newcomer_as_much(int nodes)
    {
        var names = Enumerable.Range(0, nodes).Select(node => Named(11_111 + node)).ToArray();

        var moved = HomesOf(ManyShards, names).Zip(HomesOf(ManyShards, [.. names, Named(22_222)])).Count(home => home.First != home.Second);

        Assert.All(HomesOf(ManyShards, names).CountBy(home => home), home => Assert.InRange(home.Value, 0.9 * ManyShards / nodes, 1.1 * ManyShards / nodes));
        Assert.InRange(moved, 0.9 * ManyShards / (nodes + 1), 1.1 * ManyShards / (nodes + 1));
    }

    [Fact]
    public void Homes_are_the_same_in_every_release()
    {
        var homes = HomesOf(8, ["10.0.0.1:11111", "10.0.0.2:11111", "10.0.0.3:11111"]);

        Assert.Equal("2 3 1 2 3 3 3 1", string.Join(' ', homes.Select(home => home["10.0.0.".Length])));
    }

    [Fact]
    public void Nodes_that_cannot_be_told_apart_by_their_weight_are_told_apart_by_their_key() =>
        Assert.Equal(ShardHome.Of(5, [7, 7]), ShardHome.Of(5, [7, 7, 7]));

    private static string Named(int port) => $"127.0.0.1:{port}";

    private static List<string> HomesOf(int shards, string[] nodes)
    {
        var keys = Array.ConvertAll(nodes, node => ShardHome.KeyOf(Encoding.ASCII.GetBytes(node)));
        return [.. Enumerable.Range(0, shards).Select(shard => nodes[ShardHome.Of(shard, keys)])];
    }
}
