using System.Net;
using System.Net.Sockets;

namespace IspBilling.FaultKit.Network;

/// <summary>One connection from node to node. Either both of its ends live or neither does.</summary>
/// <param name="receiver">The node that was called.</param>
internal sealed class NodeLink(Socket caller, NodeNetwork network, int receiver, CancellationToken stopping) : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private readonly Socket _called = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private int _sender;
    private volatile bool _hasLost;

    /// <summary>The cut between its two nodes; null when what is sent arrives.</summary>
    private Partition? Cut => network.Between(_sender, receiver);

    /// <returns>Whether it lost bytes, and was reset for that.</returns>
    public async Task<bool> Run(IPEndPoint behind)
    {
        try
        {
            caller.NoDelay = _called.NoDelay = true;
            var buffer = new byte[BufferSize];
            if (await Introduce(buffer) is not { } first) return false;
            if (!await IsLet()) return true;
            await _called.ConnectAsync(behind, stopping);
            await Task.WhenAll(Ended(ToCalled(buffer, first)), Ended(Pass(_called, caller, new byte[BufferSize])));
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            // The caller has gone, or nobody listens. The caller gets a reset where a refusal would come without a proxy.
        }
        finally
        {
            Dispose();
        }

        return _hasLost;
    }

    /// <summary>A stream with a hole in it must not go on when the network has healed.</summary>
    public void ResetIfLossy()
    {
        if (_hasLost) Dispose();
    }

    /// <summary>At once: both ends get a reset, not a farewell.</summary>
    public void Dispose()
    {
        foreach (var end in (Socket[])[caller, _called])
        {
            try
            {
                end.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // It is closed already.
            }

            end.Dispose();
        }
    }

    private static bool IsEnd(Exception failure) => failure is SocketException or ObjectDisposedException or OperationCanceledException;

    /// <summary>Reads until the caller has said who it is.</summary>
    /// <returns>How many bytes that took; null when it went without saying.</returns>
    private async Task<int?> Introduce(byte[] buffer)
    {
        var length = 0;
        while (await caller.ReceiveAsync(buffer.AsMemory(length), stopping) is var read and > 0)
        {
            length += read;
            if (network.Sender(buffer.AsSpan(0, length), receiver) is not { } sender) continue;
            _sender = sender;
            return length;
        }

        return null;
    }

    /// <summary>While the network is cut the called node does not even hear that it is called.</summary>
    private async Task<bool> IsLet()
    {
        _hasLost = Cut is { LosesBytes: true };
        await UntilHealed();
        return !_hasLost;
    }

    private async Task UntilHealed()
    {
        while (Cut is { } cut) await cut.Healed.WaitAsync(stopping);
    }

    private async Task ToCalled(byte[] buffer, int first)
    {
        await Forward(_called, buffer.AsMemory(0, first));
        await Pass(caller, _called, buffer);
    }

    private async Task Pass(Socket from, Socket to, byte[] buffer)
    {
        while (await from.ReceiveAsync(buffer.AsMemory(), stopping) is var read and > 0) await Forward(to, buffer.AsMemory(0, read));
    }

    private async Task Forward(Socket to, ReadOnlyMemory<byte> bytes)
    {
        if (Cut is { LosesBytes: true })
        {
            _hasLost = true;
            return;
        }

        await UntilHealed();
        ResetIfLossy();
        while (!bytes.IsEmpty) bytes = bytes[await to.SendAsync(bytes, stopping)..];
    }

    /// <summary>One end that is gone takes the other along; but that, too, is only heard when the network has healed.</summary>
    private async Task Ended(Task direction)
    {
        try
        {
            await Quietly(direction);
            await Quietly(UntilHealed());
        }
        finally
        {
            Dispose();
        }
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception ended) when (IsEnd(ended))
        {
            // An end of the connection is gone.
        }
    }
}
