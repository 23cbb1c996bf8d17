namespace IspBilling.Domain;

public sealed record PostalAddress(string Street, string City, string PostalCode, string Country);

/// <summary>An account of the issuer as it is printed on documents and encoded in the payment QR.</summary>
/// <param name="Local">Czech form <c>prefix-number/bank</c>; null outside Czechia.</param>
public sealed record IssuerBankAccount(string? Local, string Iban, string? Bic);

/// <summary>A legal entity of the provider that invoices; what is printed is frozen per <paramref name="Revision"/>.</summary>
/// <param name="CompanyNumber">IČO.</param>
/// <param name="VatNumber">DIČ; null when the issuer is no VAT payer.</param>
/// <param name="RegisterText">Entry in the commercial register (Civil Code §435).</param>
public sealed record Issuer(
    IssuerId Id,
    int Revision,
    string Name,
    PostalAddress Address,
    string CompanyNumber,
    string? VatNumber,
    string? RegisterText,
    Currency Currency,
    IssuerBankAccount BankAccount,
    string? Email,
    string? Phone,
    string? Web)
{
    public bool IsVatPayer => VatNumber is not null;
}
