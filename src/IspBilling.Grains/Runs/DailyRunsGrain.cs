using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Reviews;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Runs;

/// <summary>Hosts the <see cref="DailyRunsCoordinator"/> of a cluster.</summary>
internal sealed class DailyRunsGrain : Grain, IDailyRunsGrain, IDisposable
{
    private readonly DailyRunsCoordinator _days;
    private readonly ILogger _log;

    public DailyRunsGrain(DailyRuns days, IAccounts accounts, ReviewClock turns, ILogger<DailyRunsGrain> log)
    {
        _log = log;
        _days = new DailyRunsCoordinator(days, accounts, turns, Task.Run, Asked, Stopped);
    }

    public Task Look()
    {
        _days.Look();
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => _days.Stop();

    public void Dispose() => _days.Dispose();

    private void Asked(int count) => _log.LogInformation("{Count} accounts were billed without a reminder.", count);

    private void Stopped(Exception failure) => _log.LogWarning(failure, "What is due without a reminder is looked for again.");
}
