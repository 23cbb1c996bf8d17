using System.Net;
using System.Net.Sockets;

namespace IspBilling.Hosting;

/// <summary>Ports of the loopback address that nobody had a moment ago.</summary>
public static class FreePort
{
    public static int Next()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
