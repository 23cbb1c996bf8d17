namespace IspBilling.Engine.Coordination;

/// <summary>
/// Writes a coordinator's state one after the other, whoever asks for it at once. After a write that failed none succeeds any more: another
/// activation has gone on, or nobody knows what is stored.
/// </summary>
internal sealed class OrderedWrites<T>(IStoredState<T> stored)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    /// <param name="next">What is written, given what was written or read last. Written once more unchanged, it proves that no other activation wrote.</param>
    public Task Write(Func<T, T> next)
    {
        lock (_gate) return _last = WriteAfter(_last, next);
    }

    private async Task WriteAfter(Task earlier, Func<T, T> next)
    {
        await earlier;
        await stored.Write(next(stored.Value));
    }
}
