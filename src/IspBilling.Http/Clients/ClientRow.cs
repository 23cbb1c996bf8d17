using IspBilling.Domain;
using IspBilling.Http.Contract;

namespace IspBilling.Http.Clients;

/// <summary>A client in a list.</summary>
/// <param name="Issuer">Who invoices them.</param>
public sealed record ClientRow(
    string Reference, long Account, int Issuer, string Name, string? CompanyNumber, string? Email, string? Phone, AccountStatus Status, ServiceLevel Level, MoneyAmount Balance);
