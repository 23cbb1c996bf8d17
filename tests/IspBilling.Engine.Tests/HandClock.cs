namespace IspBilling.Engine.Tests;

/// <summary>Stands still until a test moves it.</summary>
internal sealed class HandClock(string day) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = At(day);

    public void MoveTo(string day) => Now = At(day);

    public override DateTimeOffset GetUtcNow() => Now;

    private static DateTimeOffset At(string day) => new(Given.Day(day), new TimeOnly(10, 0), TimeSpan.Zero);
}
