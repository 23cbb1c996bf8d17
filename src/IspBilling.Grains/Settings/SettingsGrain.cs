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
internal sealed class SettingsGrain(SettingsDesk desk, SettingsMemories memories, SettingsPlace place) : Grain, ISettingsGrain
{
    public async Task Reload()
    {
        try
        {
            place.RequireToBe(this.GetPrimaryKeyString());
        }
        catch (MisplacedGrainException)
        {
            // Next time it is placed anew.
            DeactivateOnIdle();
            throw;
        }

        await desk.Reload(CancellationToken.None);
        memories.Forget();
    }
}

/// <summary>Orleans takes a placement hint, not an order: a grain of another silo may have come to be here.</summary>
internal sealed class SettingsPlace(ILocalSiloDetails here)
{
    /// <exception cref="MisplacedGrainException">This is another silo.</exception>
    public void RequireToBe(string silo)
    {
        if (here.SiloAddress.ToParsableString() != silo) throw new MisplacedGrainException($"placed on {here.SiloAddress} in the place of {silo}");
    }
}

[GenerateSerializer]
internal sealed class MisplacedGrainException(string message) : Exception(message);

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
            catch (Exception failure) when (attempt < Attempts && failure is OrleansMessageRejectionException or MisplacedGrainException)
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
