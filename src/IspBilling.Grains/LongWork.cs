namespace IspBilling.Grains;

/// <summary>What a grain does between its turns, one at a time; it ends before the grain goes.</summary>
internal sealed class LongWork : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    public bool IsUnderWay => !_work.IsCompleted;

    /// <param name="work">Deals with its own failures; cancelled, it may just end.</param>
    public void Begin(Func<CancellationToken, Task> work) => _work = work(_stopping.Token);

    public async Task Stop()
    {
        await _stopping.CancelAsync();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    public void Dispose() => _stopping.Dispose();
}
