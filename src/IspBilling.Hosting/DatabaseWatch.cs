using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting;

/// <summary>
/// Stops the engine when its private server is gone for good: an engine that can only refuse is of no use, and whoever watches the
/// process may start it anew elsewhere or call a person.
/// </summary>
internal sealed class DatabaseWatch(Database database, IHostApplicationLifetime lifetime, ILogger<DatabaseWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await database.Lost.WaitAsync(stoppingToken);
        }
        catch (Exception lost) when (lost is not OperationCanceledException)
        {
            log.LogCritical(lost, "The engine stops: its database is lost.");
            lifetime.StopApplication();
        }
    }
}
