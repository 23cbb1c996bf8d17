namespace IspBilling.Grains;

/// <summary>Names of the storages that grains keep something in beside the journal.</summary>
internal static class ClusterStorage
{
    /// <summary>Cursors of coordinators.</summary>
    public const string Coordinators = "coordinators";
}
