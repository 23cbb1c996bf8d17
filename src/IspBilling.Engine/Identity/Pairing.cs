namespace IspBilling.Engine.Identity;

/// <summary>Entries of equal amount and direction, told now and known before, on their way to be paired one by one.</summary>
/// <param name="conclude">Told of each pair, and why it is not certain; null where it is.</param>
internal sealed class Pairing(List<ToldEntry> told, List<ToldEntry> known, Action<ToldEntry, ToldEntry, string?> conclude)
{
    /// <summary>From agreement in all that can be compared to none.</summary>
    private static readonly Func<ToldEntry, ToldEntry, bool>[] Ways = [Likeness.HaveSymbolsAndPayer, Likeness.HaveSymbols, (_, _) => true];

    public bool IsDone => told.Count == 0 || known.Count == 0;

    /// <summary>By an id that the bank never gives twice: whatever else a reader makes of the two.</summary>
    public void ByUniqueReference() => ByKey(entry => entry.UniqueReference, entry => entry.UniqueReference);

    /// <summary>By what an earlier release called the movement. Its names of equal entries of a file end in #2, #3, ….</summary>
    public void ByName()
    {
        foreach (var nth in Enumerable.Range(0, told.Count == 0 ? 0 : told.Max(entry => entry.Names.Count)))
            ByKey(entry => entry.Names.ElementAtOrDefault(nth), entry => entry is { Statement: null, Names: [var name, ..] } ? Base(name) : null);
    }

    /// <summary>Pairs, in order, those of one key that fit. What has no key pairs with nothing.</summary>
    public void By(Func<ToldEntry, string?> toldKey, Func<ToldEntry, string?> knownKey, Func<ToldEntry, ToldEntry, bool> fits, string? doubt = null)
    {
        if (IsDone) return;
        var waiting = new Waiting();
        foreach (var entry in known)
            if (knownKey(entry) is { } key) waiting.Add(key, entry);
        if (waiting.IsEmpty) return;

        var pairs = new Dictionary<ToldEntry, ToldEntry>(ReferenceEqualityComparer.Instance);
        foreach (var entry in told)
        {
            if (toldKey(entry) is { } key && waiting.Take(key, entry, fits) is { } other) pairs.Add(entry, other);
        }

        Settle(pairs, doubt);
    }

    public void ByLikeness(Func<ToldEntry, ToldEntry, bool> fits, string? doubt = null)
    {
        foreach (var way in Ways) By(_ => "", _ => "", (one, other) => way(one, other) && fits(one, other), doubt);
    }

    /// <summary>Equal in symbol, payer and all that can be compared. Such pairs keep nobody else from being paired, whoever they really are.</summary>
    public void ByAll(Func<ToldEntry, ToldEntry, bool> fits) => By(Likeness.All, Likeness.All, fits);

    /// <summary>
    /// Days that are told from the same balance to the same balance, in as many entries of this amount: they are the same entries, if each can be
    /// paired at once. What one file leaves out is then no reason to take an entry for another's.
    /// </summary>
    /// <param name="relation">Of a day that is told to one that is known. Entries that a third statement told of a part of the day are among the known ones.</param>
    public void ByDays<TDay>(Func<ToldEntry, TDay> toldDay, Func<ToldEntry, TDay> knownDay, Func<TDay, TDay, SpanRelation> relation, Func<ToldEntry, ToldEntry, bool> fits)
        where TDay : notnull
    {
        if (IsDone) return;
        var days = known.Where(entry => !entry.IsPart).GroupBy(knownDay).ToList();
        var pairs = new Dictionary<ToldEntry, ToldEntry>(ReferenceEqualityComparer.Instance);
        var taken = new HashSet<ToldEntry>(ReferenceEqualityComparer.Instance);
        foreach (var day in told.Where(entry => !entry.IsPart).GroupBy(toldDay))
        {
            var related = days.Select(other => (Entries: other, Relation: relation(day.Key, other.Key))).Where(other => other.Relation is SpanRelation.Same or SpanRelation.Within).ToList();
            if (!related.Exists(other => other.Relation == SpanRelation.Same)) continue;
            List<ToldEntry> here = [.. day], there = [.. related.SelectMany(other => other.Entries)];
            if (here.Count != there.Count || BestPairs.Of(here, there, fits) is not { } best || best.Count < here.Count) continue;
            if (best.Values.Any(other => !taken.Add(other))) continue;
            foreach (var (entry, other) in best) pairs.Add(entry, other);
        }

        Settle(pairs, doubt: null);
    }

