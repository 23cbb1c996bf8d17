using System.Globalization;

namespace IspBilling.Postgres.Audit;

/// <summary>Days of a statement from one balance to another, in minor units.</summary>
/// <param name="IsWhole">The statement tells of days before and after: nothing of these is missing.</param>
internal readonly record struct ToldSpan(DateOnly From, DateOnly To, long Opening, long Closing, bool IsWhole)
{
    public Int128 Movement => (Int128)Closing - Opening;
}

/// <summary>What entries say an account moved by on a day.</summary>
/// <param name="Money">Of entries that are money for certain.</param>
/// <param name="Uncertain">Each entry that may be a copy; more than <see cref="UncertainMax"/> prove nothing.</param>
internal sealed record BankDay(DateOnly Day, Int128 Money, long Entries, long[] Uncertain)
{
    public const int UncertainMax = 10;
}

/// <summary>Compares entries with balances, day by day; days that statements tell as one are compared as one.</summary>
internal static class BankDays
{
    /// <summary>One document may date a booking so many days apart from another.</summary>
    private const int DaysApartMax = 5;

    /// <summary>More combinations than this prove nothing.</summary>
    private const int CombinationsMax = 4_096;

    private sealed record Group(DateOnly From, DateOnly To, IReadOnlySet<Int128> Told, BankDay[] Days)
    {
        public Int128 Money => Days.Aggregate((Int128)0, (sum, day) => sum + day.Money);

        public long[] Uncertain => [.. Days.SelectMany(day => day.Uncertain)];
    }

    /// <returns>The days, what their entries sum to, and what balances say.</returns>
    public static IEnumerable<(string Days, string Found, string Expected)> Wrong(List<ToldSpan> spans, List<BankDay> days)
    {
        var byDay = days.ToLookup(day => day.Day);
        var groups = Groups(spans, byDay).ToArray();
        for (var at = 0; at < groups.Length; at++)
        {
            var group = groups[at];
            if (Differences(group, group.Uncertain) is not { } differences || differences.Contains(0) || IsDatedApart(groups, at, byDay)) continue;
            yield return (
                group.From == group.To ? $"{group.From:yyyy-MM-dd}" : $"{group.From:yyyy-MM-dd} to {group.To:yyyy-MM-dd}",
                string.Create(CultureInfo.InvariantCulture, $"{group.Money} in {group.Days.Sum(day => day.Entries)} entries"),
                $"{string.Join(" or ", group.Told.Order().Take(4))}, as the balances say");
        }
    }

    private static IEnumerable<Group> Groups(List<ToldSpan> spans, ILookup<DateOnly, BankDay> byDay)
    {
        var open = new List<ToldSpan>();
        var to = DateOnly.MinValue;
        foreach (var span in spans.Distinct().OrderBy(span => span.From))
        {
            if (open.Count > 0 && span.From > to)
            {
                yield return Of(open, to, byDay);
                open = [];
            }

            open.Add(span);
            if (open.Count == 1 || span.To > to) to = span.To;
        }

        if (open.Count > 0) yield return Of(open, to, byDay);
    }

