using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Grains.Placement;
using IspBilling.Grains.Storage;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Runs;

/// <summary>Hosts a <see cref="RunCoordinator"/>, which looks after its run from activation until the run has ended.</summary>
internal sealed class RunGrain(
    [PersistentState("run", ClusterStorage.Coordinators)] IPersistentState<RunDivision> division,
    INodes nodes,
    IBillingRunStore runs,
    IShardedRunStore shards,
    ActiveSilos silos,
    Courtesy courtesy,
    TimeProvider clock,
    ILogger<RunGrain> log) : Grain, IRunGrain
{
    private RunCoordinator _run = null!;
    private IGrainTimer _looking = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _run = new RunCoordinator(
            new RunId(this.GetPrimaryKey()), new CoordinatorState<RunDivision>(division), nodes, runs, shards,
            () => RunDivision.Among(silos.Count, ShardHome.Shards), clock, Ended);
        _looking = this.RegisterGrainTimer(LookAfter, new GrainTimerCreationOptions(TimeSpan.Zero, RunCoordinator.BetweenLooks) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public Task Continue(bool peopleWait)
    {
        courtesy.Hear(peopleWait);
        return Task.CompletedTask;
    }

    private async Task LookAfter(CancellationToken cancellation)
    {
        try
        {
            await _run.LookAfter(cancellation);
        }
        catch (Exception away) when (away is not OperationCanceledException)
        {
            log.LogWarning(away, "Run {Run} is looked after again.", this.GetPrimaryKey());
        }
    }

    private void Ended(BillingRun run)
    {
        log.LogInformation("Billing run {Run} ended, {Status}: {Counts}.", run.Id, run.Status, run.Counts);
        _looking.Dispose();
        DeactivateOnIdle();
    }
}
