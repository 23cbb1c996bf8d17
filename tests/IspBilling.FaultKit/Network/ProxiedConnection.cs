using System.Net.Sockets;

namespace IspBilling.FaultKit.Network;

/// <summary>One connection of the engine, and its twin to the server. Either both live or neither does.</summary>
internal sealed class ProxiedConnection(Socket client, CuttingProxy proxy) : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private readonly Socket _server = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private volatile bool _loseReply;
    private volatile bool _stalled;

    private static ReadOnlySpan<byte> Commit => "COMMIT\0"u8;

    public async Task Run(UnixDomainSocketEndPoint upstream)
    {
        try
        {
            client.NoDelay = true;
            await _server.ConnectAsync(upstream);
            await Task.WhenAll(Ended(ToServer()), Ended(ToClient()));
        }
        catch (SocketException)
        {
            // The server is away; the engine sees a connection that is closed at once.
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>At once: the engine gets a reset, not a farewell.</summary>
    public void Dispose()
    {
        try
        {
            client.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It was aborted from the other direction.
        }

        client.Dispose();
        _server.Dispose();
    }

    private async Task Ended(Task direction)
    {
        try
        {
            await direction;
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side is gone, and takes the other one along.
        }
        finally
        {
            Dispose();
        }
    }

    private async Task ToServer()
    {
        var buffer = new byte[BufferSize];
        while (await client.ReceiveAsync(buffer.AsMemory()) is var read and > 0)
        {
            var message = buffer.AsMemory(0, read);
            var isCommit = message.Span.IndexOf(Commit) >= 0;
            switch (proxy.Draw(isCommit, isReply: false))
            {
                case null:
                    await Send(_server, message);
                    break;
                case Cut.AfterCommit:
                    _loseReply = true;
                    await Send(_server, message);
                    break;
                case Cut.AfterStall:
                    proxy.Count(Cut.AfterStall);
                    _stalled = true;
                    await Send(_server, message);
                    await proxy.WaitStalled();
                    return;
                case Cut.BeforeCommit:
                    proxy.Count(Cut.BeforeCommit);
                    return;
                case { } within:
                    proxy.Count(within);
                    await Send(_server, message[..proxy.Part(read)]);
                    return;
            }
        }
    }

    private async Task ToClient()
    {
        var buffer = new byte[BufferSize];
        while (await _server.ReceiveAsync(buffer.AsMemory()) is var read and > 0)
        {
            if (_loseReply)
            {
                proxy.Count(Cut.AfterCommit);
                return;
            }

            if (_stalled)
            {
                await proxy.WaitStalled();
                return;
            }

            if (proxy.Draw(isCommit: false, isReply: true) is { } cut)
            {
                proxy.Count(cut);
                await Send(client, buffer.AsMemory(0, proxy.Part(read)));
                return;
            }

            await Send(client, buffer.AsMemory(0, read));
        }
    }

    private static async Task Send(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[await to.SendAsync(bytes)..];
    }
}
