namespace IspBilling.Orleans.Runs;

/// <summary>How many shards a silo works off at once: enough that one is decided while another commits, few enough that pages fit.</summary>
internal sealed class RunPlaces : IDisposable
{
    private const int AtOnce = 2;
    private readonly SemaphoreSlim _free = new(AtOnce, AtOnce);

    /// <summary>Waits for a place; disposed, it is free again.</summary>
    public async Task<IDisposable> Take(CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        return new Place(_free);
    }

    public void Dispose() => _free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
