using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Settings;

namespace IspBilling.Http.Catalogue;

/// <summary>Changes the provider's settings: stored first, then in force here at once, and on other nodes at their next look.</summary>
public sealed class SettingsDesk(SettingsStore store, LiveContext contexts) : IDisposable
{
    /// <summary>One change at a time, so that what was stored later is not replaced by what was stored earlier.</summary>
    private readonly SemaphoreSlim _one = new(1, 1);

    public async Task Change(Func<SettingsStore, Task> change, CancellationToken cancellation)
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

    public Task Reload(CancellationToken cancellation) => Change(static _ => Task.CompletedTask, cancellation);

    public void Dispose() => _one.Dispose();
}
