using IspBilling.Domain;

namespace IspBilling.Engine.Identity;

public enum Recognised
{
    /// <summary>Money that nothing known could be.</summary>
    New,

    /// <summary>It is proven to be the entry that is named.</summary>
    Known,

    /// <summary>It may be the entry that is named, or new money: a person decides.</summary>
    Doubtful,
}

/// <param name="Entry">Id of the entry it is, or may be; null where a statement tells the day whole and no entry of it fits.</param>
/// <param name="Why">For the clerk; null for what is new.</param>
public readonly record struct Verdict(Recognised As, long? Entry, string? Why);

/// <summary>
/// Tells which entries of a statement are movements that an earlier statement told. Pairs them one by one, by the strongest evidence first:
/// the bank's reference, then what the balances prove of the days, then the place in the chain of balances. What only looks alike is
/// doubtful: never silently known, never silently booked twice.
/// </summary>
public sealed class Recognition
{
    private readonly ToldStatement _statement;
    private readonly Dictionary<long, ToldStatement> _earlier;
    private readonly TokenCounts _told;
    private readonly TokenCounts _known;
    private readonly Dictionary<long, Verdict> _verdicts = [];
    private readonly HashSet<long> _paired = [];

    /// <summary>Statements with an entry that has no unique id.</summary>
    private readonly HashSet<long> _withoutIds;

    private Recognition(ToldStatement statement, IReadOnlyList<ToldEntry> told, IEnumerable<ToldStatement> earlier, IReadOnlyList<ToldEntry> known)
    {
        _statement = statement;
        _earlier = earlier.ToDictionary(other => other.Id);
        (_told, _known) = (new TokenCounts(told), new TokenCounts(known));
        _withoutIds = [.. known.Where(entry => entry is { Statement: not null, UniqueReference: null }).Select(entry => entry.Statement!.Value)];
    }

    /// <param name="told">The entries of the statement, in its order.</param>
    /// <param name="earlier">The statements that may share entries with it: <see cref="StatementRelations.Sharing"/>.</param>
    /// <param name="known">
    /// Their entries, those of releases that kept no statements and are of about these days, and those whose unique reference is told again.
    /// </param>
    /// <returns>One for each entry of the statement, by its key.</returns>
    public static IReadOnlyDictionary<long, Verdict> Of(
        ToldStatement statement, IReadOnlyList<ToldEntry> told, IEnumerable<ToldStatement> earlier, IReadOnlyList<ToldEntry> known)
    {
        var recognition = new Recognition(statement, told, earlier, known);
        recognition.PairBatches(told, known);
        var candidates = known.Where(entry => !recognition._paired.Contains(entry.Key)).ToLookup(entry => (entry.Direction, entry.Minor));
        var open = told.Where(entry => !recognition._verdicts.ContainsKey(entry.Key)).GroupBy(entry => (entry.Direction, entry.Minor));
        foreach (var alike in open) recognition.Pair(new Pairing([.. alike], [.. candidates[alike.Key]], recognition.Conclude));
        foreach (var entry in told)
            if (!recognition._verdicts.ContainsKey(entry.Key)) recognition._verdicts.Add(entry.Key, recognition.Unpaired(entry));
        return recognition._verdicts;
    }

    /// <summary>A batch told whole and its payments told apart are the same money, whichever came first and in whatever order.</summary>
    private void PairBatches(IReadOnlyList<ToldEntry> told, IReadOnlyList<ToldEntry> known)
    {
        foreach (var parts in told.Where(entry => entry is { IsPart: true, Parent: not null }).GroupBy(part => (Parent: part.Parent!, part.Direction)))
        {
            if (known.FirstOrDefault(entry => IsWhole(entry, parts.Key.Parent, parts.Key.Direction) && MayMeet(parts.First(), entry)) is not { } whole) continue;
            var isAllOfIt = parts.Sum(part => (decimal)part.Minor) == whole.Minor;
            foreach (var part in parts) Conclude(part, whole, isAllOfIt ? null : "a payment of that batch, whose payments do not add up to it");
        }

        var knownParts = known.Where(entry => entry is { IsPart: true, Parent: not null }).ToLookup(entry => (entry.Parent!, entry.Direction));
        if (knownParts.Count == 0) return;
        foreach (var whole in told.Where(entry => !entry.IsPart))
        {
            var parts = knownParts[(whole.Reference ?? whole.Parent ?? "", whole.Direction)].Where(part => MayMeet(whole, part)).ToList();
            if (parts.Count == 0) continue;
            var isAllOfIt = parts.Sum(part => (decimal)part.Minor) == whole.Minor;
            Conclude(whole, parts[0], isAllOfIt ? null : "the first payment of this batch, whose known payments do not add up to it");
        }
    }

    private static bool IsWhole(ToldEntry entry, string parent, EntryDirection direction) =>
        !entry.IsPart && entry.Direction == direction && (entry.Reference == parent || entry.Parent == parent);

    /// <summary>What is proven before what is only likely, and of each the pairs that agree in most.</summary>
    private void Pair(Pairing pairing)
    {
        if (pairing.IsDone) return;
        pairing.ByUniqueReference();
        pairing.By(_told.Trusted, _known.Trusted, (told, known) => MayMeet(told, known) && Likeness.AreNear(told, known) && !Likeness.Differ(told, known));
        pairing.ByName();
        pairing.By(Part, Part, (told, known) => MayMeet(told, known) && !Likeness.Differ(told, known));
        pairing.ByLikeness((told, known) => AreToldByBoth(told, known) && !Likeness.Differ(told, known) && !DifferInNumber(told, known));
        pairing.By(Place, Place, (told, known) => Relation(told, known) == SpanRelation.Unknown && !Likeness.Differ(told, known) && !DifferInNumber(told, known));
        pairing.ByLikeness((told, known) => AreToldByBoth(told, known) && !Likeness.Differ(told, known), "its days are told there too, but its number is another");
        pairing.ByLikeness(LookAlike, "nothing proves that it is the same, and nothing that it is not");
        pairing.ByLikeness(AreDatedApart, "it is dated otherwise");
    }

