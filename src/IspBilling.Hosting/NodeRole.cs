namespace IspBilling.Hosting;

/// <summary>What a node does beside living in the cluster with its accounts.</summary>
public enum NodeRole
{
    /// <summary>Serves the interface and the dashboard, and prepares an empty database. Alone, it is a whole provider.</summary>
    Front,

    /// <summary>Adds capacity: accounts, their coordinators and the health checks.</summary>
    Worker,
}
