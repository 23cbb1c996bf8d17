using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace IspBilling.Grains.Settings;

/// <inheritdoc cref="ISettingsGrain"/>
[RandomPlacement]
internal sealed class SettingsGrain(SettingsDesk desk, SettingsMemories memories) : Grain, ISettingsGrain
{
    public async Task Reload()
    {
        await desk.Reload(CancellationToken.None);
        memories.Forget();
        // Orleans takes a placement hint, not an order. On another silo than meant a reload does no harm, and next time the grain is placed anew.
        DeactivateOnIdle();
    }
}

/// <summary>Has every silo take changed settings over.</summary>
internal sealed class ClusterAudience(IGrainFactory grains, ILogger<ClusterAudience> log) : ISettingsAudience
{
    public async Task Changed(CancellationToken cancellation)
    {
        var silos = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, cancellation);
        await Task.WhenAll(silos.Keys.Select(Reload)).WaitAsync(cancellation);
    }

    /// <summary>A silo that cannot be told takes them over at its next look.</summary>
    private async Task Reload(SiloAddress silo)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            await grains.GetGrain<ISettingsGrain>(silo.ToParsableString()).Reload();
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "Silo {Silo} does not know of the changed settings yet.", silo);
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
    }
}
