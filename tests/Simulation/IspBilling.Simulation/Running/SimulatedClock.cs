namespace IspBilling.Simulation.Running;

/// <summary>Virtual time: it moves when the simulation says so, and never back. Its timers are kept by the loop.</summary>
public sealed class SimulatedClock(DateOnly start) : TimeProvider
{
    private DateTimeOffset _now = new(start, TimeOnly.MinValue, TimeSpan.Zero);

    public DateOnly Today => DateOnly.FromDateTime(_now.UtcDateTime);

    /// <summary>Waits until a moment has come; set by the loop that all of this runs on.</summary>
    public Func<DateTimeOffset, Task> WaitUntil { get; set; } = static _ => throw new InvalidOperationException("there is no loop yet");

    public override DateTimeOffset GetUtcNow() => _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Timer(this, callback, state, dueTime);

    public void Advance(TimeSpan by) => _now += by;

    /// <summary>To a time of a day; work of the day before that lasted beyond it keeps its time.</summary>
    public void MoveTo(DateOnly day, TimeOnly time) => MoveTo(new DateTimeOffset(day, time, TimeSpan.Zero));

    public void MoveTo(DateTimeOffset moment)
    {
        if (moment > _now) _now = moment;
    }

    /// <summary>Fires once; nothing in a simulation asks for more.</summary>
    private sealed class Timer : ITimer
    {
        private readonly SimulatedClock _clock;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private int _set;

        public Timer(SimulatedClock clock, TimerCallback callback, object? state, TimeSpan dueTime)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _set++;
            if (dueTime != Timeout.InfiniteTimeSpan) _ = FireAt(_clock.GetUtcNow() + dueTime, _set);
            return true;
        }

        public void Dispose() => _set++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private async Task FireAt(DateTimeOffset moment, int set)
        {
            await _clock.WaitUntil(moment);
            if (set == _set) _callback(_state);
        }
    }
}
