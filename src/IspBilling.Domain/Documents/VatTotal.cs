using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Base and tax of all lines of one category, rate and price mode.</summary>
public readonly record struct VatTotal(VatCategory Category, VatRate Rate, PriceMode PriceMode, Money Base, Money Tax)
{
    public Money Gross => Base + Tax;

    public VatGroup Group => new(Category, Rate, PriceMode);
}

/// <summary>Base and tax of all lines of one category and rate, whatever their price mode.</summary>
public readonly record struct VatOfRate(VatCategory Category, VatRate Rate, Money Base, Money Tax)
{
    public Money Gross => Base + Tax;
}

/// <summary>VAT of a document: per group of lines, never per line. Lines that take something back bring the tax of what they take it from.</summary>
/// <remarks>
/// Net lines: tax = base × rate. Gross lines: tax = gross × rate / (100 + rate), base = gross − tax (Czech VAT act §37).
/// Halves are rounded away from zero. About one gross amount in six has no base with base + round(base × rate) = gross; the
/// gross promised to the client stands, see docs/adr/0004.
/// </remarks>
public static class Vat
{
    /// <param name="left">What credits have left of earlier documents; takes note of what these lines take.</param>
    internal static ImmutableArray<VatTotal> Totals(ImmutableArray<DocumentLine> lines, TaxLeft left)
    {
        // Nearly every document has one group; a handful at most.
        var sums = new List<GroupSum>(1);
        foreach (var line in lines)
        {
            var group = VatGroup.Of(line);
            var at = 0;
            while (at < sums.Count && sums[at].Group != group) at++;
            if (at == sums.Count)
                sums.Add(new GroupSum(group, Money.Zero(line.Amount.Currency), Money.Zero(line.Amount.Currency), Money.Zero(line.Amount.Currency)));

            sums[at] = TaxLeft.TakesBack(line)
                ? sums[at].TakingBack(line.Amount, left.Take(line.Corrects!.Value.Document, group, line.Amount))
                : sums[at] with { Own = sums[at].Own + line.Amount };
        }

        var totals = ImmutableArray.CreateBuilder<VatTotal>(sums.Count);
        foreach (var sum in sums) totals.Add(sum.Total());
        return totals.MoveToImmutable();
    }

    /// <param name="Own">What the document charges or allows by itself.</param>
    /// <param name="Taken">What it takes back of other documents.</param>
    /// <param name="TakenTax">The tax of that.</param>
    private readonly record struct GroupSum(VatGroup Group, Money Own, Money Taken, Money TakenTax)
    {
        public GroupSum TakingBack(Money amount, Money tax) => this with { Taken = Taken + amount, TakenTax = TakenTax + tax };

        public VatTotal Total()
        {
            var (category, rate, mode) = Group;
            var own = Vat.Total(category, rate, mode, Own);
            var taken = mode == PriceMode.Net ? Taken : Taken - TakenTax;
            return own with { Base = own.Base + taken, Tax = own.Tax + TakenTax };
        }
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
