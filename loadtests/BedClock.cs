namespace IspBilling.LoadTests;

/// <summary>The system's clock, which a scenario moves on by days to let a business history pass in seconds; never back.</summary>
public sealed class BedClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    /// <summary>A negative first step begins the history in the past.</summary>
    public void MoveOn(int days) => Interlocked.Add(ref _ahead, TimeSpan.FromDays(days).Ticks);
}
