using System.Net;
using System.Net.Sockets;
using IspBilling.FaultKit.Network;

namespace IspBilling.Faults.Tests;

/// <summary>The network of the trials does to nodes what it says.</summary>
public sealed class NodeNetworkTests : IAsyncDisposable
{
    private const int Caller = 0;
    private const int Called = 1;
    private const int Third = 2;
    private readonly TcpListener[] _nodes = [.. Enumerable.Range(0, 3).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
    private readonly NodeNetwork _network;

    public NodeNetworkTests()
    {
        foreach (var node in _nodes) node.Start();
        _network = new NodeNetwork(_nodes.Select(node => (IPEndPoint)node.LocalEndpoint));
    }

    [Fact]
    public async Task What_is_sent_arrives_in_both_directions()
    {
        using var call = await Connect(Caller, Called);

        Assert.Equal("question", await call.Ask("question"));
        Assert.Equal("answer", await call.Answer("answer"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_sent_between_parted_nodes_arrives_when_the_network_has_healed(bool isQuestion)
    {
        using var call = await Connect(Caller, Called);
        _network.Cut([(Called, Caller)], CutBytes.ArriveLate);

        var arriving = isQuestion ? call.Ask("late") : call.Answer("late");
        await Elsewhere();
        Assert.False(arriving.IsCompleted);
        _network.Heal();

        Assert.Equal("late", await arriving);
        Assert.Equal(0, _network.Resets);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_bytes_are_lost_both_ends_are_reset_when_the_network_has_healed(bool isQuestion)
    {
        using var call = await Connect(Caller, Called);
        _network.Cut([(Caller, Called)], CutBytes.AreLost);

        var arriving = isQuestion ? call.Ask("lost") : call.Answer("lost");
        await Elsewhere();
        Assert.False(arriving.IsCompleted);
        _network.Heal();

        await Assert.ThrowsAsync<SocketException>(() => arriving);
        using var again = await Connect(Caller, Called);
        Assert.Equal("again", await again.Ask("again"));
    }

    [Fact]
    public async Task The_end_of_a_node_is_not_heard_while_the_network_is_cut()
    {
        using var call = await Connect(Caller, Called);
        _network.Cut([(Caller, Called)], CutBytes.ArriveLate);

        var hearing = call.AtCaller.ReceiveAsync(new byte[1]);
        call.AtCalled.Dispose();
        await Elsewhere();
        Assert.False(hearing.IsCompleted);
        _network.Heal();

        await Assert.ThrowsAsync<SocketException>(() => hearing);
    }

    [Fact]
    public async Task A_third_node_is_reached_by_both()
    {
        _network.Cut([(Caller, Called)], CutBytes.AreLost);

        using var fromOne = await Connect(Caller, Third);
        using var fromOther = await Connect(Called, Third);

        Assert.Equal("one", await fromOne.Ask("one"));
        Assert.Equal("other", await fromOther.Answer("other"));
    }

    public async ValueTask DisposeAsync()
    {
        await _network.DisposeAsync();
        foreach (var node in _nodes) node.Dispose();
    }

    /// <summary>A whole exchange on another connection: what was to arrive before it would have arrived.</summary>
    private async Task Elsewhere()
    {
        using var call = await Connect(Caller, Third);
        Assert.Equal("meanwhile", await call.Ask("meanwhile"));
    }

    private async Task<Ends> Connect(int from, int to)
    {
        var caller = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await caller.ConnectAsync(_network[to]);
        await caller.SendAsync(_network[from].Address.GetAddressBytes());
        var called = await _nodes[to].AcceptSocketAsync();
        await called.ReceiveAsync(new byte[_network[from].Address.GetAddressBytes().Length]);
        return new Ends(caller, called);
    }

    private sealed record Ends(Socket AtCaller, Socket AtCalled) : IDisposable
    {
        public Task<string> Ask(string text) => Pass(AtCaller, AtCalled, text);

        public Task<string> Answer(string text) => Pass(AtCalled, AtCaller, text);

        public void Dispose()
        {
            AtCaller.Dispose();
            AtCalled.Dispose();
        }

        private static async Task<string> Pass(Socket from, Socket to, string text)
        {
            await from.SendAsync(System.Text.Encoding.ASCII.GetBytes(text));
            var buffer = new byte[64];
            return System.Text.Encoding.ASCII.GetString(buffer, 0, await to.ReceiveAsync(buffer));
        }
    }
}
