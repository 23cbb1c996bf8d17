using IspBilling.Engine.BillingRuns;
using IspBilling.Grains.Accounts;
using IspBilling.Grains.Reviews;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Runs;

/// <summary>Has <see cref="DailyRuns"/> look, between its turns and one look at a time.</summary>
internal sealed class DailyRunsGrain(DailyRuns days, ClusterAccounts accounts, ReviewClock turns, ILogger<DailyRunsGrain> log)
    : Grain, IDailyRunsGrain, IDisposable
{
    private readonly LongWork _work = new();

    public Task Look()
    {
        if (!_work.IsUnderWay) _work.Begin(LookAround);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await _work.Stop();

    public void Dispose() => _work.Dispose();

    private async Task LookAround(CancellationToken stopping)
    {
        try
        {
            var asked = await Task.Run(() => days.Look(accounts, turns, stopping), CancellationToken.None);
            if (asked > 0) log.LogInformation("{Count} accounts were billed without a reminder.", asked);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            log.LogWarning(failure, "What is due without a reminder is looked for again.");
        }
    }
}
