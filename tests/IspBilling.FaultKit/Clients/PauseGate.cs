namespace IspBilling.FaultKit.Clients;

/// <summary>Lets requests through until it is closed, and then waits for those under way.</summary>
internal sealed class PauseGate : IDisposable
{
    private readonly SemaphoreSlim _closed = new(1, 1);
    private readonly Lock _lock = new();
    private TaskCompletionSource _open = Done();
    private TaskCompletionSource _empty = Done();
    private int _inside;

    public async Task Enter()
    {
        while (true)
        {
            Task open;
            lock (_lock)
            {
                if (_open.Task.IsCompleted)
                {
                    if (_inside++ == 0) _empty = New();
                    return;
                }

                open = _open.Task;
            }

            await open;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (--_inside == 0) _empty.TrySetResult();
        }
    }

    public async Task Close()
    {
        await _closed.WaitAsync();
        Task empty;
        lock (_lock)
        {
            _open = New();
            empty = _empty.Task;
        }

        await empty;
    }

    /// <summary>No harm when it is open.</summary>
    public void Open()
    {
        lock (_lock)
        {
            if (!_open.TrySetResult()) return;
        }

        _closed.Release();
    }

    public void Dispose() => _closed.Dispose();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Done()
    {
        var done = New();
        done.SetResult();
        return done;
    }
}
