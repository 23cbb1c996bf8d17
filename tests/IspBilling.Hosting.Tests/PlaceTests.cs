using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using IspBilling.TestKit;

namespace IspBilling.Hosting.Tests;

/// <summary>What a node takes on its machine before it starts: a directory and a port.</summary>
public sealed class PlaceTests : IDisposable
{
    private readonly string _directory = Directory.CreateDirectory(TestDirectory.New()).FullName;
    private readonly HostSettings _settings = new();

    [Fact]
    public void A_directory_has_one_node_at_a_time()
    {
        var first = NodeDirectory.Claim(_directory);

        var refused = Assert.Throws<StartFailedException>(() => NodeDirectory.Claim(_directory));
        Assert.Equal(
            $"The data directory {_directory} is in use by another node; stop that one first, or give this one a directory of its own by ISPBILLING__DATADIRECTORY.",
            refused.Message);

        first.Dispose();
        NodeDirectory.Claim(_directory).Dispose();
    }

    [Theory]
    [InlineData(false, UnixFileMode.None)]
    [InlineData(true, UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)]
    [SupportedOSPlatform("linux")]
    public void Nobody_but_its_owner_sees_what_is_in_the_directory(bool isPassedThrough, UnixFileMode others)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(_directory, owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        using var taken = NodeDirectory.Claim(_directory, isPassedThrough);
        using var port = SiloPort.Claim(_settings, _directory);

        Assert.Equal(owner | others, File.GetUnixFileMode(_directory));
        Assert.All(Directory.GetFiles(_directory), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Equal(2, Directory.GetFiles(_directory).Length);
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_told()
    {
        var file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");

        var refused = Assert.Throws<StartFailedException>(() => NodeDirectory.Claim(Path.Combine(file, "data")));

        Assert.StartsWith($"The data directory {file}/data cannot be made: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_port_of_the_last_start_is_taken_again()
    {
        int last;
        using (var before = SiloPort.Claim(_settings, _directory)) last = before.Number;

        using var again = SiloPort.Claim(_settings, _directory);

        Assert.Equal(last, again.Number);
    }

    [Fact]
    public void Two_nodes_that_start_at_once_have_different_ports()
    {
        using var first = SiloPort.Claim(_settings, _directory);
        using var second = SiloPort.Claim(_settings, _directory);

        Assert.NotEqual(first.Number, second.Number);
    }

    [Fact]
    public void A_port_that_a_stranger_has_meanwhile_is_replaced_and_the_new_one_remembered()
    {
        int last, next;
        using (var before = SiloPort.Claim(_settings, _directory)) last = before.Number;
        using var stranger = new TcpListener(IPAddress.Loopback, last);
        stranger.Start();

        using (var other = SiloPort.Claim(_settings, _directory)) next = other.Number;

        Assert.NotEqual(last, next);
        using var again = SiloPort.Claim(_settings, _directory);
        Assert.Equal(next, again.Number);
    }

    [Fact]
    public void A_port_that_is_set_is_taken_or_nothing()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        var taken = ((IPEndPoint)stranger.LocalEndpoint).Port;

        var refused = Assert.Throws<StartFailedException>(() => SiloPort.Claim(_settings with { ClusterPort = taken }, _directory));

        Assert.StartsWith($"ISPBILLING__CLUSTERPORT: port {taken} of 127.0.0.1 cannot be used (", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_behind_a_proxy_claims_where_it_listens_and_is_known_by_the_port_of_the_proxy()
    {
        // The address of the proxy need not be this machine's.
        var behind = _settings with { ClusterAddress = IPAddress.Parse("192.0.2.1"), ClusterPort = 11_111, ClusterListen = new(IPAddress.Loopback, FreePort.Next()) };

        using var port = SiloPort.Claim(behind, _directory);

        Assert.Equal(11_111, port.Number);
        var refused = Assert.Throws<StartFailedException>(() => SiloPort.Claim(behind, _directory));
        Assert.StartsWith($"ISPBILLING__CLUSTERLISTEN: {behind.ClusterListen} cannot be listened on (", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_only_says_where_it_listens_is_known_by_that_port()
    {
        var listen = new IPEndPoint(IPAddress.Loopback, FreePort.Next());

        using var port = SiloPort.Claim(_settings with { ClusterListen = listen }, _directory);

        Assert.Equal(listen.Port, port.Number);
    }

    [Fact]
    public void An_address_of_another_machine_is_refused()
    {
        // Of the block that is kept for documentation (RFC 5737).
        var elsewhere = IPAddress.Parse("192.0.2.1");

        var refused = Assert.Throws<StartFailedException>(() => SiloPort.Claim(_settings with { ClusterAddress = elsewhere }, _directory));

        Assert.Equal("ISPBILLING__CLUSTERADDRESS: 192.0.2.1 is no address of this machine.", refused.Message);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