    /// <summary>As many as can be paired at once, those that agree in most before the others.</summary>
    public void ByBestLikeness(Func<ToldEntry, ToldEntry, bool> fits)
    {
        if (!IsDone && BestPairs.Of(told, known, fits) is { } best) Settle(best, doubt: null);
        ByLikeness(fits);
    }

    private void ByKey(Func<ToldEntry, string?> toldKey, Func<ToldEntry, string?> knownKey)
    {
        if (IsDone) return;
        var waiting = new Dictionary<string, Queue<ToldEntry>>(StringComparer.Ordinal);
        foreach (var entry in known)
        {
            if (knownKey(entry) is not { } key) continue;
            if (!waiting.TryGetValue(key, out var alike)) waiting.Add(key, alike = []);
            alike.Enqueue(entry);
        }

        var pairs = new Dictionary<ToldEntry, ToldEntry>(ReferenceEqualityComparer.Instance);
        foreach (var entry in told)
            if (toldKey(entry) is { } key && waiting.TryGetValue(key, out var alike) && alike.TryDequeue(out var other)) pairs.Add(entry, other);
        Settle(pairs, doubt: null);
    }

    private static string Base(string name) => name.IndexOf('#', StringComparison.Ordinal) is >= 0 and var mark ? name[..mark] : name;

    private void Settle(Dictionary<ToldEntry, ToldEntry> pairs, string? doubt)
    {
        if (pairs.Count == 0) return;
        foreach (var (entry, other) in pairs) conclude(entry, other, doubt);
        var taken = new HashSet<ToldEntry>(pairs.Values, ReferenceEqualityComparer.Instance);
        told.RemoveAll(pairs.ContainsKey);
        known.RemoveAll(taken.Contains);
    }

    /// <summary>
    /// Known entries by key and symbol. Whoever fits carries the same symbol or one of the two carries none: among thousands of equal
    /// amounts few are looked at.
    /// </summary>
    private sealed class Waiting
    {
        private readonly Dictionary<string, Dictionary<long, List<ToldEntry>>> _byKey = new(StringComparer.Ordinal);
        private const long NoSymbol = -1;

        public bool IsEmpty => _byKey.Count == 0;

        public void Add(string key, ToldEntry entry)
        {
            if (!_byKey.TryGetValue(key, out var bySymbol)) _byKey.Add(key, bySymbol = []);
            var symbol = entry.Symbol ?? NoSymbol;
            if (!bySymbol.TryGetValue(symbol, out var alike)) bySymbol.Add(symbol, alike = []);
            alike.Add(entry);
        }

        public ToldEntry? Take(string key, ToldEntry told, Func<ToldEntry, ToldEntry, bool> fits)
        {
            if (!_byKey.TryGetValue(key, out var bySymbol)) return null;
            if (Take(bySymbol, told.Symbol ?? NoSymbol, told, fits) is { } same) return same;
            if (told.Symbol is not null) return Take(bySymbol, NoSymbol, told, fits);
            foreach (var symbol in bySymbol.Keys.Order())
                if (Take(bySymbol, symbol, told, fits) is { } other) return other;
            return null;
        }

        private static ToldEntry? Take(Dictionary<long, List<ToldEntry>> bySymbol, long symbol, ToldEntry told, Func<ToldEntry, ToldEntry, bool> fits)
        {
            if (!bySymbol.TryGetValue(symbol, out var alike)) return null;
            var found = alike.FindIndex(entry => fits(told, entry));
            if (found < 0) return null;
            var entry = alike[found];
            alike.RemoveAt(found);
            return entry;
        }
    }
}
