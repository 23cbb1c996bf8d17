using Orleans.Runtime;

namespace IspBilling.Grains.Placement;

/// <summary>How many silos serve now, as this one knows.</summary>
internal sealed class ActiveSilos(IClusterMembershipService membership)
{
    public int Count => membership.CurrentSnapshot.Members.Values.Count(silo => silo.Status == SiloStatus.Active);
}
