using IspBilling.Hosting;

namespace IspBilling.FaultKit.Processes;

/// <summary>
/// The business clock of all trials of this process and of the engines they start: a Monday morning when it is first asked, and running
/// on from there. An engine that is started again goes on where the trial is.
/// </summary>
public static class TrialTime
{
    public static TimeProvider Clock { get; } = new ShiftedClock(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));

    public static DateOnly Today => DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);
}
