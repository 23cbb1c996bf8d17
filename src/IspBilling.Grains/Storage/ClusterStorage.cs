namespace IspBilling.Grains.Storage;

/// <summary>Names of the storages in which grains keep something beside the journal.</summary>
internal static class ClusterStorage
{
    /// <summary>Cursors of coordinators.</summary>
    public const string Coordinators = "coordinators";
}
