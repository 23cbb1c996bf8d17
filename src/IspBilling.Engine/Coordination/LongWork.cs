namespace IspBilling.Engine.Coordination;

/// <summary>What a coordinator does between its turns, one piece of work at a time.</summary>
internal sealed class LongWork : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    public bool IsUnderWay => !_work.IsCompleted;

    /// <param name="work">Handles its own failures; when cancelled it may simply end.</param>
    public void Begin(Func<CancellationToken, Task> work) => _work = work(_stopping.Token);

    /// <summary>Returns when the work has ended, whatever its end.</summary>
    public Task Stop()
    {
        _stopping.Cancel();
        return Ended();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task Ended() => await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
}
