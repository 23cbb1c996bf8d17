namespace IspBilling.Domain;

/// <summary>Exact integer division with a named rounding; the only place where money meets a fraction.</summary>
public static class Rounding
{
    /// <summary>
    /// <paramref name="numerator"/> / <paramref name="denominator"/> to the nearest integer, halves away from zero
    /// (the rounding of Czech VAT law, §37, and of commercial practice).
    /// </summary>
    public static long HalfAwayFromZero(Int128 numerator, Int128 denominator)
    {
        Invariant.Require(denominator > 0);
        var magnitude = Int128.Abs(numerator);
        var (quotient, remainder) = Int128.DivRem(magnitude, denominator);
        if (remainder * 2 >= denominator) quotient++;
        return checked((long)(numerator < 0 ? -quotient : quotient));
    }

    /// <summary>Splits <paramref name="whole"/> in proportion to <paramref name="weights"/>; the parts always sum to the whole.</summary>
    /// <remarks>
    /// Each boundary is rounded, not each part: part i = round(whole·(w₁+…+wᵢ)/W) − what came before. A whole of weights that
    /// sum to zero goes to the first part.
    /// </remarks>
    public static long[] Allocate(long whole, ReadOnlySpan<long> weights)
    {
        Invariant.Require(weights.Length > 0);
        Int128 total = 0;
        foreach (var weight in weights)
        {
            Invariant.Require(weight >= 0);
            total += weight;
        }

        var parts = new long[weights.Length];
        if (total == 0)
        {
            parts[0] = whole;
            return parts;
        }

        Int128 reached = 0;
        long given = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            reached += weights[i];
            var upToHere = HalfAwayFromZero((Int128)whole * reached, total);
            parts[i] = checked(upToHere - given);
            given = upToHere;
        }

        return parts;
    }
}
