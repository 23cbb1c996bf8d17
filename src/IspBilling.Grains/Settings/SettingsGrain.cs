using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace IspBilling.Grains.Settings;

/// <inheritdoc cref="ISettingsGrain"/>
/// <remarks>
/// It stays where it is meant to be: were it put away after each call, calls that wait behind it would be sent on from activation to activation, and
/// Orleans gives up on one that was sent on twice. With several writers at once the last change would then not be known here.
/// </remarks>
[RandomPlacement]
internal sealed class SettingsGrain(SettingsDesk desk, SettingsMemories memories, ILocalSiloDetails here) : Grain, ISettingsGrain
{
    public async Task Reload()
    {
        // Orleans takes a placement hint, not an order. Next time the grain is placed anew.
        if (here.SiloAddress.ToParsableString() != this.GetPrimaryKeyString())
        {
            DeactivateOnIdle();
            throw new InvalidOperationException($"placed on {here.SiloAddress} in the place of {this.GetPrimaryKeyString()}");
        }

        await desk.Reload(CancellationToken.None);
        memories.Forget();
    }
}

/// <summary>Has every silo take changed settings over.</summary>
internal sealed class ClusterAudience(IGrainFactory grains, ILogger<ClusterAudience> log) : ISettingsAudience
{
    private const int Attempts = 3;

    public async Task Changed(CancellationToken cancellation)
    {
        var silos = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, cancellation);
        await Task.WhenAll(silos.Keys.Select(Reload)).WaitAsync(cancellation);
    }

    /// <summary>A silo that cannot be told takes them over at its next look.</summary>
    private async Task Reload(SiloAddress silo)
    {
        for (var attempt = 1; ; attempt++)
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
            try
            {
                await grains.GetGrain<ISettingsGrain>(silo.ToParsableString()).Reload();
                return;
            }
            catch (Exception failure) when (attempt < Attempts && failure is OrleansMessageRejectionException or InvalidOperationException)
            {
                // Not delivered, or delivered elsewhere; who waits longest is not asked again.
            }
            catch (Exception failure)
            {
                log.LogWarning(failure, "Silo {Silo} could not be told of the changed settings; it takes them over at its next look.", silo);
                return;
            }
            finally
            {
                RequestContext.Remove(IPlacementDirector.PlacementHintKey);
            }
        }
    }
}
