using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Simulation.Storage;

/// <remarks>Each step of an assignment has a generation, and whoever moves it on names the one they read: of two, one wins.</remarks>
public sealed partial class MemoryImportStore
{
    public ValueTask<Assignment?> BeginAssignment(long entry, Actor by, Disposition disposition, CancellationToken cancellation)
    {
        Invariant.Require(disposition.Parts.Count > 0);
        if (RowOf(entry) is not { View.State: EntryState.Suspense, Step: null } row || IsBookedElsewhere(entry)) return ValueTask.FromResult<Assignment?>(null);
        row.Parts = [.. disposition.Parts];
        row.View = row.View with { Rule = disposition.Rule, Fee = disposition.Fee };
        return ValueTask.FromResult<Assignment?>(Begin(row, AssignmentStep.Booking, disposition.Parts.Count, by, disposition.Reason));
    }

    public ValueTask<Assignment?> BeginTakingOff(long entry, Actor by, string reason, CancellationToken cancellation)
    {
        if (RowOf(entry) is not { View.State: EntryState.Matched, Step: null } row) return ValueTask.FromResult<Assignment?>(null);
        return ValueTask.FromResult<Assignment?>(Begin(row, AssignmentStep.TakingOff, Math.Max(1, row.Parts.Length), by, reason));
    }

    public ValueTask<Assignment?> NextStep(Assignment assignment, AssignmentStep step, int parts, string reason, CancellationToken cancellation) =>
        ValueTask.FromResult(StillAt(assignment) is { } row ? Begin(row, step, parts, assignment.By, reason) : null);

    public ValueTask<IReadOnlyList<Assignment>> UnfinishedAssignments(CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<Assignment>>([.. _rows.Where(row => row.Step is not null).Select(UnderWay)]);

    public ValueTask<bool> EndAssignment(Assignment assignment, EntryOutcome outcome, CancellationToken cancellation)
    {
        Invariant.Require(outcome.State is EntryState.Matched or EntryState.Suspense);
        if (StillAt(assignment) is not { } row) return ValueTask.FromResult(false);
        Count(row.View.Import, counts => Counted(Counted(counts, row.View.State, -1, row.View.Entry), outcome.State, 1, row.View.Entry));
        row.View = After(row.View, outcome) with { Fee = outcome.State == EntryState.Matched ? row.View.Fee : null };
        (row.Step, row.Concerned, row.StepReason) = (null, 0, null);
        if (outcome.State == EntryState.Suspense) row.Parts = [];
        return ValueTask.FromResult(true);
    }

    public ValueTask<IReadOnlyList<EntryPart>> PartsOf(long entry, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<EntryPart>>(RowOf(entry)?.Parts ?? []);

    public ValueTask<bool> Close(IReadOnlyList<long> entries, Actor by, string reason, CancellationToken cancellation)
    {
        var rows = entries.Select(RowOf).OfType<Row>().Where(row => row is { View.State: EntryState.Suspense, Step: null }).ToList();
        if (rows.Count != entries.Count) return ValueTask.FromResult(false);
        foreach (var row in rows)
        {
            long? other = rows.Count == 2 ? rows.Single(one => one != row).View.Id : null;
            Move(row, row.View with { State = EntryState.Rejected, Reason = reason, AssignedBy = by, ClosedWith = other });
        }

        return ValueTask.FromResult(true);
    }

    public ValueTask<bool> Reopen(long entry, Actor by, string reason, CancellationToken cancellation)
    {
        if (RowOf(entry) is not { View.State: EntryState.Rejected } row) return ValueTask.FromResult(false);
        foreach (var closed in new[] { row, row.View.ClosedWith is { } other ? RowOf(other) : null }.OfType<Row>())
            Move(closed, closed.View with { State = EntryState.Suspense, Reason = $"opened again by {by.Name}: {reason}", AssignedBy = by, ClosedWith = null, Candidates = [] });
        return ValueTask.FromResult(true);
    }

    public ValueTask<IReadOnlyList<StoredEntry>> UnrankedAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<StoredEntry>>([..
            _rows.Where(row => row.View is { State: EntryState.Suspense, IsDoubtful: true, Candidates.Count: 0 } view && view.Import == import && view.Id > after).Take(max)
                .Select(row => row.View.ToStored())]);

    public ValueTask Propose(IReadOnlyDictionary<long, IReadOnlyList<Candidate>> candidates, CancellationToken cancellation)
    {
        foreach (var (entry, proposed) in candidates)
        {
            if (RowOf(entry) is { View: { State: EntryState.Suspense, Candidates.Count: 0 } } row) row.View = row.View with { Candidates = proposed };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask Reconsider(IReadOnlyList<EntryOutcome> outcomes, CancellationToken cancellation)
    {
        foreach (var outcome in outcomes)
        {
            if (RowOf(outcome.Entry) is not { Step: null, View.State: EntryState.Suspense } row) continue;
            row.View = row.View with
            {
                Reason = row.View is { AssignedBy: null, IsDoubtful: false } ? outcome.Reason : row.View.Reason,
                Candidates = outcome.Candidates,
            };
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<WaitingEntry>> WaitingAfter(long after, int max, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<WaitingEntry>>([..
            _rows.Where(row => row is { Step: null, View.State: EntryState.Suspense } && row.View.Id > after).Take(max)
                .Select(row => new WaitingEntry(row.View.ToStored(), Seen(row) is { AssignedBy: null, Hold: null, IsInDoubt: false }))]);

    private void Move(Row row, EntryView after)
    {
        Count(row.View.Import, counts => Counted(Counted(counts, row.View.State, -1, row.View.Entry), after.State, 1, row.View.Entry));
        row.View = after;
        row.Generation++;
    }

    private static Assignment Begin(Row row, AssignmentStep step, int concerned, Actor by, string? reason)
    {
        (row.Step, row.Concerned, row.StepReason) = (step, concerned, reason);
        row.Generation++;
        row.View = row.View with { AssignedBy = by };
        return UnderWay(row);
    }

    private static Assignment UnderWay(Row row)
    {
        EntryPart[] parts = row.Parts.Length > 0
            ? row.Parts
            : [new EntryPart(1, row.View.Account ?? throw new InvariantBrokenException("a matched entry has an account"), row.View.Entry.Amount)];
        return new Assignment(row.View, row.Generation, row.Step!.Value, row.View.AssignedBy!, parts, row.Concerned, row.StepReason, row.View.Rule ?? MatchRule.Clerk);
    }

    private Row? StillAt(Assignment assignment) =>
        RowOf(assignment.Entry.Id) is { Step: not null } row && row.Generation == assignment.Generation ? row : null;
}
