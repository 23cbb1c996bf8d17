using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.StatementImports;
using IspBilling.Grains.Imports;
using IspBilling.Grains.Reviews;
using IspBilling.Grains.Runs;
using Orleans;

namespace IspBilling.Grains;

/// <summary>
/// Looks for work that is not done and wakes the grain whose work it is. Every node looks, and it does not matter which one is first:
/// there is one grain, and asked while it works it goes on working.
/// </summary>
public sealed class ClusterUpkeep(IGrainFactory grains, IBillingRunStore runs, IStatementImportStore imports, Courtesy courtesy)
{
    /// <summary>One run at a time, the oldest first.</summary>
    public async Task ContinueRuns(CancellationToken cancellation)
    {
        if (await runs.Unfinished(cancellation) is [var run, ..]) await grains.GetGrain<IRunGrain>(run.Id.Value).Continue(courtesy.IsDueHere);
    }

    /// <summary>An import that cannot be booked does not keep the others from it: its grain answers at once, whatever becomes of the work.</summary>
    public async Task ContinueImports(CancellationToken cancellation)
    {
        foreach (var import in await imports.Unfinished(cancellation)) await grains.GetGrain<IImportGrain>(import.Id.Value).Continue();
    }

    /// <summary>Asks the accounts whose reminder did not come.</summary>
    public Task CatchUpMissedTurns() => grains.GetGrain<IMissedTurnsGrain>(0).CatchUp();

    /// <summary>Completes the runs of days on which accounts bill in their turns.</summary>
    public Task CompleteDailyRuns() => grains.GetGrain<IDailyRunsGrain>(0).Look();

    /// <summary>Completes clerks' assignments that were cut short, then looks at suspense again.</summary>
    public Task ResumeAssignments() => grains.GetGrain<IDeskGrain>(0).Resume();
}
