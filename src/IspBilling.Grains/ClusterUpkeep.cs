using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.StatementImports;
using IspBilling.Grains.Imports;
using IspBilling.Grains.Reviews;
using IspBilling.Grains.Runs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans;

namespace IspBilling.Grains;

/// <summary>
/// Every silo looks for work that is not done and wakes the grain whose work it is. Which silo looks does not matter: the grain is one,
/// and asked while it works it goes on working.
/// </summary>
internal sealed class ClusterUpkeep(
    IGrainFactory grains, IBillingRunStore runs, IStatementImportStore imports, TimeProvider clock, ILogger<ClusterUpkeep> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Looks between those for reminders that did not come, and for clerks' assignments.</summary>
    private const int LooksPerRound = 60;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var look = 0; ; look++)
        {
            // One run at a time, the oldest first.
            await Attempt(async () =>
            {
                if (await runs.Unfinished(stoppingToken) is [var run, ..]) await grains.GetGrain<IRunGrain>(run.Id.Value).Continue();
            });
            await Attempt(async () =>
            {
                foreach (var import in await imports.Unfinished(stoppingToken))
                    await grains.GetGrain<IImportGrain>(import.Id.Value).Continue();
            });
            if (look % LooksPerRound == 0)
            {
                await Attempt(() => grains.GetGrain<IMissedTurnsGrain>(0).CatchUp());
                await Attempt(() => grains.GetGrain<IDailyRunsGrain>(0).Look());
                await Attempt(() => grains.GetGrain<IDeskGrain>(0).Resume());
            }

            await Task.Delay(Every, clock, stoppingToken);
        }
    }

    private async Task Attempt(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception away) when (away is not OperationCanceledException)
        {
            log.LogWarning(away, "What is not done yet is looked for again.");
        }
    }
}
