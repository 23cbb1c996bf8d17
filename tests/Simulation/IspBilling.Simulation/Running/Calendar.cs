namespace IspBilling.Simulation.Running;

/// <summary>What waits for a later day.</summary>
public sealed class Calendar(SimulatedClock clock)
{
    private readonly List<(DateOnly Day, TaskCompletionSource Waiting)> _entries = [];

    public Task Days(int later)
    {
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _entries.Add((clock.Today.AddDays(later), waiting));
        return waiting.Task;
    }

    /// <summary>Ends the waiting of all whose day has come.</summary>
    public void DayBegins() => End(clock.Today);

    /// <summary>Ends all waiting.</summary>
    public void EndAll() => End(DateOnly.MaxValue);

    private void End(DateOnly upTo)
    {
        var due = _entries.FindAll(entry => entry.Day <= upTo);
        _entries.RemoveAll(entry => entry.Day <= upTo);
        foreach (var (_, waiting) in due) waiting.SetResult();
    }
}
