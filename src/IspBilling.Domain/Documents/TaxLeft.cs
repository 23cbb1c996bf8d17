using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Lines of a document that are taxed together.</summary>
/// <param name="Category">As printed: what a provider that is no VAT payer supplies is out of scope.</param>
public readonly record struct VatGroup(VatCategory Category, VatRate Rate, PriceMode PriceMode)
{
    public static VatGroup Of(DocumentLine line) => new(line.VatCategory, line.VatRate, line.PriceMode);

    /// <summary>Of a supply on a day.</summary>
    /// <exception cref="BrokenReferenceException">No rate is known for the issuer's country or the day.</exception>
    public static VatGroup Of(Issuer issuer, VatRates rates, VatCategory category, PriceMode mode, DateOnly suppliedOn) => issuer.IsVatPayer
        ? new VatGroup(category, rates.On(issuer.Address.Country, category, suppliedOn), mode)
        : new VatGroup(VatCategory.OutOfScope, VatRate.None, mode);

    /// <summary>Of a correction, which keeps the tax of what it corrects, even if the issuer's VAT status has changed since.</summary>
    /// <param name="rate">On the line that is corrected.</param>
    public static VatGroup OfCorrection(VatCategory category, VatRate rate, PriceMode mode)
    {
        var isTaxed = category is VatCategory.Standard or VatCategory.Reduced;
        return new(isTaxed && rate == VatRate.None ? VatCategory.OutOfScope : category, rate, mode);
    }

    public Money TaxOf(Money sum) => Vat.Total(Category, Rate, PriceMode, sum).Tax;
}

/// <summary>What must be known besides the charges that an account remembers to tell the tax left of a document's VAT group.</summary>
/// <param name="Settled">What the group charges beyond that: settled history, which left the account's state.</param>
/// <param name="Drift">
/// By how much the tax left is more than the tax of what is left. Credit notes of earlier releases were taxed each by itself; the next credit
/// takes the difference with it.
/// </param>
public readonly record struct TaxRemainder(int Document, VatGroup Group, Money Settled, Money Drift)
{
    public bool IsNeeded => !Settled.IsZero || !Drift.IsZero;
}

/// <summary>What credits have left of each VAT group of each document, and of its tax.</summary>
/// <remarks>
/// A credit's tax is what it takes from the tax of its original: the tax left before − the tax of what is left after. So the credits of a group
/// sum to its tax in whatever order and cut, and a group that is credited whole ends at zero.
/// <code>
///   left of the group    credited    its tax
///   499.00                           86.60
///    66.53               −432.47     11.55    −75.05
///     0.00                −66.53      0.00    −11.55
/// </code>
/// What is left is summed over the account's charges when a credit asks for it: an account without credits pays nothing for this.
/// </remarks>
internal sealed class TaxLeft(ImmutableArray<Service> services, ImmutableArray<OneOff> oneOffs, ImmutableArray<TaxRemainder> remainders)
{
    private Dictionary<(int Document, VatGroup Group), (Money Sum, Money Tax)>? _left;

    /// <summary>Whether a line takes back some of what another charges, and its tax with it. A price that rose adds to a line instead.</summary>
    public static bool TakesBack(DocumentLine line) => line.Corrects is not null && (line.Service is null || line.Amount.IsNegative);

    public static bool TakesBack(Document document)
    {
        foreach (var line in document.Lines)
        {
            if (TakesBack(line)) return true;
        }

        return false;
    }

    /// <summary>Takes an amount off a document's group; a credit's is negative.</summary>
    /// <returns>The tax that goes with it, of the same sign.</returns>
    public Money Take(int document, VatGroup group, Money amount)
    {
        var (sum, tax) = Of(document, group, amount.Currency);
        var left = (Sum: sum + amount, Tax: group.TaxOf(sum + amount));
        _left![(document, group)] = left;
        return left.Tax - tax;
    }

