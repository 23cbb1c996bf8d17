using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace IspBilling.Outreach.Sending;

/// <summary>A name leads to no address that may be connected to.</summary>
public sealed class AddressRefusedException(string reason) : Exception(reason);

/// <summary>
/// Where messages may be sent to. Asked when connecting, of the address itself: a name that was looked up before may lead somewhere else by then.
/// </summary>
/// <param name="IsLive">Whether anything but this machine may be reached. A demo and tests are not live: nothing of theirs arrives anywhere.</param>
/// <param name="Allowed">Networks that are reached although they are not public: a gateway in the provider's own network.</param>
public sealed record ConnectPolicy(bool IsLive, ImmutableArray<IPNetwork> Allowed)
{
    /// <summary>How long a connection may take to be made; what did not even begin until then was certainly not sent.</summary>
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);

    /// <summary>Addresses that a name is tried with at most.</summary>
    private const int MaxAddresses = 8;

    /// <summary>This machine alone.</summary>
    public static ConnectPolicy LoopbackOnly { get; } = new(IsLive: false, []);

    /// <summary>Public addresses alone.</summary>
    public static ConnectPolicy Live { get; } = new(IsLive: true, []);

    /// <summary>Networks that are not public, by the registries of special-purpose addresses (RFC 6890 and its successors).</summary>
    private static readonly ImmutableArray<IPNetwork> NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/127", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Why an address may not be connected to; null when it may.</summary>
    public string? Refusal(IPAddress address)
    {
        // An IPv4 address in the clothes of IPv6 is the IPv4 address.
        var real = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (!IsLive) return IPAddress.IsLoopback(real) ? null : $"{real} is not this machine, and nothing else is reached unless the program was started with --live";
        if (Allowed.Any(network => network.Contains(real)) || !NotPublic.Any(network => network.Contains(real))) return null;
        return $"{real} is not a public address; a setting can allow its network";
    }

    /// <summary>Connects to the first address of a name that answers and may be connected to.</summary>
    /// <exception cref="AddressRefusedException">None of its addresses may be.</exception>
    /// <exception cref="SocketException">The name is unknown, or nobody answers.</exception>
    /// <exception cref="TimeoutException">Nobody answered in time.</exception>
    public async Task<Stream> Connect(DnsEndPoint target, CancellationToken cancellation)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(ConnectTime);
        try
        {
            return await ConnectInTime(target, time.Token);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{target.Host} does not answer", late);
        }
    }

    private async Task<Stream> ConnectInTime(DnsEndPoint target, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(target.Host, cancellation);
        var allowed = addresses.Take(MaxAddresses).Where(address => Refusal(address) is null).ToArray();
        if (allowed.Length == 0)
            throw new AddressRefusedException(addresses.Length == 0 ? $"{target.Host} has no address" : $"{target.Host}: {Refusal(addresses[0])}");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, target.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
