using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;

namespace IspBilling.Postgres;

/// <summary>How long work is tried again while the database is away: restarting, failing over, or cutting connections.</summary>
internal sealed class Patience(TimeSpan limit)
{
    /// <summary>A restart with recovery takes seconds; who waits longer is told.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private readonly long _since = Stopwatch.GetTimestamp();
    private TimeSpan _pause = FirstPause;

    public bool IsOver => Stopwatch.GetElapsedTime(_since) > limit;

    public async Task Pause()
    {
        await Task.Delay(_pause);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    /// <summary>Whether a failure says something about the database's presence, and nothing about what was asked of it.</summary>
    public static bool IsDueTo(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow } => true,
        NpgsqlException known => known.IsTransient,
        IOException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary>For reads, and writes that may happen twice.</summary>
    public static async Task<T> With<T>(TimeSpan limit, Func<Task<T>> work)
    {
        var patience = new Patience(limit);
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception failure) when (IsDueTo(failure) && !patience.IsOver)
            {
                await patience.Pause();
            }
        }
    }

    /// <inheritdoc cref="With{T}(TimeSpan, Func{Task{T}})"/>
    public static Task<T> With<T>(Func<Task<T>> work) => With(Usual, work);

    /// <inheritdoc cref="With{T}(TimeSpan, Func{Task{T}})"/>
    public static Task With(Func<Task> work) => With(Usual, async () =>
    {
        await work();
        return true;
    });
}
