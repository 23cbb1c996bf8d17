using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IspBilling.Postgres.Embedded;

/// <summary>Where a private server lives and how it is set up.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The server's own directory, usually <c>.data/postgres</c>; created when missing. Holds cluster, socket, log and lock.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Server settings that win over the tuned ones. Durability and addresses cannot be changed.</summary>
    public ImmutableSortedDictionary<string, string> FixedSettings { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Where the server writes its log; <c>postgres.log</c> in its own directory when null.</summary>
    public string? LogFile { get; init; }

    /// <summary>
    /// Crash recovery replays up to <c>max_wal_size</c> of log before the first connection, and a slow disk takes minutes for that.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How often a server that died is started again before it is given up. With <see cref="RestartPauseMax"/> some eight hours: a full
    /// disk at night is emptied in the morning.
    /// </summary>
    public int RestartAttemptsMax { get; init; } = 2_000;

    /// <summary>The longest pause between two attempts.</summary>
    public TimeSpan RestartPauseMax { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The directory is removed when the server ends, even when this process is killed. For tests and trials.</summary>
    public bool Temporary { get; init; }

    public ILogger Log { get; init; } = NullLogger.Instance;
}
