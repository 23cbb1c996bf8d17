namespace IspBilling.Domain;

/// <summary>What a line prints beside its amount: quantity × unit price × share, less the discount, rounded once, is the amount.</summary>
/// <param name="UnitPrice">Negative where the line takes something back.</param>
/// <param name="Share">In months; null where quantity × unit price is all there is.</param>
/// <param name="DiscountBasisPoints">Hundredths of a percent.</param>
public readonly record struct LineFactors(Quantity Quantity, Money UnitPrice, MonthShare? Share, int DiscountBasisPoints)
{
    public Money Product
    {
        get
        {
            var share = Share ?? MonthShare.OneMonth;
            return UnitPrice.Times(
                (Int128)Quantity.Thousandths * share.Numerator * (VatRate.Whole - DiscountBasisPoints),
                (Int128)Quantity.PerUnit * share.Denominator * VatRate.Whole);
        }
    }

    /// <summary>The amount itself, once: for what no price times a quantity comes to.</summary>
    public static LineFactors Whole(Money amount) => new(Quantity.One, amount, null, 0);

    /// <summary>Of a charge by terms.</summary>
    public static LineFactors Of(ChargeBasis basis) => new(basis.Quantity, basis.MonthlyPrice, basis.Share, basis.DiscountBasisPoints);

    /// <summary>Of a stretch that changed: its own price or quantity where they make the amount, otherwise the amount as it is.</summary>
    /// <param name="before">Its terms before; null when it had none or nobody knows them.</param>
    /// <param name="after">Its terms now; null when it is no longer owed.</param>
    public static LineFactors Of(ChargeBasis? before, ChargeBasis? after, Money amount)
    {
        var factors = (before, after) switch
        {
            (null, { } fresh) => Of(fresh),
            ({ } gone, null) => Of(gone) with { UnitPrice = -gone.MonthlyPrice },
            ({ } old, { } now) => OfDifference(old, now),
            _ => Whole(amount),
        };
        return factors.Product == amount ? factors : Whole(amount);
    }

    private static LineFactors OfDifference(ChargeBasis before, ChargeBasis after)
    {
        var difference = after.MonthlyPrice - before.MonthlyPrice;
        if (before.Share != after.Share || before.DiscountBasisPoints != after.DiscountBasisPoints) return Whole(difference);
        if (before.Quantity == after.Quantity) return Of(after) with { UnitPrice = difference };
        if (!difference.IsZero) return Whole(difference);
        var more = after.Quantity.Thousandths - before.Quantity.Thousandths;
        return Of(after) with { Quantity = new Quantity(Math.Abs(more)), UnitPrice = more > 0 ? after.MonthlyPrice : -after.MonthlyPrice };
    }
}
