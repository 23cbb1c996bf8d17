using IspBilling.Engine.Reviews;
using Orleans.Runtime;

namespace IspBilling.Cluster.Tests.Grains;

/// <summary>Business time may stand still; the cluster's own time may not.</summary>
public sealed class ClockTests
{
    private static readonly ReviewHours Quiet = new(new TimeOnly(0, 0), new TimeOnly(0, 1));

    /// <summary>Longer than it takes to suspect a member and to declare it dead.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task While_the_business_clock_stands_members_stay_alive_and_one_that_is_killed_is_found_out()
    {
        await using var provider = await ProviderCluster.Start(1, new DateOnly(2026, 3, 1), Quiet);
        var stands = provider.Clock.GetUtcNow();
        var management = provider.Cluster.Client.GetGrain<IManagementGrain>(0);
        var before = await Heartbeats(management);

        var after = await ProviderCluster.Until(async () =>
        {
            var now = await Heartbeats(management);
            return before.All(member => now[member.Key] - member.Value > LongEnough) ? now : null;
        });
        var statuses = await management.GetHosts();
        var victim = provider.Cluster.Silos[1];
        await provider.Cluster.KillSiloAsync(victim);
        await ProviderCluster.Until(async () => (await management.GetHosts())[victim.SiloAddress] == SiloStatus.Dead ? "found out" : null);

        Assert.Equal(3, after.Count);
        Assert.All(statuses.Values, status => Assert.Equal(SiloStatus.Active, status));
        Assert.Equal(stands, provider.Clock.GetUtcNow());
    }

    private static async Task<Dictionary<SiloAddress, DateTime>> Heartbeats(IManagementGrain management) =>
        (await management.GetDetailedHosts()).ToDictionary(member => member.SiloAddress, member => member.IAmAliveTime);
}
