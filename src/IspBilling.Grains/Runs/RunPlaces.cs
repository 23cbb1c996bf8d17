namespace IspBilling.Grains.Runs;

/// <summary>
/// How many shards a silo works off at once. A shard is soon at its end, where it waits for its last commits: several at once with little
/// in hand each fill the time better than few with much.
/// </summary>
internal sealed class RunPlaces : IDisposable
{
    public const int AtOnce = 4;

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
