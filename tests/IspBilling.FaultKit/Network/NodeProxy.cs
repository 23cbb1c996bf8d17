using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IspBilling.FaultKit.Network;

/// <summary>Stands before one node and passes on what the others send to it, and its answers.</summary>
internal sealed class NodeProxy : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly ConcurrentDictionary<NodeLink, Task> _links = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly NodeNetwork _network;
    private readonly int _node;
    private readonly IPEndPoint _behind;
    private readonly Task _accepting;
    private int _resets;

    /// <param name="node">Its number in the network.</param>
    /// <param name="behind">Where it listens itself.</param>
    public NodeProxy(NodeNetwork network, int node, IPAddress address, IPEndPoint behind)
    {
        (_network, _node, _behind) = (network, node, behind);
        _listener = new TcpListener(address, 0);
        _listener.Start();
        _accepting = Accept();
    }

    public IPEndPoint Endpoint => (IPEndPoint)_listener.LocalEndpoint;

    public int Resets => Volatile.Read(ref _resets);

    public void ResetLossy()
    {
        foreach (var link in _links.Keys) link.ResetIfLossy();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        foreach (var link in _links.Keys) link.Dispose();
        await Task.WhenAll(_links.Values);
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var link = new NodeLink(await _listener.AcceptSocketAsync(_stopping.Token), _network, _node, _stopping.Token);
                _links[link] = Serve(link);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Nobody is let in any more.
        }
    }

    private async Task Serve(NodeLink link)
    {
        await Task.Yield();
        if (await link.Run(_behind)) Interlocked.Increment(ref _resets);
        _links.TryRemove(link, out _);
    }
}
