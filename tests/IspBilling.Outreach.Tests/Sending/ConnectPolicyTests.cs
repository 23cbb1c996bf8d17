using System.Net;
using IspBilling.Outreach.Sending;

namespace IspBilling.Outreach.Tests.Sending;

public sealed class ConnectPolicyTests
{
    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1", true)]
    public void Live_reaches_public_addresses_alone(string address, bool isReached) => Assert.Equal(isReached, ConnectPolicy.Live.Refusal(IPAddress.Parse(address)) is null);

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("10.1.0.1", false)]
    public void What_is_not_live_reaches_this_machine_alone_whatever_a_setting_allows(string address, bool isReached) =>
        Assert.Equal(isReached, (ConnectPolicy.LoopbackOnly with { Allowed = [IPNetwork.Parse("10.1.0.0/16")] }).Refusal(IPAddress.Parse(address)) is null);

    [Fact]
    public void A_setting_allows_a_network_of_the_provider_s_own()
    {
        var policy = ConnectPolicy.Live with { Allowed = [IPNetwork.Parse("10.1.0.0/16")] };
        Assert.Null(policy.Refusal(IPAddress.Parse("10.1.2.3")));
        Assert.Null(policy.Refusal(IPAddress.Parse("::ffff:10.1.2.3")));
        Assert.NotNull(policy.Refusal(IPAddress.Parse("10.2.0.1")));
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused_when_connecting() =>
        await Assert.ThrowsAsync<AddressRefusedException>(() => ConnectPolicy.Live.Connect(new DnsEndPoint("localhost", 1), CancellationToken.None));
}
