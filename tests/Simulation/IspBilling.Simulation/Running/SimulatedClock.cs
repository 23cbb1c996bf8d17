namespace IspBilling.Simulation.Running;

/// <summary>Virtual time: it moves when the simulation says so, and never back.</summary>
public sealed class SimulatedClock(DateOnly start) : TimeProvider
{
    private DateTimeOffset _now = new(start, TimeOnly.MinValue, TimeSpan.Zero);

    public DateOnly Today => DateOnly.FromDateTime(_now.UtcDateTime);

    public override DateTimeOffset GetUtcNow() => _now;

    public void Advance(TimeSpan by) => _now += by;

    /// <summary>To a time of a day; work of the day before that lasted beyond it keeps its time.</summary>
    public void MoveTo(DateOnly day, TimeOnly time)
    {
        var at = new DateTimeOffset(day, time, TimeSpan.Zero);
        if (at > _now) _now = at;
    }
}
