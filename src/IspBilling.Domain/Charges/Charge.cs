namespace IspBilling.Domain;

/// <summary>What a service owes for one stretch of one billing period.</summary>
/// <param name="BilledUnder">Revision of the catalogue that prices it: the one it was invoiced under, today's while it was not.</param>
/// <param name="TariffRevision">Revision of the settings journal that brought the tariff's price; null where none tells of it.</param>
public readonly record struct Charge(
    Period Period, PriceMode PriceMode, VatCategory VatCategory, Money Amount, ChargeBasis Basis, long BilledUnder = 0, long? TariffRevision = null);
