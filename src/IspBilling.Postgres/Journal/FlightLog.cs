using System.Diagnostics;
using IspBilling.Engine.Telemetry;

namespace IspBilling.Postgres.Journal;

/// <summary>Tells telemetry of a flight: how many, how long, and how it ended.</summary>
internal sealed class FlightLog : IDisposable
{
    private readonly Activity? _span = EngineTelemetry.Activities.StartActivity("journal.flight");
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly int _commits;

    public FlightLog(int commits)
    {
        _commits = commits;
        _span?.SetTag("commits", commits);
    }

    public void Landed() => EngineTelemetry.FlightEnded(_commits, Stopwatch.GetElapsedTime(_started));

    public void Failed(Exception failure) => _span?.AddException(failure);

    public void Dispose() => _span?.Dispose();
}
