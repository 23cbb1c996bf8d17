namespace IspBilling.Http.Tests.Support;

/// <summary>The date is what a test says; delays and timeouts run in real time.</summary>
public sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
