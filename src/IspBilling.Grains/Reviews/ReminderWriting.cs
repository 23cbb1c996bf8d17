using IspBilling.Engine.Reviews;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Grains.Reviews;

/// <summary>Writes the reminders of this silo's accounts; when the silo stops, those that wait are written first.</summary>
internal sealed class ReminderWriting(ReminderQueue queue, ILogger<ReminderWriting> log) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close();
        if (ExecuteTask is { } writing) await writing.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        queue.Work(failure => log.LogWarning(failure, "Reminders are not written yet."), stoppingToken);
}
