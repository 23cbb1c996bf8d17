using System.Collections.Immutable;
using System.Net;

namespace IspBilling.FaultKit.Network;

/// <summary>What becomes of bytes that are sent between two nodes while the network between them is cut.</summary>
public enum CutBytes
{
    /// <summary>They are kept on their way and arrive when the network heals, as TCP sends again what was not acknowledged.</summary>
    ArriveLate,

    /// <summary>They are thrown away. When the network heals, their connection is reset, as by a firewall that has forgotten it.</summary>
    AreLost,
}

/// <summary>
/// The network between nodes on this machine. Each node is known to the others by an address of 127.0.0.0/8 at which a proxy listens, and which
/// tells the proxies of the others who connects. Between any two nodes it can be cut: connections stay open and new ones are accepted,
/// and nothing arrives, in either direction.
/// </summary>
public sealed class NodeNetwork : IAsyncDisposable
{
    /// <summary>The last byte of the first node's address.</summary>
    private const int FirstNode = 11;

    private readonly ImmutableArray<NodeProxy> _proxies;
    private volatile Partition? _cut;

    /// <param name="behind">Where each node listens.</param>
    public NodeNetwork(IEnumerable<IPEndPoint> behind) =>
        _proxies = [.. behind.Select((node, number) => new NodeProxy(this, number, AddressOf(number), node))];

    /// <summary>Where the others reach a node.</summary>
    public IPEndPoint this[int node] => _proxies[node].Endpoint;

    /// <summary>Connections that were reset because bytes on them were lost.</summary>
    public int Resets => _proxies.Sum(proxy => proxy.Resets);

    /// <summary>Until it heals. One cut at a time.</summary>
    /// <param name="between">Pairs of nodes.</param>
    public void Cut(IEnumerable<(int, int)> between, CutBytes bytes)
    {
        if (_cut is not null) throw new InvalidOperationException("the network is cut already");
        _cut = new Partition([.. between], bytes);
    }

    public void Heal()
    {
        var healed = _cut ?? throw new InvalidOperationException("the network is not cut");
        _cut = null;
        healed.End();
        foreach (var proxy in _proxies) proxy.ResetLossy();
    }

    public async ValueTask DisposeAsync()
    {
        if (_cut is not null) Heal();
        foreach (var proxy in _proxies) await proxy.DisposeAsync();
    }

    /// <summary>Null when what is sent between the two arrives.</summary>
    internal Partition? Between(int one, int other) => _cut is { } cut && cut.Parts(one, other) ? cut : null;

    /// <summary>The node whose address stands in the first bytes that it sends; null when there is none yet.</summary>
    internal int? Sender(ReadOnlySpan<byte> first, int receiver)
    {
        for (var node = 0; node < _proxies.Length; node++)
            if (node != receiver && first.IndexOf(AddressOf(node).GetAddressBytes()) >= 0) return node;
        return null;
    }

    private static IPAddress AddressOf(int node) => new([127, 0, 0, (byte)(FirstNode + node)]);
}

/// <summary>Between which nodes nothing arrives, and its end.</summary>
internal sealed class Partition(ImmutableArray<(int One, int Other)> pairs, CutBytes bytes)
{
    private readonly TaskCompletionSource _healed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool LosesBytes => bytes == CutBytes.AreLost;

    public Task Healed => _healed.Task;

    public bool Parts(int one, int other) => pairs.Contains((one, other)) || pairs.Contains((other, one));

    public void End() => _healed.SetResult();
}
