using IspBilling.Outreach.Dispatching;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting.Background;

/// <summary>Runs the dispatchers as long as the node lives; what they have in hand when it stops is ended first.</summary>
internal sealed class DispatcherWork(Func<IReadOnlyList<Dispatcher>> dispatchers, ILogger log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not while the host starts: what dispatchers stand on may wait for the silo.
        await Task.Yield();
        var all = dispatchers();
        if (all.Count == 0) log.LogInformation("Nothing puts messages into words here; nothing is delivered.");
        await Task.WhenAll(all.Select(dispatcher => dispatcher.Run(stoppingToken)));
    }
}
