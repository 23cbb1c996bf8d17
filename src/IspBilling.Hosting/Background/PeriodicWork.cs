using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Hosting.Background;

/// <summary>Work that is done at the start and then again and again, and at once when somebody rings. A failure is logged; the next time may succeed.</summary>
/// <param name="every">From the end of one time to the beginning of the next.</param>
/// <param name="whenItFails">What is then not done, for the log.</param>
internal sealed class PeriodicWork(TimeSpan every, Func<CancellationToken, Task> work, string whenItFails, TimeProvider clock, ILogger<PeriodicWork> log)
    : BackgroundService
{
    private TaskCompletionSource _rung = NewBell();

    /// <summary>Rung while the work is being done, it is done once more after that.</summary>
    public void Ring() => Volatile.Read(ref _rung).TrySetResult();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var bell = NewBell();
            Volatile.Write(ref _rung, bell);
            await Attempt(stoppingToken);
            await bell.Task.WaitAsync(every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task Attempt(CancellationToken cancellation)
    {
        try
        {
            await work(cancellation);
        }
        catch (Exception failure)
        {
            // What a node that stops does not finish, another does, or this one after its next start.
            if (!cancellation.IsCancellationRequested) log.LogWarning(failure, "{WhenItFails}", whenItFails);
        }
    }

    private static TaskCompletionSource NewBell() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
