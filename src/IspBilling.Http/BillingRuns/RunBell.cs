namespace IspBilling.Http.BillingRuns;

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

    public void Dispose() => _rung.Dispose();
}
