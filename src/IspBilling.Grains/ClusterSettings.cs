using System.Net;

namespace IspBilling.Grains;

/// <summary>What makes a process a node of a cluster.</summary>
/// <param name="Address">Where the other nodes reach this one. Nodes trust each other: a private network.</param>
/// <param name="Port">The port there.</param>
public sealed record ClusterSettings(IPAddress Address, int Port)
{
    /// <summary>Nodes of one cluster have the same; a rolling update keeps it.</summary>
    public string Cluster { get; init; } = "ispbilling";

    /// <summary>
    /// How often a silo reads which reminders tick next. Each time PostgreSQL walks through all reminders of the silo's range; a reminder that
    /// was set since ticks at the earliest after the next reading.
    /// </summary>
    public TimeSpan ReminderRefresh { get; init; } = DefaultReminderRefresh;

    public static readonly TimeSpan DefaultReminderRefresh = TimeSpan.FromMinutes(15);
}
