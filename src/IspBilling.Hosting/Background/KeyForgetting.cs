using IspBilling.Postgres.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting.Background;

/// <summary>Forgets idempotency keys that nobody repeats any more, so that their table does not grow for ever.</summary>
internal sealed class KeyForgetting(IdempotencyStore store, TimeProvider clock, ILogger<KeyForgetting> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(6);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await store.Forget(clock.GetUtcNow() - Kept, stoppingToken);
            }
            catch (Exception away) when (away is not OperationCanceledException)
            {
                log.LogWarning(away, "Old idempotency keys are still there.");
            }

            await Task.Delay(Every, clock, stoppingToken);
        }
    }
}
