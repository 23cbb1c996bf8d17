namespace IspBilling.LoadTests.Measuring;

/// <summary>How high this process' memory rises, looked at a few times a second, in each half of a piece of work.</summary>
public sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _watching;
    private readonly long[] _heap = new long[2];
    private readonly long[] _workingSet = new long[2];
    private int _half;

    public MemoryWatch()
    {
        GC.Collect();
        (HeapBefore, WorkingSetBefore) = (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
        _watching = Task.Run(Watch);
    }

    public long HeapBefore { get; }

    public long WorkingSetBefore { get; }

    /// <summary>From now on it is the second half.</summary>
    public void Halfway() => Volatile.Write(ref _half, 1);

    /// <summary>Peaks of the first and the second half. Managed memory includes what the next collection will free.</summary>
    public async Task<((long Heap, long WorkingSet) First, (long Heap, long WorkingSet) Second)> Stop()
    {
        await DisposeAsync();
        return ((_heap[0], _workingSet[0]), (_heap[1], _workingSet[1]));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _watching;
    }

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            do Look();
            while (await timer.WaitForNextTickAsync(_end.Token));
        }
        catch (OperationCanceledException)
        {
            Look();
        }
    }

    private void Look()
    {
        var half = Volatile.Read(ref _half);
        _heap[half] = Math.Max(_heap[half], GC.GetTotalMemory(forceFullCollection: false));
        _workingSet[half] = Math.Max(_workingSet[half], Environment.WorkingSet);
    }
}
