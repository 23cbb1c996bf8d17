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
public readonly record struct Verdict(Recognised As, long? Entry, string? Why)
{
    /// <summary>Every entry whose money it may be; null for what is new or known, and where no entry is left that it could be.</summary>
    public Doubt? Doubt { get; init; }
}

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

    /// <summary>Where a day is told in other entries, each that is told here may be any that only the other statement tells.</summary>
    private readonly Dictionary<(long Statement, BalanceSpan Days, EntryDirection Direction), Doubt?> _doubtsOfDays = [];

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
        recognition.OfEachAmount(told, known, recognition.PairNamed);
        recognition.PairRuns(told, known);
        recognition.PairSums(told, known);
        recognition.OfEachAmount(told, known, recognition.PairAlike);
        var untold = recognition.Untold(told, known);
        foreach (var entry in told)
            if (!recognition._verdicts.ContainsKey(entry.Key)) recognition._verdicts.Add(entry.Key, recognition.Unpaired(entry, untold));
        return recognition._verdicts;
    }

    private void OfEachAmount(IReadOnlyList<ToldEntry> told, IReadOnlyList<ToldEntry> known, Action<Pairing> pair)
    {
        var candidates = known.Where(IsUnpaired).ToLookup(entry => (entry.Direction, entry.Minor));
        foreach (var alike in told.Where(IsOpen).GroupBy(entry => (entry.Direction, entry.Minor)))
        {
            var pairing = new Pairing([.. alike], [.. candidates[alike.Key]], Conclude);
            if (!pairing.IsDone) pair(pairing);
        }
    }

    private bool IsOpen(ToldEntry told) => !_verdicts.ContainsKey(told.Key);

    private bool IsUnpaired(ToldEntry known) => !_paired.Contains(known.Key);

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
            Conclude(whole, parts, isAllOfIt ? null : "the first payment of this batch, whose known payments do not add up to it");
        }
    }

    /// <summary>A batch and its payments that no reference ties together lead from the same balance to the same balance.</summary>
    private void PairRuns(IReadOnlyList<ToldEntry> told, IReadOnlyList<ToldEntry> known)
    {
        const string OneStep = "told together and told apart, they lead from the same balance to the same balance";
        var toldRuns = new BalanceRuns([.. told.Where(IsOpen)]);
        foreach (var whole in known.Where(IsUnpaired))
            if (toldRuns.Like(whole) is { } run && MayBeBatch(run[0], whole)) ConcludeAll(run, whole, OneStep);
        foreach (var other in known.Where(entry => entry.Statement is not null && IsUnpaired(entry)).GroupBy(entry => entry.Statement))
        {
            var knownRuns = new BalanceRuns([.. other]);
            foreach (var whole in told.Where(IsOpen))
                if (knownRuns.Like(whole) is { } run && run.All(IsUnpaired) && MayBeBatch(whole, run[0])) Conclude(whole, run, OneStep);
        }
    }

    /// <summary>Or they agree in nothing but their sum. Before single payments are compared: one of a batch is easily taken for another of its amount.</summary>
    private void PairSums(IReadOnlyList<ToldEntry> told, IReadOnlyList<ToldEntry> known)
    {
        const string AddUp = "the payments of a batch add up to it, and no reference is common to them";
        var wholes = known.Where(entry => !entry.IsPart).ToLookup(entry => (entry.Direction, Sum: (decimal)entry.Minor));
        foreach (var batch in ToldBatch.In(told).Where(batch => batch.Parts.Any(IsOpen)))
        {
            if (wholes[(batch.Direction, batch.Sum)].FirstOrDefault(whole => IsUnpaired(whole) && MayBeBatch(batch.Parts[0], whole)) is { } whole)
                ConcludeAll(batch.Parts, whole, AddUp);
        }

        var batches = ToldBatch.In(known).ToLookup(batch => (batch.Direction, batch.Sum));
        foreach (var whole in told.Where(entry => IsOpen(entry) && !entry.IsPart))
        {
            if (batches[(whole.Direction, whole.Minor)].FirstOrDefault(batch => batch.Parts.All(IsUnpaired) && MayBeBatch(whole, batch.Parts[0])) is { } batch)
                Conclude(whole, batch.Parts, AddUp);
        }
    }

    private bool MayBeBatch(ToldEntry told, ToldEntry known)
    {
        if (told.UniqueReference is not null && known.UniqueReference is not null) return false;
        var isSameFormat = StatementOf(known)?.Format == _statement.Format;
        return MayMeet(told, known) && Likeness.AreNear(told, known) && !(isSameFormat && Likeness.DifferInBatch(told, known));
    }

    private void ConcludeAll(IReadOnlyList<ToldEntry> parts, ToldEntry whole, string doubt)
    {
        foreach (var part in parts.Where(IsOpen)) Conclude(part, whole, doubt);
    }

    private void Conclude(ToldEntry whole, IReadOnlyList<ToldEntry> parts, string? doubt)
    {
        Conclude(whole, parts[0], doubt, new Doubt([.. parts.Select(part => part.Key)]));
        _paired.UnionWith(parts.Select(part => part.Key));
    }

    private static bool IsWhole(ToldEntry entry, string parent, EntryDirection direction) =>
        !entry.IsPart && entry.Direction == direction && (entry.Reference == parent || entry.Parent == parent);

    /// <summary>What a reference, a name or the place in the chain of balances says is one.</summary>
    private void PairNamed(Pairing pairing)
    {
        pairing.ByUniqueReference();
        pairing.By(_told.Trusted, _known.Trusted, (told, known) => MayMeet(told, known) && Likeness.AreNear(told, known) && !Likeness.Differ(told, known));
        pairing.ByName();
        pairing.By(Part, Part, (told, known) => MayMeet(told, known) && !Likeness.Differ(told, known));
        pairing.ByDays(
            told => (_statement.Id, SpanOf(_statement, told)), known => StatementOf(known) is { } other ? (other.Id, SpanOf(other, known)) : default, Relation,
            (told, known) => !Likeness.Differ(told, known) && !DifferInNumber(told, known));
        pairing.ByAll((told, known) => AreToldByBoth(told, known) && !DifferInNumber(told, known));
        pairing.By(Place, Place, (told, known) => AreAtOnePlace(told, known) && !Likeness.Differ(told, known) && !DifferInNumber(told, known));
    }

    /// <summary>What the days prove, before what only looks alike; and of each the pairs that agree in most.</summary>
    private void PairAlike(Pairing pairing)
    {
        pairing.ByBestLikeness((told, known) => AreToldByBoth(told, known) && !Likeness.Differ(told, known) && !DifferInNumber(told, known));
        pairing.ByLikeness((told, known) => AreToldByBoth(told, known) && !Likeness.Differ(told, known), "its days are told there too, but its number is another");
        pairing.ByLikeness(LookAlike, "nothing proves that it is the same, and nothing that it is not");
        pairing.ByLikeness(AreDatedApart, "it is dated otherwise");
    }

    private void Conclude(ToldEntry told, ToldEntry known, string? doubt) => Conclude(told, known, doubt, new Doubt([known.Key]));

    /// <param name="between">Who may be the same where that is not certain.</param>
    private void Conclude(ToldEntry told, ToldEntry known, string? doubt, Doubt between)
    {
        _paired.Add(known.Key);
        var from = known.Statement is { } id && _earlier.TryGetValue(id, out var statement) ? $" of {statement.Named}" : "";
        _verdicts[told.Key] = doubt is null
            ? new Verdict(Recognised.Known, known.Key, Why: null)
            : new Verdict(Recognised.Doubtful, known.Key, FormattableString.Invariant($"looks like entry {known.Key}{from}: {doubt}")) { Doubt = between };
    }

    /// <summary>
    /// A day from the same balance to the same balance holds no other money: what fits no entry there is told there in another way, as a batch or as
    /// its payments. So is a part of a day that one statement begins or ends like the other, as long as that one tells something that this one does
    /// not. An id among ids of the same format proves that it is not; another format may number the same money otherwise, so there it is money of its own
    /// only where nothing is left that it could be.
    /// </summary>
    private Verdict Unpaired(ToldEntry told, UntoldEntries untold)
    {
        var span = SpanOf(_statement, told);
        foreach (var other in _earlier.Values)
        {
            var isIdAmongIds = told.UniqueReference is not null && !_withoutIds.Contains(other.Id);
            if (isIdAmongIds && other.Format == _statement.Format) continue;
            foreach (var known in other.Spans)
            {
                var relation = StatementRelations.Of(_statement, span, other, known);
                var like = untold.In(other.Id, known).Like(told);
                if (relation == SpanRelation.Same && (like is not null || !isIdAmongIds))
                    return Doubtful(like, Between(), $"{other.Named} tells this day from the same balance to the same balance and has no such entry");
                if (relation == SpanRelation.Within && like is not null)
                    return Doubtful(like, Between(), $"{other.Named} tells some of the same money, as the balances say, and not in the same entries");
                if (relation == SpanRelation.Doubtful && untold.In(other.Id, known).MayHold(told, untold.SumOf(span, told.Direction)))
                    return Doubtful(like, Between(), $"the balances of {other.Named} return to where they were, and with others it may add up to that one");

                Doubt? Between() => DoubtOfDay(untold, other.Id, known, told.Direction);
            }

            if (!isIdAmongIds && StatementRelations.TellsWhole(other, span)) return Doubtful(like: null, between: null, $"{other.Named} tells all that was booked on this day and has no such entry");
        }

        return new Verdict(Recognised.New, Entry: null, Why: null);
    }

    private Doubt? DoubtOfDay(UntoldEntries untold, long statement, BalanceSpan days, EntryDirection direction)
    {
        if (_doubtsOfDays.TryGetValue((statement, days, direction), out var doubt)) return doubt;
        var alike = untold.In(statement, days).AllLike(direction);
        return _doubtsOfDays[(statement, days, direction)] = alike.Count == 0 ? null : new Doubt(alike);
    }

    private static Verdict Doubtful(ToldEntry? like, Doubt? between, string why) => new(
        Recognised.Doubtful, like?.Key, like is null ? why : FormattableString.Invariant($"looks like entry {like.Key}: {why}"))
    { Doubt = between };

    /// <summary>What earlier statements told and this one does not. A doubtful copy of what it tells is told with it.</summary>
    private UntoldEntries Untold(IReadOnlyList<ToldEntry> told, IReadOnlyList<ToldEntry> known)
    {
        var copied = known.Where(entry => entry.LooksLike is not null && _paired.Contains(entry.Key)).Select(entry => entry.LooksLike!.Value).ToHashSet();
        var untold = known.Where(entry =>
            IsUnpaired(entry) && StatementOf(entry) is not null && !copied.Contains(entry.Key) && !(entry.LooksLike is { } like && (_paired.Contains(like) || copied.Contains(like))));
        return new UntoldEntries(
            untold.GroupBy(entry => (entry.Statement!.Value, SpanOf(StatementOf(entry)!, entry))), told.Where(IsOpen).GroupBy(entry => (SpanOf(_statement, entry), entry.Direction)));
    }

    private SpanRelation Relation((long Statement, BalanceSpan Days) told, (long Statement, BalanceSpan Days) known) =>
        _earlier.TryGetValue(known.Statement, out var other) ? StatementRelations.Of(_statement, told.Days, other, known.Days) : SpanRelation.Apart;

    /// <summary>Where balances return to where they were, so do places.</summary>
    private bool AreAtOnePlace(ToldEntry told, ToldEntry known) =>
        Relation(told, known) is SpanRelation.Unknown or SpanRelation.Within or SpanRelation.Same;

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
