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
/// Every silo looks for unfinished work and wakes the grain that does it, every second and as soon as somebody on this silo asks for a run.
/// Which silo looks does not matter: there is one grain, and asked while it works it goes on working.
/// </summary>
internal sealed class ClusterUpkeep(
    IGrainFactory grains, IBillingRunStore runs, IStatementImportStore imports, RunBell bell, Courtesy courtesy, ILogger<ClusterUpkeep> log) : BackgroundService
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
                if (await runs.Unfinished(stoppingToken) is [var run, ..]) await grains.GetGrain<IRunGrain>(run.Id.Value).Continue(courtesy.IsDueHere);
            });
            await Attempt(async () =>
            {
                foreach (var import in await imports.Unfinished(stoppingToken))
                    await grains.GetGrain<IImportGrain>(import.Id.Value).Continue();
            });
            if (look % LooksPerRound == 0)
            {
                await Attempt(() => grains.GetGrain<IMissedTurnsGrain>(0).CatchUp());
                await Attempt(() => grains.GetGrain<IDeskGrain>(0).Resume());
            }

            await bell.Wait(Every, stoppingToken);
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
