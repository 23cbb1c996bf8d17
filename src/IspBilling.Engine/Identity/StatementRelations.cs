using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Identity;

/// <summary>What two statements of one account say about each other.</summary>
public static class StatementRelations
{
    /// <summary>A booking may be told that many days before or after the day under which another document tells it.</summary>
    public const int DaysApartMax = 5;

    /// <summary>Of the earlier statements of an account, those that may share entries with this one, as far as days and balances tell.</summary>
    /// <remarks>
    /// Three statements of a day that go on from each other share nothing, although the third does not begin where the first ends:
    /// <code>
    /// ├── first ──┤├── second ──┤├── third ──┤
    /// </code>
    /// </remarks>
    public static IReadOnlyList<ToldStatement> Sharing(ToldStatement one, IReadOnlyCollection<ToldStatement> earlier)
    {
        var sharing = earlier.Where(other => MayShare(one, other)).ToList();
        if (sharing.Count == 0 || !one.HasBalances) return sharing;
        var chained = Chained(one, earlier, statement => statement.Opening, statement => statement.Closing);
        chained.UnionWith(Chained(one, earlier, statement => statement.Closing, statement => statement.Opening));
        sharing.RemoveAll(other => chained.Contains(other.Id) && one.Spans.All(span =>
            other.Spans.All(known => SpanRelations.Of(span, known) is SpanRelation.Apart or SpanRelation.Unknown)));
        return sharing;
    }

    /// <summary>Those that lead to this one, or on from it, from balance to balance.</summary>
    private static HashSet<long> Chained(ToldStatement one, IEnumerable<ToldStatement> earlier, Func<ToldStatement, long?> from, Func<ToldStatement, long?> to)
    {
        var ends = earlier.Where(other => other.HasBalances && other.Account == one.Account && other.Currency == one.Currency).ToLookup(to);
        var chained = new HashSet<long>();
        var next = new Queue<ToldStatement>([one]);
        while (next.TryDequeue(out var statement))
            foreach (var other in ends[from(statement)])
                if (GoOn(statement, other) && chained.Add(other.Id)) next.Enqueue(other);
        return chained;
    }

    /// <summary>Whether an entry of one can be an entry of the other, as far as their own days and balances tell.</summary>
    private static bool MayShare(ToldStatement one, ToldStatement other)
    {
        if (one.Account != other.Account || one.Currency != other.Currency) return false;
        var slack = one.HasBalances && other.HasBalances ? 0 : DaysApartMax;
        if (!Meet(one, other, slack) && !BeginOrEndAlike(one, other)) return false;
        return slack > 0 || !GoOn(one, other) || one.Spans.Any(span => other.Spans.Any(known => SpanRelations.Of(span, known) != SpanRelation.Apart));
    }

    /// <summary>They tell of common days, or begin or end with a common balance, and neither goes on where the other ends.</summary>
    internal static bool Overlap(ToldStatement one, ToldStatement other) => (Meet(one, other, slack: 0) || BeginOrEndAlike(one, other)) && !GoOn(one, other);

    private static bool Meet(ToldStatement one, ToldStatement other, int slack) => one.From <= other.To.AddDays(slack) && other.From <= one.To.AddDays(slack);

    /// <summary>
    /// The days of a statement are those of its entries: one that dates its first or last booking otherwise shares no day with what it repeats,
    /// only the balance there.
    /// </summary>
    private static bool BeginOrEndAlike(ToldStatement one, ToldStatement other) =>
        one.HasBalances && other.HasBalances && (one.Opening == other.Opening || one.Closing == other.Closing) && Meet(one, other, DaysApartMax);

    internal static SpanRelation Of(ToldStatement one, BalanceSpan span, ToldStatement other, BalanceSpan known)
    {
        var relation = SpanRelations.Of(span, known);
        if (relation is not (SpanRelation.Unknown or SpanRelation.Doubtful)) return relation;
        if (IsOneNumber(one, other) && (span.From, span.To) == (known.From, known.To)) return SpanRelation.Same;
        return TellsWhole(one, known) || TellsWhole(other, span) ? SpanRelation.Within : relation;
    }

    /// <summary>A statement that begins before these days and ends after them tells everything that was booked on them.</summary>
    internal static bool TellsWhole(ToldStatement statement, BalanceSpan days) => statement.HasBalances && statement.From < days.From && days.To < statement.To;

    /// <summary>Balances of a day may return to where they were, or be missing: then the bank's own number of the statement tells.</summary>
    private static bool IsOneNumber(ToldStatement one, ToldStatement other) =>
        one.Number is not null && one.Number == other.Number && one.Format == other.Format && one.Kind == StatementKind.Statement && other.Kind == StatementKind.Statement
        && (one.From, one.To, one.Opening, one.Closing) == (other.From, other.To, other.Opening, other.Closing);

    private static bool GoOn(ToldStatement one, ToldStatement other) => Follows(one, other) || Follows(other, one);

    private static bool Follows(ToldStatement later, ToldStatement earlier) =>
        later.Opening is { } opening && opening == earlier.Closing && later.From >= earlier.To && later.To >= earlier.To;
}
