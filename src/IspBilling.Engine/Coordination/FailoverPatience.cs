namespace IspBilling.Engine.Coordination;

/// <summary>Retry budget during a failover, while a dead node is noticed and its accounts come to life elsewhere. It starts at construction.</summary>
internal sealed class FailoverPatience(TimeProvider clock)
{
    /// <summary>A failover shorter than this is hidden from callers.</summary>
    public static readonly TimeSpan Hidden = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private readonly long _began = clock.GetTimestamp();
    private TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="whom">For people: who did not answer.</param>
    /// <exception cref="IOException">The failover has lasted too long to be hidden.</exception>
    public async Task Wait(Exception failure, string whom, CancellationToken cancellation)
    {
        if (clock.GetElapsedTime(_began) + _pause > Hidden) throw new IOException($"{whom} is out of reach; ask again later with the same id", failure);
        await Task.Delay(_pause, clock, cancellation);
        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }
}
