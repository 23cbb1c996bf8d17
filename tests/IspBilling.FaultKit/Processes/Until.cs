using System.Diagnostics;

namespace IspBilling.FaultKit.Processes;

/// <summary>Polling, because what is watched runs in processes of its own.</summary>
public static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns after how long something was so; fails with what <paramref name="otherwise"/> says when it takes longer than the limit.</summary>
    public static async Task<TimeSpan> So(Func<Task<bool>> isSo, TimeSpan limit, Func<string> otherwise, CancellationToken cancellation = default)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(started) > limit) throw new TimeoutException(otherwise());
            await Task.Delay(Pause, cancellation);
        }

        return Stopwatch.GetElapsedTime(started);
    }
}
