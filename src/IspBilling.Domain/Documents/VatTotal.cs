using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Base and tax of all lines of one category, rate and price mode.</summary>
public readonly record struct VatTotal(VatCategory Category, VatRate Rate, PriceMode PriceMode, Money Base, Money Tax)
{
    public Money Gross => Base + Tax;
}

/// <summary>VAT of a document: per group of lines, never per line.</summary>
/// <remarks>
/// Net lines: tax = base × rate. Gross lines: tax = gross × rate / (100 + rate), base = gross − tax (Czech VAT act §37).
/// Halves are rounded away from zero. About one gross amount in six has no base with base + round(base × rate) = gross; the
/// gross promised to the client stands, see docs/adr/0004.
/// </remarks>
public static class Vat
{
    public static ImmutableArray<VatTotal> Totals(IReadOnlyList<DocumentLine> lines)
    {
        // Nearly every document has one group; a handful at most.
        var sums = new List<(VatCategory Category, VatRate Rate, PriceMode Mode, Money Sum)>(1);
        foreach (var line in lines)
        {
            var at = sums.FindIndex(sum => sum.Category == line.VatCategory && sum.Rate == line.VatRate && sum.Mode == line.PriceMode);
            if (at < 0) sums.Add((line.VatCategory, line.VatRate, line.PriceMode, line.Amount));
            else sums[at] = sums[at] with { Sum = sums[at].Sum + line.Amount };
        }

        var totals = ImmutableArray.CreateBuilder<VatTotal>(sums.Count);
        foreach (var (category, rate, mode, sum) in sums) totals.Add(Total(category, rate, mode, sum));
        return totals.MoveToImmutable();
    }

    /// <summary>The tax on a sum of amounts in one price mode.</summary>
    public static VatTotal Total(VatCategory category, VatRate rate, PriceMode mode, Money sum)
    {
        if (mode == PriceMode.Net) return new VatTotal(category, rate, mode, sum, sum.Times(rate.BasisPoints, VatRate.Whole));
        var tax = sum.Times(rate.BasisPoints, VatRate.Whole + rate.BasisPoints);
        return new VatTotal(category, rate, mode, sum - tax, tax);
    }

    /// <summary>What to add to a cash total so that it is whole crowns; outside the tax base (Czech VAT act §36 (5)).</summary>
    public static Money CashRounding(Money total) =>
        total with { Minor = (Rounding.HalfAwayFromZero(total.Minor, Currency.MinorPerMajor) * Currency.MinorPerMajor) - total.Minor };
}
