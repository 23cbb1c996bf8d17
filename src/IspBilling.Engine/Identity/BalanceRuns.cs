using System.Runtime.InteropServices;

namespace IspBilling.Engine.Identity;

/// <summary>
/// Consecutive entries of one day that lead from one balance to another. A batch told whole and its payments told apart lead from the same balance
/// to the same balance.
/// </summary>
/// <remarks>
/// <code>
/// told whole   100 ─────────── batch 300 ───────────► 400
/// told apart   100 ── 120 ──► 220 ── 80 ──► 300 ── 100 ──► 400
/// </code>
/// </remarks>
internal sealed class BalanceRuns
{
    /// <summary>A balance to which a day returns more often than this is tried no more often.</summary>
    private const int StartsMax = 64;

    private readonly IReadOnlyList<ToldEntry> _entries;

    /// <summary>By place: which unbroken run the entry is in.</summary>
    private readonly int[] _run;

    private readonly Dictionary<(DateOnly Day, Int128 Balance), List<int>> _starts = [];
    private readonly Dictionary<(int Run, Int128 Balance), List<int>> _ends = [];

    /// <param name="entries">Of one statement, in its order.</param>
    public BalanceRuns(IReadOnlyList<ToldEntry> entries)
    {
        (_entries, _run) = (entries, new int[entries.Count]);
        for (var at = 0; at < entries.Count; at++)
        {
            var entry = entries[at];
            _run[at] = at == 0 ? 0 : GoesOn(entries[at - 1], entry) ? _run[at - 1] : _run[at - 1] + 1;
            if (entry.BalanceBefore is not { } before) continue;
            Add(_starts, (entry.BookedOn, before), at);
            Add(_ends, (_run[at], before + entry.SignedMinor), at);
        }
    }

    /// <summary>The shortest run of two entries or more from where the whole one begins to where it ends; null for none.</summary>
    public IReadOnlyList<ToldEntry>? Like(ToldEntry whole)
    {
        if (whole.BalanceBefore is not { } from || !_starts.TryGetValue((whole.BookedOn, from), out var starts)) return null;
        foreach (var start in starts.Take(StartsMax))
        {
            if (!_ends.TryGetValue((_run[start], from + (Int128)whole.SignedMinor), out var ends)) continue;
            var found = ends.BinarySearch(start + 1);
            if (found < 0) found = ~found;
            if (found < ends.Count) return [.. Enumerable.Range(start, ends[found] - start + 1).Select(at => _entries[at])];
        }

        return null;
    }

    private static bool GoesOn(ToldEntry before, ToldEntry next) =>
        next.BookedOn == before.BookedOn && before.BalanceBefore is { } balance && next.BalanceBefore == balance + (Int128)before.SignedMinor;

    private static void Add<TKey>(Dictionary<TKey, List<int>> places, TKey key, int at) where TKey : notnull =>
        (CollectionsMarshal.GetValueRefOrAddDefault(places, key, out _) ??= []).Add(at);
}
