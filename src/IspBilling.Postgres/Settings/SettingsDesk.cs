using IspBilling.Engine.Accounts;

namespace IspBilling.Postgres.Settings;

/// <summary>Changes the provider's settings: stored first, then in force here at once, then wherever else the audience is.</summary>
public sealed class SettingsDesk(SettingsStore store, LiveContext contexts, IEnumerable<ISettingsAudience> audience) : IDisposable
{
    /// <summary>One change at a time, so that what was stored later is not replaced by what was stored earlier.</summary>
    private readonly SemaphoreSlim _one = new(1, 1);

    public async Task Change(Func<SettingsStore, Task> change, CancellationToken cancellation)
    {
        await Take(change, cancellation);
        foreach (var listener in audience) await listener.Changed(cancellation);
    }

    /// <summary>Takes over what was stored elsewhere.</summary>
    public Task Reload(CancellationToken cancellation) => Take(static _ => Task.CompletedTask, cancellation);

    public void Dispose() => _one.Dispose();

    private async Task Take(Func<SettingsStore, Task> change, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            await change(store);
            contexts.Replace(await store.Load(cancellation));
        }
        finally
        {
            _one.Release();
        }
    }
}
