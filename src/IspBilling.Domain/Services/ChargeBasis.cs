namespace IspBilling.Domain;

/// <summary>Where a line's amount comes from, enough to recompute it by hand.</summary>
/// <param name="TariffVersion">ValidFrom of the tariff's price version in force.</param>
/// <param name="MonthlyPrice">The price of one unit for one month: the tariff's or the special one.</param>
/// <param name="SpecialPrice">Id of the special price that replaced the tariff's.</param>
/// <param name="Discount">Id of the discount taken off.</param>
/// <param name="Share">Length of the period in months; days of broken months over the days of those months.</param>
/// <param name="Cause">Version of the account's event that led to this charge.</param>
public sealed record ChargeBasis(
    TariffId Tariff,
    DateOnly TariffVersion,
    Money MonthlyPrice,
    Quantity Quantity,
    string? SpecialPrice,
    string? Discount,
    int DiscountBasisPoints,
    MonthShare Share,
    long Cause)
{
    /// <summary>
    /// Reference of the contract that the service belonged to when the line was issued; null for none. It stands on lines only: what is owed and
    /// what is charged know of no contract, so that none can change an amount.
    /// </summary>
    public string? Contract { get; init; }

    /// <summary>Whether a unit costs the same in a month.</summary>
    public bool HasPriceOf(ChargeBasis other) => MonthlyPrice == other.MonthlyPrice && DiscountBasisPoints == other.DiscountBasisPoints;

    /// <summary>Price × quantity × months × (1 − discount), rounded once.</summary>
    public Money Amount() => MonthlyPrice.Times(
        (Int128)Quantity.Thousandths * Share.Numerator * (VatRate.Whole - DiscountBasisPoints),
        (Int128)Quantity.PerUnit * Share.Denominator * VatRate.Whole);

    /// <summary>The same before rounding, in major units.</summary>
    public decimal Exact() =>
        MonthlyPrice.Major * Quantity.Value * Share.Numerator / Share.Denominator * (VatRate.Whole - DiscountBasisPoints) / VatRate.Whole;
}
