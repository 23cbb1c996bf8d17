using IspBilling.Domain;
using IspBilling.Engine.Identity;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Simulation.Storage;

/// <remarks>Pairs of entries that may be the same money; a store in memory is small enough for each pair.</remarks>
public sealed partial class MemoryImportStore
{
    private readonly Dictionary<long, SortedSet<long>> _doubts = [];
    private readonly HashSet<(long Entry, long Other)> _apart = [];

    public ValueTask<IReadOnlyList<EntryView>> CounterpartsOf(long entry, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<EntryView>>([.. Counterparts(entry).Select(other => Seen(RowOf(other)!))]);

    public ValueTask<bool> TellApart(long entry, IReadOnlyList<long> others, Actor by, string reason, CancellationToken cancellation)
    {
        long[] all = [entry, .. others];
        if (Array.Exists(all, id => RowOf(id) is not { Step: null })) return ValueTask.FromResult(false);
        foreach (var other in others) _apart.UnionWith([(entry, other), (other, entry)]);
        foreach (var row in all.Select(id => RowOf(id)!))
        {
            row.Generation++;
            if (row.View is { IsDoubtful: true } view && OppositeOf(view.Id).All(other => RowOf(other)!.View.State == EntryState.Rejected))
                row.View = view with { IsDoubtful = false, LooksLike = null };
        }

        var told = RowOf(entry)!;
        if (told.View.State == EntryState.Suspense) told.View = told.View with { Candidates = [], Reason = $"told apart by {by.Name}: {reason}" };
        return ValueTask.FromResult(true);
    }

    /// <remarks>What files tell of known money beyond itself is not kept here.</remarks>
    public ValueTask<IReadOnlyList<EntryView>> ToldMoreAfter(ImportId import, long after, int max, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyList<EntryView>>([]);

    public ValueTask Flag(ImportId import, long entry, string why, CancellationToken cancellation)
    {
        if (RowOf(entry) is { View.State: EntryState.Matched or EntryState.Rejected } row) row.View = row.View with { Reason = $"{row.View.Reason}; {why}" };
        return ValueTask.CompletedTask;
    }

    private EntryView Seen(Row row) => !_doubts.ContainsKey(row.View.Id) ? row.View : row.View with
    {
        MayBe = [.. OppositeOf(row.View.Id).Where(other => RowOf(other)!.View.State != EntryState.Rejected).Take(EntryView.MaxMayBe)],
    };

    private void Doubt(long told, Doubt doubt)
    {
        foreach (var known in doubt.Known)
        {
            Add(told, known);
            Add(known, told);
        }

        void Add(long entry, long other)
        {
            if (!_doubts.TryGetValue(entry, out var others)) _doubts.Add(entry, others = []);
            others.Add(other);
        }
    }

    private bool IsBookedElsewhere(long entry) =>
        Counterparts(entry).Exists(other => RowOf(other) is { View.State: EntryState.Pending or EntryState.Matched } or { Step: not null });

    /// <summary>From doubt to doubt, never by way of another entry of its own statement.</summary>
    private List<long> Counterparts(long entry)
    {
        var (met, next) = (new SortedSet<long>(), new Queue<long>([entry]));
        while (next.TryDequeue(out var one))
        {
            foreach (var other in OppositeOf(one))
            {
                if (other != entry && !_apart.Contains((entry, other)) && StatementOf(other) != StatementOf(entry) && met.Add(other)) next.Enqueue(other);
            }
        }

        return [.. met];
    }

    private IEnumerable<long> OppositeOf(long entry) => _doubts.TryGetValue(entry, out var others) ? others.Where(other => !_apart.Contains((entry, other))) : [];

    private long? StatementOf(long entry) => RowOf(entry)!.Told!.Statement;
}
