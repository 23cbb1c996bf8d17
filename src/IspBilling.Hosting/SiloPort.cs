using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace IspBilling.Hosting;

/// <summary>
/// The port on which the other nodes reach this one, claimed before the silo binds it. The claim is the UDP port of the same number, which
/// nobody else uses: two nodes that start at the same moment cannot both take a port that is still free.
/// </summary>
internal sealed class SiloPort : IDisposable
{
    private const int UsualPort = 11_111;

    /// <summary>Below the ports that Linux gives to outgoing connections, so that a remembered one is rarely lost to a stranger.</summary>
    private const int FirstFree = 20_000;

    private const int LastFree = 29_999;
    private const int MaxAttempts = 200;
    private const string FileName = "cluster-port";
    private readonly Socket _claim;

    private SiloPort(int number, Socket claim) => (Number, _claim) = (number, claim);

    public int Number { get; }

    /// <summary>
    /// The port that is set. A node that listens elsewhere claims its port there and is known by the one that is passed on to it. On the
    /// loopback address without one: the port of the last start, so that a node that was killed comes back under the address that the
    /// membership knows and replaces its dead self at once, instead of being suspected first.
    /// </summary>
    /// <exception cref="StartFailedException">The port is taken, or the address is not this machine's.</exception>
    public static SiloPort Claim(HostSettings settings, string directory)
    {
        if (settings.ClusterListen is { } listen) return ClaimBehind(listen, settings.ClusterPort ?? listen.Port);
        if (settings.ClusterPort is null && IPAddress.IsLoopback(settings.ClusterAddress)) return ClaimRemembered(settings.ClusterAddress, directory);
        var port = settings.ClusterPort ?? UsualPort;
        try
        {
            return Claim(settings.ClusterAddress, port);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            throw new StartFailedException($"ISPBILLING__CLUSTERADDRESS: {settings.ClusterAddress} is no address of this machine.", failure);
        }
        catch (SocketException failure)
        {
            throw new StartFailedException(
                $"ISPBILLING__CLUSTERPORT: port {port} of {settings.ClusterAddress} cannot be used ({failure.Message}); name a free one.", failure);
        }
    }

    public void Dispose() => _claim.Dispose();

    /// <param name="known">The port at the address by which the others know the node.</param>
    private static SiloPort ClaimBehind(IPEndPoint listen, int known)
    {
        try
        {
            return Claim(listen.Address, listen.Port, known);
        }
        catch (SocketException failure)
        {
            throw new StartFailedException($"ISPBILLING__CLUSTERLISTEN: {listen} cannot be listened on ({failure.Message}).", failure);
        }
    }

    private static SiloPort ClaimRemembered(IPAddress address, string directory)
    {
        var file = Path.Combine(directory, FileName);
        if (Read(file) is { } last && TryClaim(address, last) is { } again) return again;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (TryClaim(address, Random.Shared.Next(FirstFree, LastFree + 1)) is not { } port) continue;
            File.WriteAllText(file, port.Number.ToString(CultureInfo.InvariantCulture));
            OwnerOnly.Tighten(file);
            return port;
        }

        throw new StartFailedException($"No port of {address} between {FirstFree} and {LastFree} is free for the cluster; name one by ISPBILLING__CLUSTERPORT.");
    }

    private static int? Read(string file) =>
        File.Exists(file) && ushort.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 ? port : null;

    private static SiloPort? TryClaim(IPAddress address, int port)
    {
        try
        {
            return Claim(address, port);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static SiloPort Claim(IPAddress address, int port) => Claim(address, port, port);

    private static SiloPort Claim(IPAddress address, int port, int known)
    {
        var claim = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            claim.Bind(new IPEndPoint(address, port));
            using var probe = new TcpListener(address, port);
            probe.Start();
            return new SiloPort(known, claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }
}