    /// <summary>What is to be remembered once a document is issued.</summary>
    public ImmutableArray<TaxRemainder> After(Document document)
    {
        var taken = new List<(int Document, VatGroup Group)>();
        foreach (var line in document.Lines)
        {
            if (TakesBack(line) && !taken.Contains((line.Corrects!.Value.Document, VatGroup.Of(line)))) taken.Add((line.Corrects.Value.Document, VatGroup.Of(line)));
        }

        var result = remainders.RemoveAll(known => taken.Contains((known.Document, known.Group))).ToBuilder();
        foreach (var group in Vat.Totals(document.Lines, this))
        {
            // None where the document was taxed by the rule above; what an earlier release's note differs by stays with one of its originals.
            var drift = document.TaxOf(group) - group.Tax;
            var originals = taken.FindAll(original => original.Group == group.Group);
            var bearer = originals.FindIndex(original => !Of(original.Document, original.Group, document.Currency).Sum.IsZero);
            for (var i = 0; i < originals.Count; i++)
            {
                var zero = Money.Zero(document.Currency);
                var remainder = Known(originals[i].Document, originals[i].Group, zero) with { Drift = i == Math.Max(bearer, 0) ? drift : zero };
                if (remainder.IsNeeded) result.Add(remainder);
            }
        }

        return result.DrainToImmutable();
    }

    /// <summary>What is to be remembered once history has left the account's state; nothing of documents that left with it.</summary>
    /// <param name="after">Of the state without it.</param>
    public ImmutableArray<TaxRemainder> AfterSettling(TaxLeft after)
    {
        var before = Charged();
        var result = ImmutableArray.CreateBuilder<TaxRemainder>();
        foreach (var ((document, group), stays) in after.Charged())
        {
            var known = Known(document, group, Money.Zero(stays.Currency));
            var remainder = known with { Settled = known.Settled + before[(document, group)] - stays };
            if (remainder.IsNeeded) result.Add(remainder);
        }

        return result.DrainToImmutable();
    }

    private (Money Sum, Money Tax) Of(int document, VatGroup group, Currency currency)
    {
        _left ??= Left();
        return _left.TryGetValue((document, group), out var left) ? left : (Money.Zero(currency), Money.Zero(currency));
    }

    private TaxRemainder Known(int document, VatGroup group, Money zero)
    {
        foreach (var remainder in remainders)
        {
            if (remainder.Document == document && remainder.Group == group) return remainder;
        }

        return new TaxRemainder(document, group, zero, zero);
    }

    private Dictionary<(int Document, VatGroup Group), (Money Sum, Money Tax)> Left()
    {
        var sums = Charged();
        foreach (var remainder in remainders) Add(sums, remainder.Document, remainder.Group, remainder.Settled);
        var left = sums.ToDictionary(entry => entry.Key, entry => (Sum: entry.Value, Tax: entry.Key.Group.TaxOf(entry.Value)));
        foreach (var remainder in remainders)
        {
            var (sum, tax) = left[(remainder.Document, remainder.Group)];
            left[(remainder.Document, remainder.Group)] = (sum, tax + remainder.Drift);
        }

        return left;
    }

    private Dictionary<(int Document, VatGroup Group), Money> Charged()
    {
        var sums = new Dictionary<(int Document, VatGroup Group), Money>();
        foreach (var service in services)
        {
            foreach (var segment in service.Charged)
            {
                foreach (var part in segment.Parts)
                    Add(sums, part.Document, VatGroup.OfCorrection(segment.VatCategory, part.VatRate, segment.PriceMode), part.Amount);
            }
        }

        foreach (var item in oneOffs)
        {
            if (item.Billed is { } billed) Add(sums, billed.Document, VatGroup.OfCorrection(item.VatCategory, billed.VatRate, item.PriceMode), billed.Amount);
        }

        return sums;
    }

    private static void Add(Dictionary<(int Document, VatGroup Group), Money> sums, int document, VatGroup group, Money amount) =>
        sums[(document, group)] = sums.TryGetValue((document, group), out var sum) ? sum + amount : amount;
}
