namespace IspBilling.Engine.Identity;

/// <summary>What the balances of two statements of one account say about the movements between them.</summary>
internal enum SpanRelation
{
    /// <summary>No movement is told by both.</summary>
    Apart,

    /// <summary>The balances do not tell, or there are none.</summary>
    Unknown,

    /// <summary>Balances that return to where they were: whether it is the same day again or the next part of it, they cannot tell.</summary>
    Doubtful,

    /// <summary>One begins or ends where the other does, or lies within its days: whatever the shorter one tells, the longer one does.</summary>
    Within,

    /// <summary>From the same balance to the same balance: the same movements in another coat.</summary>
    Same,
}

/// <remarks>
/// <code>
/// balance of one day   0 ──── 100 ──── 250 ──── 400
/// Same                 ├────────────────────────┤   and   ├────────────────────────┤
/// Within               ├────────────────────────┤   and   ├───────┤ or ├────────┤ at one of its ends
/// Apart                ├───────┤                    and            ├────────┤ that goes on where it ends
/// Unknown                                                 neither
/// </code>
/// </remarks>
internal static class SpanRelations
{
    public static SpanRelation Of(BalanceSpan one, BalanceSpan other)
    {
        if (!one.Overlaps(other)) return SpanRelation.Apart;
        if (one is not { Opening: { } from, Closing: { } to } || other is not { Opening: { } otherFrom, Closing: { } otherTo }) return SpanRelation.Unknown;
        if ((one.From, one.To) == (other.From, other.To)) return OfOneSpan(from, to, otherFrom, otherTo);
        if (GoesOn(one, other) || GoesOn(other, one)) return IsWithin(one, other) || IsWithin(other, one) ? SpanRelation.Doubtful : SpanRelation.Apart;
        return IsWithin(one, other) || IsWithin(other, one) ? SpanRelation.Within : SpanRelation.Unknown;
    }

    private static SpanRelation OfOneSpan(long from, long to, long otherFrom, long otherTo)
    {
        var (begin, end) = (from == otherFrom, to == otherTo);
        var goesOn = from == otherTo || to == otherFrom;
        if (begin && end) return goesOn ? SpanRelation.Doubtful : SpanRelation.Same;
        if (begin || end) return goesOn ? SpanRelation.Doubtful : SpanRelation.Within;
        return goesOn ? SpanRelation.Apart : SpanRelation.Unknown;
    }

    private static bool GoesOn(BalanceSpan later, BalanceSpan earlier) => later.Opening == earlier.Closing && later.From >= earlier.To && later.To >= earlier.To;

    /// <summary>On a day that both begin or both end with, the balance there tells whether it is the same part of the day.</summary>
    private static bool IsWithin(BalanceSpan inner, BalanceSpan outer)
    {
        if (inner.From < outer.From || inner.To > outer.To) return false;
        if (inner.From == outer.From) return inner.Opening == outer.Opening;
        return inner.To != outer.To || inner.Closing == outer.Closing;
    }
}
