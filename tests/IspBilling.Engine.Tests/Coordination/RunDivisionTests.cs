using IspBilling.Engine.Coordination;

namespace IspBilling.Engine.Tests.Coordination;

public sealed class RunDivisionTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 32)]
    [InlineData(9, 32)]
    public void A_run_is_divided_among_several_nodes_and_left_whole_on_one(int nodes, int shards) =>
        Assert.Equal(shards, RunDivision.Among(nodes, ShardHome.Shards).Shards);
}