    private static Group Of(List<ToldSpan> spans, DateOnly to, ILookup<DateOnly, BankDay> byDay)
    {
        var from = spans[0].From;
        var days = Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).SelectMany(after => byDay[from.AddDays(after)]);
        return new Group(from, to, Told([.. spans.DistinctBy(span => (span.From, span.To, span.Opening, span.Closing))], [.. spans.Where(span => span.IsWhole)]), [.. days]);
    }

    /// <summary>
    /// What the days moved by. Exactly, where one statement tells them whole, where all tell of the same balances, or where one goes on where the other
    /// ends; else one of the ways from a balance to another, or what each part of the day moved by, where nobody imported what lies between them.
    /// </summary>
    private static HashSet<Int128> Told(ToldSpan[] spans, ToldSpan[] whole)
    {
        var isOneDay = spans.All(span => span.From == span.To);
        if (isOneDay && whole.Length > 0) return [.. whole.Select(span => span.Movement)];
        if (spans.DistinctBy(span => (span.Opening, span.Closing)).Count() == 1) return [spans[0].Movement];
        if (isOneDay && ChainOf(spans) is { } chain) return [chain];
        HashSet<Int128> ways = [.. spans.SelectMany(_ => spans, (one, other) => (Int128)other.Closing - one.Opening)];
        if (isOneDay && Parts(spans) is { Count: > 1 } parts && parts.TrueForAll(part => ChainOf(part) is not null))
            ways.Add(parts.Aggregate((Int128)0, (sum, part) => sum + ChainOf(part)!.Value));
        return ways;
    }

    /// <summary>Spans whose balances lie apart from those of all others.</summary>
    private static List<ToldSpan[]> Parts(ToldSpan[] spans)
    {
        var (parts, part, highest) = (new List<ToldSpan[]>(), new List<ToldSpan>(), long.MinValue);
        foreach (var span in spans.OrderBy(span => long.Min(span.Opening, span.Closing)))
        {
            if (part.Count > 0 && long.Min(span.Opening, span.Closing) > highest)
            {
                parts.Add([.. part]);
                part = [];
            }

            part.Add(span);
            highest = long.Max(highest, long.Max(span.Opening, span.Closing));
        }

        parts.Add([.. part]);
        return parts;
    }

    /// <summary>Null where the spans do not follow each other in one order only.</summary>
    private static Int128? ChainOf(ToldSpan[] spans)
    {
        if (spans.DistinctBy(span => span.Opening).Count() != spans.Length || spans.DistinctBy(span => span.Closing).Count() != spans.Length) return null;
        var byOpening = spans.ToDictionary(span => span.Opening);
        var closings = spans.Select(span => span.Closing).ToHashSet();
        if (spans.Where(span => !closings.Contains(span.Opening)).ToArray() is not [var first]) return null;
        var (last, length) = (first, 1);
        for (; byOpening.TryGetValue(last.Closing, out var next); length++) last = next;
        return length == spans.Length ? (Int128)last.Closing - first.Opening : null;
    }

    /// <summary>By how much the days may have moved beyond their entries; null where too much is uncertain to say.</summary>
    private static HashSet<Int128>? Differences(Group group, long[] uncertain)
    {
        if (uncertain.Length > BankDay.UncertainMax) return null;
        HashSet<Int128> entries = [group.Money];
        foreach (var amount in uncertain) entries.UnionWith(entries.Select(sum => sum + amount).ToArray());
        return group.Told.Count * (long)entries.Count > CombinationsMax ? null : [.. group.Told.SelectMany(_ => entries, (told, sum) => told - sum)];
    }

    /// <summary>Together with the days around them they add up: something is dated otherwise than one of the statements says.</summary>
    private static bool IsDatedApart(Group[] groups, int at, ILookup<DateOnly, BankDay> byDay)
    {
        var (from, to) = (groups[at].From.AddDays(-DaysApartMax), groups[at].To.AddDays(DaysApartMax));
        var around = groups.Where(group => group.From <= to && from <= group.To).ToArray();
        var inGroups = around.SelectMany(group => group.Days).ToHashSet();
        var beside = Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).SelectMany(after => byDay[from.AddDays(after)])
            .Where(day => !inGroups.Contains(day)).SelectMany(day => day.Uncertain).ToArray();
        HashSet<Int128>? sums = [0];
        foreach (var amount in beside.Take(BankDay.UncertainMax + 1)) sums.UnionWith(sums.Select(sum => sum - amount).ToArray());
        if (beside.Length > BankDay.UncertainMax) return true;
        foreach (var group in around)
        {
            if (Differences(group, group.Uncertain) is not { } differences) return true;
            if (sums.Count * (long)differences.Count > CombinationsMax) return true;
            sums = [.. sums.SelectMany(_ => differences, (sum, difference) => sum + difference)];
        }

        return sums.Contains(0);
    }
}
