using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IspBilling.Http.BillingRuns;

/// <summary>Works off billing runs, one at a time, the oldest first; after a crash it goes on with what was left unfinished.</summary>
public sealed class RunWorker(
    IBillingRunStore store, IAccounts accounts, LiveContext contexts, TimeProvider clock, BillingRunnerOptions options, RunBell bell,
    ILogger<RunWorker> log) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await bell.Wait(stoppingToken);
            try
            {
                while (await store.Unfinished(stoppingToken) is [var run, ..]) await Execute(run, stoppingToken);
            }
            catch (Exception away) when (away is not OperationCanceledException)
            {
                // The database is away; what waits for us waits in it.
                log.LogWarning(away, "Billing runs wait for {Delay}.", RetryAfter);
                await Task.Delay(RetryAfter, clock, stoppingToken);
                bell.Ring();
            }
        }
    }

    private async Task Execute(BillingRun run, CancellationToken cancellation)
    {
        log.LogInformation("Billing run {Run} ({Mode} through {Through}) begins.", run.Id, run.Mode, run.Through);
        try
        {
            var done = await new BillingRunner(accounts, store, contexts, clock, options).Execute(run, progress: null, cancellation);
            log.LogInformation("Billing run {Run} ended: {Counts}.", done.Id, done.Counts);
        }
        catch (Exception failure) when (failure is not OperationCanceledException and not HostStoppingException)
        {
            // The runner has recorded the failure with the run, unless the database is away: then the run stays unfinished.
            log.LogError(failure, "Billing run {Run} stopped.", run.Id);
            if (await store.Find(run.Id, cancellation) is { Status: RunStatus.Running }) throw;
        }
    }
}
