namespace IspBilling.Domain;

/// <summary>What a service owes for one stretch of one billing period.</summary>
/// <param name="BilledUnder">Revision of the catalogue that prices it: the one it was invoiced under, today's while it was not.</param>
public readonly record struct Charge(
    Period Period, PriceMode PriceMode, VatCategory VatCategory, Money Amount, ChargeBasis Basis, long BilledUnder = 0);
