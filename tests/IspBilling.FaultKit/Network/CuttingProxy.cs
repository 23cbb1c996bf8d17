using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace IspBilling.FaultKit.Network;

/// <summary>How a connection to the database ends.</summary>
public enum Cut
{
    /// <summary>COMMIT never reaches the server.</summary>
    BeforeCommit,

    /// <summary>A part of the message with COMMIT reaches the server.</summary>
    WithinCommit,

    /// <summary>The server has committed and said so; nobody hears it.</summary>
    AfterCommit,

    /// <summary>Within some other message to the server.</summary>
    WithinRequest,

    /// <summary>Within an answer of the server.</summary>
    WithinReply,

    /// <summary>COMMIT is sent, then nothing moves for a while, then the connection is gone.</summary>
    AfterStall,

    /// <summary>All connections at once, as when a switch restarts.</summary>
    AllAtOnce,
}

/// <summary>
/// Sits between the engine and PostgreSQL and, while it is armed, cuts connections at random moments: also where it hurts most,
/// between a commit and the news of it.
/// </summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private const double CommitCutProbability = 0.25;
    private const double MessageCutProbability = 0.004;
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(2);
    private static readonly Cut[] AtCommit = [Cut.BeforeCommit, Cut.WithinCommit, Cut.AfterCommit, Cut.AfterCommit, Cut.AfterStall];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<ProxiedConnection, Task> _connections = new();
    private readonly ConcurrentDictionary<Cut, int> _counts = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _upstream;
    private readonly Random _random;
    private readonly Task _accepting;
    private volatile bool _armed;

    /// <param name="upstreamSocket">The server's unix socket, the file itself.</param>
    /// <param name="seed">Decides which messages are hit.</param>
    public CuttingProxy(string upstreamSocket, int seed)
    {
        (_upstream, _random) = (upstreamSocket, new Random(seed));
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What was really done.</summary>
    public IReadOnlyDictionary<Cut, int> Counts => _counts;

    public bool Armed
    {
        get => _armed;
        set => _armed = value;
    }

    public void CutAll()
    {
        foreach (var connection in _connections.Keys)
        {
            Count(Cut.AllAtOnce);
            connection.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        foreach (var connection in _connections.Keys) connection.Dispose();
        await Task.WhenAll(_connections.Values);
        _listener.Dispose();
        _stopping.Dispose();
    }

    /// <summary>What happens to a message to the server that ends a transaction, or to any other message; null lets it pass.</summary>
    internal Cut? Draw(bool isCommit, bool isReply)
    {
        if (!_armed) return null;
        lock (_random)
        {
            if (isCommit) return _random.NextDouble() < CommitCutProbability ? AtCommit[_random.Next(AtCommit.Length)] : null;
            if (_random.NextDouble() >= MessageCutProbability) return null;
            return isReply ? Cut.WithinReply : Cut.WithinRequest;
        }
    }

    /// <summary>How many bytes of a message that is cut still pass.</summary>
    internal int Part(int length)
    {
        lock (_random) return _random.Next(length);
    }

    internal void Count(Cut cut) => _counts.AddOrUpdate(cut, 1, static (_, before) => before + 1);

    internal Task WaitStalled() => Task.Delay(Stall, _stopping.Token);

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopping.Token);
                var connection = new ProxiedConnection(client, this);
                _connections[connection] = Serve(connection);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Nobody is let in any more.
        }
    }

    private async Task Serve(ProxiedConnection connection)
    {
        await Task.Yield();
        await connection.Run(new UnixDomainSocketEndPoint(_upstream));
        _connections.TryRemove(connection, out _);
    }
}
