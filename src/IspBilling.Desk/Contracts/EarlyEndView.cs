using IspBilling.Domain;

namespace IspBilling.Desk.Contracts;

/// <summary>
/// What ending a contract on a day may cost by its terms, with the arithmetic. Nothing charges it: whoever wants it charged adds a one-off
/// item, and decides how it is taxed.
/// </summary>
/// <param name="Number">Of the contract.</param>
/// <param name="On">First day without the contract.</param>
/// <param name="TermEnd">First day after the minimum term; null when there is none.</param>
/// <param name="Remaining">What the contract's services would still be charged from that day to the end of the term.</param>
/// <param name="Vat">The same by rate, at the rates of today.</param>
/// <param name="RemainingTotal">With VAT.</param>
/// <param name="MonthsLeft">Months of the term that have not wholly passed.</param>
/// <param name="Share">The share of <c>remainingTotal</c> that is due.</param>
/// <param name="Equipment">What is left of the discount on equipment.</param>
/// <param name="Total">Share and equipment together, with VAT.</param>
/// <param name="Arithmetic">How it comes to that, a step a line.</param>
/// <param name="Refusal">Why it cannot be worked out; the amounts are null then.</param>
public sealed record EarlyEndView(
    string Contract,
    string Number,
    DateOnly On,
    DateOnly? TermEnd,
    IReadOnlyList<RemainingChargeRow> Remaining,
    IReadOnlyList<RemainingVatRow> Vat,
    Money? RemainingTotal,
    int? MonthsLeft,
    Money? Share,
    Money? Equipment,
    Money? Total,
    IReadOnlyList<string> Arithmetic,
    string? Refusal);

/// <param name="Amount">Of all its charges in the period, in their price mode.</param>
public sealed record RemainingChargeRow(string Service, Period Period, PriceMode PriceMode, VatCategory VatCategory, Money Amount);

/// <param name="RatePercent">21 is 21 %.</param>
public sealed record RemainingVatRow(VatCategory Category, decimal RatePercent, Money Base, Money Tax);
