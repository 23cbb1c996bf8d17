namespace IspBilling.Engine.Identity;

/// <summary>
/// Pairs entries so that as many as possible have a partner: first those that agree in all, then those that agree in most, and where the rest find
/// nobody, less certain pairs part again.
/// </summary>
/// <remarks>
/// One file leaves out the symbol of the first, the other the payer of the second. Taken in the order of the file, the first would go to
/// whoever comes first, and the second would be left with a stranger:
/// <code>
/// told    499 payer P ──┐ ┌── 499 symbol 801
///                       ╳
/// known   499 symbol 801, payer P      499 payer P
/// </code>
/// </remarks>
internal static class BestPairs
{
    /// <summary>Of more entries that do not agree in all, nobody looks for the best pairs.</summary>
    private const int Max = 300;

    private static readonly Func<ToldEntry, ToldEntry, bool>[] Ways =
        [Likeness.HaveSymbolsAndPayer, Likeness.HaveSymbols, Likeness.NameOnePayer, (_, _) => true];

    /// <summary>Null where there are too many to look.</summary>
    public static Dictionary<ToldEntry, ToldEntry>? Of(List<ToldEntry> told, List<ToldEntry> known, Func<ToldEntry, ToldEntry, bool> fits)
    {
        var pairs = new Dictionary<ToldEntry, ToldEntry>(ReferenceEqualityComparer.Instance);
        var left = told.ToList();
        var free = known.ToList();
        Take(pairs, left, free, entry => Likeness.All(entry) is { } all ? $"{all} {entry.BookedOn.DayNumber} {entry.BalanceBefore}" : null, fits);
        Take(pairs, left, free, Likeness.All, fits);
        if (left.Count > Max || free.Count > Max)
        {
            // Alike in what they leave out as well, and at one place.
            Take(pairs, left, free, entry => FormattableString.Invariant($"{entry.Symbol} {entry.SpecificSymbol} {entry.Counter} {entry.BookedOn.DayNumber} {entry.BalanceBefore}"), fits);
            if (left.Count > Max || free.Count > Max) return null;
        }

        var mates = Mates(left, free, fits);
        for (var at = 0; at < free.Count; at++)
            if (mates[at] is >= 0 and var mate) pairs.Add(left[mate], free[at]);
        return pairs;
    }

    private static void Take(
        Dictionary<ToldEntry, ToldEntry> pairs, List<ToldEntry> told, List<ToldEntry> known, Func<ToldEntry, string?> key, Func<ToldEntry, ToldEntry, bool> fits)
    {
        var waiting = new Dictionary<string, Queue<ToldEntry>>(StringComparer.Ordinal);
        foreach (var entry in known)
        {
            if (key(entry) is not { } of) continue;
            if (!waiting.TryGetValue(of, out var alike)) waiting.Add(of, alike = []);
            alike.Enqueue(entry);
        }

        var taken = new HashSet<ToldEntry>(ReferenceEqualityComparer.Instance);
        told.RemoveAll(entry =>
        {
            if (key(entry) is not { } of || !waiting.TryGetValue(of, out var alike) || !alike.TryPeek(out var other) || !fits(entry, other)) return false;
            taken.Add(alike.Dequeue());
            pairs.Add(entry, other);
            return true;
        });
        known.RemoveAll(taken.Contains);
    }

    /// <summary>By known entry: which told one is its own, or -1. Kuhn's augmenting paths over pairs that were made by likeness.</summary>
    private static int[] Mates(List<ToldEntry> told, List<ToldEntry> known, Func<ToldEntry, ToldEntry, bool> fits)
    {
        var partners = told.ConvertAll(entry => Enumerable.Range(0, known.Count).Where(at => fits(entry, known[at])).ToArray());
        var mates = Enumerable.Repeat(-1, known.Count).ToArray();
        var isPaired = new bool[told.Count];
        foreach (var way in Ways)
        {
            for (var at = 0; at < told.Count; at++)
            {
                if (isPaired[at]) continue;
                var found = Array.FindIndex(partners[at], other => mates[other] < 0 && way(told[at], known[other]));
                if (found < 0) continue;
                mates[partners[at][found]] = at;
                isPaired[at] = true;
            }
        }

        for (var at = 0; at < told.Count; at++)
            if (!isPaired[at]) Augment(at, partners, mates, new bool[known.Count]);
        return mates;
    }

    private static bool Augment(int told, List<int[]> partners, int[] mates, bool[] seen)
    {
        foreach (var other in partners[told])
        {
            if (seen[other]) continue;
            seen[other] = true;
            if (mates[other] >= 0 && !Augment(mates[other], partners, mates, seen)) continue;
            mates[other] = told;
            return true;
        }

        return false;
    }
}
