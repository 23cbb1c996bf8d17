namespace IspBilling.Domain;

/// <summary>What a service owes for one stretch of one billing period.</summary>
public readonly record struct Charge(Period Period, PriceMode PriceMode, VatCategory VatCategory, Money Amount, ChargeBasis Basis);
