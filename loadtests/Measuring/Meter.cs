using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace IspBilling.LoadTests.Measuring;

/// <summary>What a stretch of work cost.</summary>
/// <param name="EngineCpu">Processor seconds of this process.</param>
/// <param name="PostgresCpu">Processor seconds of the server and all its backends.</param>
/// <param name="WalBytes">Write-ahead log written.</param>
/// <param name="AllocatedBytes">Managed memory allocated by this process.</param>
/// <param name="PeakMemoryBytes">The most physical memory this process held at once.</param>
/// <param name="Collections">Garbage collections, of which nearly all are of the young generation.</param>
/// <param name="Paused">How long they held up every thread, together.</param>
/// <param name="Traffic">What went to the database.</param>
public sealed record Cost(
    double Seconds,
    double EngineCpu,
    double PostgresCpu,
    long WalBytes,
    long AllocatedBytes,
    long PeakMemoryBytes,
    int Collections,
    TimeSpan Paused,
    DatabaseTraffic Traffic);

/// <summary>Reads counters of this process, of the private server and of its log, before and after.</summary>
public sealed class Meter(NpgsqlDataSource database) : IDisposable
{
    private static readonly double TicksPerSecond = 100;

    private long _started;
    private TimeSpan _engine;
    private double _postgres;
    private long _wal;
    private long _allocated;
    private int _collections;
    private TimeSpan _paused;
    private TrafficCount? _traffic;

    public async Task Start()
    {
        ForgetPeakMemory();
        _traffic = new TrafficCount();
        _wal = await WalPosition();
        _postgres = await PostgresCpu();
        _engine = Environment.CpuUsage.TotalTime;
        _allocated = GC.GetTotalAllocatedBytes();
        _collections = GC.CollectionCount(0);
        _paused = GC.GetTotalPauseDuration();
        _started = Stopwatch.GetTimestamp();
    }

    public async Task<Cost> Stop()
    {
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        var engine = Environment.CpuUsage.TotalTime - _engine;
        var allocated = GC.GetTotalAllocatedBytes() - _allocated;
        var collections = GC.CollectionCount(0) - _collections;
        var paused = GC.GetTotalPauseDuration() - _paused;
        var traffic = _traffic!.Counted();
        var postgres = await PostgresCpu() - _postgres;
        var wal = await WalPosition() - _wal;
        return new Cost(seconds, engine.TotalSeconds, postgres, wal, allocated, PeakMemory(), collections, paused, traffic);
    }

    /// <summary>proc(5), clear_refs: 5 resets the peak resident set size.</summary>
    private static void ForgetPeakMemory() => File.WriteAllText("/proc/self/clear_refs", "5");

    /// <summary>proc(5), status: VmHWM is the peak resident set size in KiB.</summary>
    private static long PeakMemory()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    public void Dispose() => _traffic?.Dispose();

    private async Task<long> WalPosition()
    {
        await using var position = database.CreateCommand("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint");
        return (long)(await position.ExecuteScalarAsync())!;
    }

    /// <summary>User and system time of the postmaster's whole session, ended backends included (proc(5), fields 14–17).</summary>
    private async Task<double> PostgresCpu()
    {
        await using var backend = database.CreateCommand("SELECT pg_backend_pid()");
        var pid = (int)(await backend.ExecuteScalarAsync())!;
        var postmaster = ParentOf(pid);
        double ticks = EndedChildren(postmaster);
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var process)
                && Stat(process) is { } stat && (process == postmaster || stat[1] == postmaster.ToString(CultureInfo.InvariantCulture)))
            {
                ticks += Ticks(stat[11]) + Ticks(stat[12]);
            }
        }

        return ticks / TicksPerSecond;
    }

    private static int ParentOf(int process) => int.Parse(Stat(process)![1], CultureInfo.InvariantCulture);

    private static double EndedChildren(int process)
    {
        var stat = Stat(process)!;
        return Ticks(stat[13]) + Ticks(stat[14]);
    }

    /// <summary>The fields behind the command name, which may hold blanks; null when the process has gone.</summary>
    private static string[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Ticks(string field) => double.Parse(field, CultureInfo.InvariantCulture);
}
