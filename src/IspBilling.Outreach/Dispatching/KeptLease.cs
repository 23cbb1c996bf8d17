using IspBilling.Engine.Outgoing;

namespace IspBilling.Outreach.Dispatching;

/// <summary>Renews a lease until it is disposed; says when it is lost.</summary>
internal sealed class KeptLease : IAsyncDisposable
{
    /// <summary>Renewals in the time of one lease: one may fail.</summary>
    private const int PerLease = 3;

    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _keeping;

    public KeptLease(IOutbox outbox, Lease lease, TimeSpan length, TimeProvider clock) => _keeping = Keep(outbox, lease, length, clock);

    /// <summary>Somebody else has the delivery: what has not begun must not begin.</summary>
    public CancellationToken Lost => _lost.Token;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
        _lost.Dispose();
    }

    private async Task Keep(IOutbox outbox, Lease lease, TimeSpan length, TimeProvider clock)
    {
        // A tick that comes while the one before is dealt with is not lost.
        using var ticks = new PeriodicTimer(length / PerLease, clock);
        while (await ticks.WaitForNextTickAsync(_end.Token))
        {
            try
            {
                if (await outbox.Renew(lease, clock.GetUtcNow() + length, _end.Token)) continue;
                await _lost.CancelAsync();
                return;
            }
            catch (Exception outage) when (outage is not OperationCanceledException)
            {
                // The next renewal may come through, and whoever begins to send asks anyway.
            }
        }
    }
}
