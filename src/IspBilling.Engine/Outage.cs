using System.Data;
using System.Data.Common;
using System.Net.Sockets;

namespace IspBilling.Engine;

/// <summary>Failures that say something about the presence of what the engine stands on, and nothing about what was asked of it.</summary>
public static class Outage
{
    /// <summary>ENOSPC, the HResult of an <see cref="IOException"/>: .NET passes it on as it is.</summary>
    public const int NoSpaceLeft = 28;

    /// <summary>Where PostgreSQL's driver puts the severity, in English whatever the server speaks.</summary>
    private const string Severity = "InvariantSeverity";

    /// <summary>SQLSTATE disk_full.</summary>
    private const string DiskFull = "53100";

    /// <summary>Asked again later, with the same id, it may well succeed; whether it happened is unknown until then.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        // admin_shutdown, crash_shutdown, cannot_connect_now
        DbException { SqlState: "57P01" or "57P02" or "57P03" } => true,
        DbException ended when EndedSession(ended) => true,
        DbException known => known.IsTransient || IsFullDisk(known) || known.InnerException is IOException or SocketException or TimeoutException,

        // Dapper's wrapping, when the connection is lost in the middle of a row.
        DataException { InnerException: { } inner } => Is(inner),
        IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>Lasts until somebody makes room: waiting for it is of no use to a caller.</summary>
    public static bool IsFullDisk(Exception failure) =>
        failure is DbException { SqlState: DiskFull } or IOException { HResult: NoSpaceLeft } or DataException { InnerException: DbException { SqlState: DiskFull } };

    /// <summary>The outage as it can travel to another machine: the driver's exceptions cannot, what callers tell apart can.</summary>
    public static IOException Portable(Exception outage) =>
        IsFullDisk(outage) ? new IOException(outage.Message, NoSpaceLeft) : new IOException(outage.Message);

    /// <summary>
    /// The server refused the session or ended it, whatever the reason: on a disk without a single free block, for example, sessions
    /// begin with "could not write init file" and the state of an internal error.
    /// </summary>
    private static bool EndedSession(DbException failure) => failure.Data[Severity] is "FATAL" or "PANIC";
}
