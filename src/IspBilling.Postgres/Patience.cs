using System.Diagnostics;
using IspBilling.Engine;

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

    private bool IsOver => Stopwatch.GetElapsedTime(_since) > limit;

    public async Task Pause()
    {
        await Task.Delay(_pause);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    /// <summary>Whether to try once more after a failure. A full disk is told at once: it does not empty itself.</summary>
    public bool Allows(Exception failure) => Outage.Is(failure) && !Outage.IsFullDisk(failure) && !IsOver;

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
            catch (Exception failure) when (patience.Allows(failure))
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
