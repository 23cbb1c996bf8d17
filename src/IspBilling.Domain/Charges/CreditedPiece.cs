namespace IspBilling.Domain;

/// <summary>
/// Days of a stretch whose price fell, or that is gone, which the same lines charge: a credit names only days that the line it corrects still has.
/// <code>
///   line 1 charges    |───────────|
///   line 2 charges                |──────────────|
///   gone                     |───────────────────|
///   pieces                   |line 1|   line 2   |
/// </code>
/// </summary>
/// <param name="period">The days.</param>
/// <param name="charged">What documents charge for them beside what is credited.</param>
/// <param name="owed">What they cost now.</param>
internal sealed class CreditedPiece(Period period, Money charged, Money owed)
{
    public Period Period => period;

    public Money Charged { get; private set; } = charged;

    public Money Owed => owed;

    /// <summary>What is taken back of which line.</summary>
    public List<ChargePart> Credits { get; } = [];

    /// <param name="left">What the lines still charge, in the order of their documents; what is credited is taken off.</param>
    public static List<CreditedPiece> Of(ChangedStretch stretch, Money charged, Money owed, List<ChargePart> left)
    {
        var days = Cut(stretch.Period, left);
        if (days.Count == 1)
        {
            var whole = new CreditedPiece(stretch.Period, owed, owed);
            var missing = whole.Take(left, charged - owed, stretch.Period);
            Invariant.Require(whole.Take(left, missing, within: null).IsZero);
            return [whole];
        }

        long[] weights = [.. days.Select(piece => ChangedStretch.WeightOf(stretch.Months.ShareOf(piece)))];
        var (owing, crediting) = (Rounding.Allocate(owed.Minor, weights), Rounding.Allocate((charged - owed).Minor, weights));
        var pieces = new List<CreditedPiece>(days.Count);
        for (var i = 0; i < days.Count; i++)
        {
            var part = owed with { Minor = owing[i] };
            pieces.Add(new CreditedPiece(days[i], part, part));
        }

        // What rounding, or a higher price of some days, leaves of one line is on another that charges days of the stretch, or else anywhere.
        var rest = owed with { Minor = 0 };
        for (var i = 0; i < days.Count; i++) rest += pieces[i].Take(left, owed with { Minor = crediting[i] }, days[i]);
        foreach (var piece in pieces) rest = piece.Take(left, rest, piece.Period);
        Invariant.Require(pieces[^1].Take(left, rest, within: null).IsZero);
        return pieces;
    }

    /// <summary>At where lines begin and end to charge days of it.</summary>
    private static List<Period> Cut(Period stretch, List<ChargePart> left)
    {
        var bounds = new SortedSet<DateOnly> { stretch.To };
        foreach (var part in left)
        {
            if (part.Days is not { } days || !part.Amount.IsPositive) continue;
            if (days.From > stretch.From && days.From < stretch.To) bounds.Add(days.From);
            if (days.To > stretch.From && days.To < stretch.To) bounds.Add(days.To);
        }

        var pieces = new List<Period>(bounds.Count);
        var from = stretch.From;
        foreach (var to in bounds)
        {
            pieces.Add(new Period(from, to));
            from = to;
        }

        return pieces;
    }

    /// <summary>Takes an amount off the lines, newest document first, never more than a line still charges.</summary>
    /// <param name="within">Only off lines that charge these days; null for any.</param>
    /// <returns>What no line had.</returns>
    private Money Take(List<ChargePart> left, Money amount, Period? within)
    {
        for (var i = left.Count - 1; i >= 0 && amount.IsPositive; i--)
        {
            if (within is { } wanted && left[i].Days is { } days && !days.Overlaps(wanted)) continue;
            var take = Money.Min(left[i].Amount, amount);
            if (!take.IsPositive) continue;
            left[i] = left[i] with { Amount = left[i].Amount - take };
            amount -= take;
            Charged += take;
            Credit(left[i] with { Amount = take });
        }

        return amount;
    }

    private void Credit(ChargePart taken)
    {
        var known = Credits.FindIndex(credited => credited.Document == taken.Document && credited.Line == taken.Line);
        if (known < 0) Credits.Add(taken);
        else Credits[known] = taken with { Amount = Credits[known].Amount + taken.Amount };
    }
}
