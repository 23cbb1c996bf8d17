using IspBilling.Postgres.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting.Background;

/// <summary>Takes over what another process changed in the settings.</summary>
internal sealed class SettingsReload(SettingsDesk desk, TimeProvider clock, ILogger<SettingsReload> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Every, clock, stoppingToken);
            try
            {
                await desk.Reload(stoppingToken);
            }
            catch (Exception away) when (away is not OperationCanceledException)
            {
                log.LogWarning(away, "The settings cannot be read; those known stay in force.");
            }
        }
    }
}
