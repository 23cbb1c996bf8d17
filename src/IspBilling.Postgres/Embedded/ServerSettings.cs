using System.Collections.Immutable;
using System.Globalization;

namespace IspBilling.Postgres.Embedded;

/// <summary>Settings for a server that shares a machine of a few cores with the engine.</summary>
internal static class ServerSettings
{
    private const long MiB = 1 << 20;

    /// <summary>Durability is never traded, in benchmarks neither; only a server whose data goes with its process may do without.</summary>
    private static readonly ImmutableSortedDictionary<string, string> Durability = ImmutableSortedDictionary.CreateRange(
        StringComparer.OrdinalIgnoreCase,
        new Dictionary<string, string> { ["fsync"] = "on", ["full_page_writes"] = "on" });

    /// <summary>What keeps the server private, and what it answered kept.</summary>
    private static readonly ImmutableSortedDictionary<string, string> Unchangeable = ImmutableSortedDictionary.CreateRange(
        StringComparer.OrdinalIgnoreCase,
        new Dictionary<string, string>
        {
            // Without it even a process that is killed loses what it answered.
            ["synchronous_commit"] = "on",
            ["listen_addresses"] = "",
            ["port"] = SocketDirectory.Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_permissions"] = "0700",
            ["logging_collector"] = "off",
        });

    /// <param name="isTemporary">The data goes with the process.</param>
    public static void RequireAllowed(IReadOnlyDictionary<string, string> fixedSettings, bool isTemporary)
    {
        foreach (var (name, value) in fixedSettings)
        {
            var isOwned = string.Equals(name, "unix_socket_directories", StringComparison.OrdinalIgnoreCase);
            if (isOwned || IsOther(Unchangeable, name, value) || (!isTemporary && IsOther(Durability, name, value)))
                throw new EmbeddedPostgresException($"The setting {name} of the embedded server cannot be changed to '{value}'.");
        }
    }

    private static bool IsOther(ImmutableSortedDictionary<string, string> settings, string name, string value) =>
        settings.TryGetValue(name, out var only) && only != value;

    public static async Task<ImmutableSortedDictionary<string, string>> Tuned(
        ServerHome home, PostgresBinaries binaries, IReadOnlyDictionary<string, string> fixedSettings, CancellationToken cancel)
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var disk = new DriveInfo(home.Cluster).TotalSize;
        return For(memory, disk, await CompressesWithLz4(home, binaries, cancel))
            .SetItems(Durability)
            .SetItems(fixedSettings)
            .SetItems(Unchangeable)
            .SetItem("unix_socket_directories", home.SocketFolder);
    }

    /// <param name="memory">Bytes that this machine or container has.</param>
    /// <param name="disk">Bytes that the volume of the data has.</param>
    /// <param name="lz4">Whether the server was built with it.</param>
    internal static ImmutableSortedDictionary<string, string> For(long memory, long disk, bool lz4) =>
        ImmutableSortedDictionary.CreateRange(
            StringComparer.OrdinalIgnoreCase,
            new Dictionary<string, string>
            {
                ["shared_buffers"] = Megabytes(Math.Clamp(memory / 8, 64 * MiB, 2048 * MiB)),
                ["effective_cache_size"] = Megabytes(Math.Max(memory / 2, 128 * MiB)),
                ["maintenance_work_mem"] = Megabytes(Math.Clamp(memory / 64, 64 * MiB, 512 * MiB)),
                ["work_mem"] = "16MB",
                // Three nodes of a cluster, each with a pool of a hundred, and whoever looks at them.
                ["max_connections"] = "400",
                ["huge_pages"] = "try",
                // A billing run writes for minutes: few checkpoints, spread out, and smaller page images in the log. A million invoices
                // write 4.6 GB of log; a checkpoint comes at about half of what is allowed, so that much of a large volume is.
                ["wal_buffers"] = "16MB",
                ["max_wal_size"] = Megabytes(Math.Clamp(disk / 16, 1024 * MiB, 10_240 * MiB)),
                ["min_wal_size"] = Megabytes(Math.Clamp(disk / 128, 80 * MiB, 1024 * MiB)),
                ["checkpoint_timeout"] = "15min",
                ["checkpoint_completion_target"] = "0.9",
                ["wal_compression"] = lz4 ? "lz4" : "on",
                // Short statements on solid-state disks: compiling them costs more than it gives.
                ["jit"] = "off",
                ["random_page_cost"] = "1.1",
                ["autovacuum"] = "on",
                ["timezone"] = "UTC",
                ["log_timezone"] = "UTC",
                ["log_line_prefix"] = "%m [%p] %d ",
            });

    private static async Task<bool> CompressesWithLz4(ServerHome home, PostgresBinaries binaries, CancellationToken cancel)
    {
        var answer = await SystemCommand.Run(
            home.User.Running(binaries.Postgres, "-D", home.Cluster, "-c", "wal_compression=lz4", "-C", "wal_compression"), cancel);
        return answer.Succeeded;
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / MiB}MB");
}
