namespace IspBilling.Engine.BillingRuns;

/// <summary>
/// Wakes the one who works runs off. What waits is in the database, not here, so that a run accepted is a run that will be done,
/// whatever happens to this process.
/// </summary>
public sealed class RunBell : IDisposable
{
    private readonly SemaphoreSlim _rung = new(1, 1);

    /// <summary>Once more is enough, however often it rings.</summary>
    public void Ring()
    {
        lock (_rung)
        {
            if (_rung.CurrentCount == 0) _rung.Release();
        }
    }

    public Task Wait(CancellationToken cancellation) => _rung.WaitAsync(cancellation);

    /// <summary>Until it rings, but no longer than this.</summary>
    public Task Wait(TimeSpan atMost, CancellationToken cancellation) => _rung.WaitAsync(atMost, cancellation);

    public void Dispose() => _rung.Dispose();
}
