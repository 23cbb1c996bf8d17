using IspBilling.Engine;
using Orleans.Runtime;
using Orleans.Runtime.Messaging;

namespace IspBilling.Grains;

/// <summary>Failures that say something about a silo and nothing about what was asked of it.</summary>
internal static class Failover
{
    /// <summary>Asked again with the same id, another silo answers; whether it happened before is unknown until then.</summary>
    public static bool Is(Exception failure) =>
        failure is SiloUnavailableException or OrleansMessageRejectionException or ConnectionFailedException or ClientNotAvailableException
            or TimeoutException;

    /// <summary>The driver's exceptions do not survive the way to another machine; what callers tell apart does.</summary>
    public static IOException Portable(Exception outage) =>
        Outage.IsFullDisk(outage) ? new IOException(outage.Message, Outage.NoSpaceLeft) : new IOException(outage.Message);
}

/// <summary>
/// Of who asks a silo again on a caller's behalf, while one that died is found out and what it held comes to life elsewhere. It begins when
/// it is made.
/// </summary>
internal sealed class FailoverPatience(TimeProvider clock)
{
    /// <summary>A failover shorter than this is hidden from callers.</summary>
    private static readonly TimeSpan Hidden = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private readonly long _began = clock.GetTimestamp();
    private TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="whom">For people: who did not answer.</param>
    /// <exception cref="IOException">It has lasted too long to be hidden.</exception>
    public async Task Wait(Exception failure, string whom, CancellationToken cancellation)
    {
        if (clock.GetElapsedTime(_began) + _pause > Hidden) throw new IOException($"{whom} is out of reach; ask again later with the same id", failure);
        await Task.Delay(_pause, clock, cancellation);
        if (_pause < LongestPause) _pause *= 2;
        if (_pause > LongestPause) _pause = LongestPause;
    }
}
