using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>Incoming payments of a file that can be booked side by side: none is inferred from another of them.</summary>
internal sealed class Stretch
{
    private DateOnly _firstDay = DateOnly.MaxValue;

    /// <summary>With the one account that their symbol names.</summary>
    public List<(StoredEntry Stored, Candidate Candidate)> Named { get; } = [];

    public List<StoredEntry> Unnamed { get; } = [];

    public bool HasDayBefore(DateOnly day) => _firstDay < day;

    public void Add(StoredEntry stored, Candidate? named)
    {
        if (stored.Entry.BookedOn < _firstDay) _firstDay = stored.Entry.BookedOn;
        if (named is null) Unnamed.Add(stored);
        else Named.Add((stored, named));
    }

    public void Clear()
    {
        Named.Clear();
        Unnamed.Clear();
        _firstDay = DateOnly.MaxValue;
    }
}
