using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Simulation.Storage;

/// <remarks>Each step of an assignment has a generation, and whoever moves it on names the one they read: of two, one wins.</remarks>
public sealed partial class MemoryImportStore
{
    public ValueTask<Assignment?> BeginAssignment(long entry, string by, IReadOnlyList<EntryPart> parts, CancellationToken cancellation)
    {
        Invariant.Require(parts.Count > 0);
        if (RowOf(entry) is not { View.State: EntryState.Suspense, Step: null } row) return ValueTask.FromResult<Assignment?>(null);
        row.Parts = [.. parts];
        return ValueTask.FromResult<Assignment?>(Begin(row, AssignmentStep.Booking, parts.Count, by, reason: null));
    }

    public ValueTask<Assignment?> BeginTakingOff(long entry, string by, string reason, CancellationToken cancellation)
    {
        if (RowOf(entry) is not { View: { State: EntryState.Matched, Entry.IsReversal: false }, Step: null } row) return ValueTask.FromResult<Assignment?>(null);
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
        row.View = After(row.View, outcome);
        (row.Step, row.Concerned, row.StepReason) = (null, 0, null);
        if (outcome.State == EntryState.Suspense) row.Parts = [];
        return ValueTask.FromResult(true);
    }

    public ValueTask<IReadOnlyList<EntryPart>> PartsOf(long entry, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<EntryPart>>(RowOf(entry)?.Parts ?? []);

    private static Assignment Begin(Row row, AssignmentStep step, int concerned, string by, string? reason)
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
        return new Assignment(row.View, row.Generation, row.Step!.Value, row.View.AssignedBy!, parts, row.Concerned, row.StepReason);
    }

    private Row? StillAt(Assignment assignment) =>
        RowOf(assignment.Entry.Id) is { Step: not null } row && row.Generation == assignment.Generation ? row : null;
}
