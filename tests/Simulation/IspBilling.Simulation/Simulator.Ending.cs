using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Auditing;

namespace IspBilling.Simulation;

/// <summary>How a world ends: faults stop, what was cut short is carried on, and then everything has to be as if there had been none.</summary>
public sealed partial class Simulator
{
    private async Task Converge()
    {
        _weather.ClearUp();
        _trace.Add("faults stop");
        _clock.MoveTo(_clock.Today.AddDays(1), new TimeOnly(8, 0));
        _contexts.Replace(_provider.Mend());
        _cluster.Restart();
        _books.LookAgain();
        while (_loop.Outstanding > 0)
        {
            _calendar.EndAll();
            await _loop.Wait();
        }

        await ResumeAll();
        await ImportUpTo(_clock.Today);
        await LookAtDesk();
        await CatchUp();
        await CompleteDays();
        await BillEverybody();

        // A credit note may leave a younger debt that is to be reminded the same day: the look for missed turns finds it, and what the step costs is billed.
        await CatchUp();
        await BillEverybody();
        RequireConverged();
        await RequireDayProved();
        await RequireNothingMoreHappens();
    }

    /// <summary>What a start of the engine does: it carries on whatever a crash left.</summary>
    private async Task ResumeAll()
    {
        foreach (var run in await _runs.Unfinished(CancellationToken.None)) await Coordinate(run.Id);
        await Finish("resuming imports", async node =>
        {
            foreach (var import in await _importsSeen.Unfinished(CancellationToken.None)) await Book(node, import);
        });
        await Finish("resuming the desk", async node =>
        {
            var left = await new ClerkDesk(node.Parts.Accounts, node.Parts.Imports).Resume(CancellationToken.None);
            if (left > 0) _auditor.Complain(Check.Convergence, null, $"{left} assignments are still under way");
        });
    }

    private async Task BillEverybody()
    {
        var requested = NewRun(RunMode.Issue, _clock.Today, RunFilter.Everyone);
        await _runs.Create(requested, CancellationToken.None);
        var run = await Coordinate(requested.Id);
        var proof = await _runs.Prove(run, CancellationToken.None);
        if (!proof.IsComplete) _auditor.Complain(Check.Convergence, null, $"the run missed {proof.Missed.Count} accounts: {proof.Due} due, {proof.Counts}");
        foreach (var exception in proof.Exceptions) _auditor.Complain(Check.Convergence, exception.Account, $"{exception.Outcome} by the last run: {exception.Detail}");
    }

    /// <summary>
    /// The runs of this day are complete. A proof counts again who is due by now: what was agreed later for the past counts against the runs of earlier days,
    /// of which the auditor compares documents and outcomes.
    /// </summary>
    private async Task RequireDayProved()
    {
        foreach (var run in _runs.Runs.Where(run => run.RequestedBy.Kind == ActorKind.Reminder && run.Status == RunStatus.Finished && run.Through == _clock.Today))
        {
            var proof = await _runs.Prove(run, CancellationToken.None);
            if (!proof.IsComplete) _auditor.Complain(Check.Convergence, null, $"the run of this day missed {proof.Missed.Count} accounts: {proof.Due} due, {proof.Counts}");
        }
    }

    private void RequireConverged()
    {
        _auditor.LookAtAll(isQuiet: true);
        _auditor.RequireUpToDate(_provider.Settings.Catalogue, _provider.Settings.DunningPolicy, _clock.Today);
    }

    /// <summary>The same run, files and reviews once more change nothing.</summary>
    private async Task RequireNothingMoreHappens()
    {
        var commits = _auditor.Commits;
        var known = _imports.Entries.Count();
        await BillEverybody();
        await Import(Beginning, _clock.Today, breaksOff: false);
        await CatchUp();
        await CompleteDays();
        // What cannot be proven to be known waits for a person, and is never booked by itself.
        var brought = _imports.Entries.Skip(known).Where(entry => !entry.IsDoubtful || entry.State != EntryState.Suspense).ToList();
        if (brought.Count > 0) _auditor.Complain(Check.Entries, null, $"a file that was imported brings new entries: {string.Join("; ", brought.Select(entry => $"{entry.Identity} {entry.State} {entry.Reason}"))}");
        if (_auditor.Commits != commits) _auditor.Complain(Check.Convergence, null, $"{_auditor.Commits - commits} commits by repeating what was done");
        RequireConverged();
    }
}
