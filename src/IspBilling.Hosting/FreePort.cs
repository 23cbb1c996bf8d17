using System.Net;
using System.Net.Sockets;

namespace IspBilling.Hosting;

/// <summary>Ports of the loopback address that nobody had a moment ago, each given once by this process.</summary>
/// <remarks>
/// Until the port is bound, somebody else may take it. Outgoing connections do so all the time with the ports that Linux gives them, and silos
/// with theirs; so these come from below both.
/// </remarks>
public static class FreePort
{
    private const int First = 12_000;
    private const int Count = 8_000;
    private static int last = Random.Shared.Next(Count);

    /// <exception cref="InvalidOperationException">All of them are taken.</exception>
    public static int Next()
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var port = First + (int)((uint)Interlocked.Increment(ref last) % Count);
            if (IsFree(port)) return port;
        }

        throw new InvalidOperationException($"no port of {First} to {First + Count - 1} is free on {IPAddress.Loopback}");
    }

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