    private void Conclude(ToldEntry told, ToldEntry known, string? doubt)
    {
        _paired.Add(known.Key);
        var from = known.Statement is { } id && _earlier.TryGetValue(id, out var statement) ? $" of {statement.Named}" : "";
        _verdicts[told.Key] = doubt is null
            ? new Verdict(Recognised.Known, known.Key, Why: null)
            : new Verdict(Recognised.Doubtful, known.Key, FormattableString.Invariant($"looks like entry {known.Key}{from}: {doubt}"));
    }

    /// <summary>
    /// A day from the same balance to the same balance holds no other money: what fits no entry there is told there in another way. Only an id among
    /// ids proves that it is not.
    /// </summary>
    private Verdict Unpaired(ToldEntry told)
    {
        var span = SpanOf(_statement, told);
        foreach (var other in _earlier.Values)
        {
            if (told.UniqueReference is not null && !_withoutIds.Contains(other.Id)) continue;
            if (other.Spans.Any(known => StatementRelations.Of(_statement, span, other, known) == SpanRelation.Same))
                return new Verdict(Recognised.Doubtful, Entry: null, $"{other.Named} tells this day from the same balance to the same balance and has no such entry");
        }

        return new Verdict(Recognised.New, Entry: null, Why: null);
    }

    private bool AreToldByBoth(ToldEntry told, ToldEntry known) => Relation(told, known) is SpanRelation.Same or SpanRelation.Within;

    private bool DifferInNumber(ToldEntry told, ToldEntry known) => Likeness.DifferInNumber(told, known, StatementOf(known)?.Format == _statement.Format);

    /// <summary>No balances keep them apart. A notification, and a statement without balances, may date a booking otherwise.</summary>
    private bool MayMeet(ToldEntry told, ToldEntry known) =>
        Relation(told, known) != SpanRelation.Apart || StatementOf(known) is not { HasBalances: true } || !_statement.HasBalances;

    private bool LookAlike(ToldEntry told, ToldEntry known)
    {
        var relation = Relation(told, known);
        if (relation is not (SpanRelation.Unknown or SpanRelation.Doubtful) || Likeness.Differ(told, known)) return false;
        if (relation == SpanRelation.Unknown && DifferInNumber(told, known)) return false;
        return told.BookedOn == known.BookedOn || told.IsDatedByStatement || known.IsDatedByStatement;
    }

    /// <summary>Statements of overlapping days whose balances prove nothing about either day: one of them may date its entries otherwise.</summary>
    private bool AreDatedApart(ToldEntry told, ToldEntry known) =>
        StatementOf(known) is { } other && Relation(told, known) == SpanRelation.Apart && Likeness.AreNear(told, known) && Likeness.NameOnePayer(told, known)
        && !Likeness.Differ(told, known) && !DifferInNumber(told, known) && StatementRelations.Overlap(_statement, other)
        && !IsProven(SpanOf(_statement, told), other) && !IsProven(SpanOf(other, known), _statement);

    private static bool IsProven(BalanceSpan span, ToldStatement by) =>
        by.Spans.Any(other => SpanRelations.Of(span, other) is SpanRelation.Same or SpanRelation.Within);

    /// <summary>An entry of a release that kept no statements may be in any.</summary>
    private SpanRelation Relation(ToldEntry told, ToldEntry known) => StatementOf(known) is { } other
        ? StatementRelations.Of(_statement, SpanOf(_statement, told), other, SpanOf(other, known))
        : known.Statement is null ? SpanRelation.Unknown : SpanRelation.Apart;

    private ToldStatement? StatementOf(ToldEntry known) => known.Statement is { } id ? _earlier.GetValueOrDefault(id) : null;

    private static BalanceSpan SpanOf(ToldStatement statement, ToldEntry entry)
    {
        // Entries that their statement dates come first; no other two spans hold the same day.
        if (!entry.IsDatedByStatement)
        {
            for (var i = statement.Spans.Count - 1; i >= 0; i--)
                if (statement.Spans[i].From == entry.BookedOn && statement.Spans[i].To == entry.BookedOn) return statement.Spans[i];
        }

        foreach (var span in statement.Spans)
            if (span.Holds(entry.BookedOn)) return span;
        return new BalanceSpan(entry.BookedOn, entry.BookedOn, Opening: null, Closing: null);
    }

    private static string? Part(ToldEntry entry) => entry.IsPart ? entry.Parent : null;

    private static string? Place(ToldEntry entry) =>
        entry.BalanceBefore is { } balance ? FormattableString.Invariant($"{entry.BookedOn.DayNumber} {balance}") : null;

    /// <summary>A reference that a second movement carries names neither.</summary>
    private sealed class TokenCounts
    {
        private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

        public TokenCounts(IEnumerable<ToldEntry> entries)
        {
            foreach (var entry in entries)
                if (entry.Token is { } token) _counts[token] = _counts.GetValueOrDefault(token) + 1;
        }

        public string? Trusted(ToldEntry entry) => entry.Token is { } token && _counts[token] == 1 ? token : null;
    }
}
