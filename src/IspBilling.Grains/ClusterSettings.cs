using System.Net;

namespace IspBilling.Grains;

/// <summary>What makes a process a node of a cluster.</summary>
/// <param name="Address">Where the other nodes reach this one. Nodes trust each other: a private network.</param>
/// <param name="Port">The port there.</param>
public sealed record ClusterSettings(IPAddress Address, int Port)
{
    /// <summary>Nodes of one cluster have the same; a rolling update keeps it.</summary>
    public string Cluster { get; init; } = "ispbilling";
}
