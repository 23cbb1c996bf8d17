namespace IspBilling.Domain;

public sealed record PostalAddress(string Street, string City, string PostalCode, string Country);

/// <summary>An account of the issuer as it is printed on documents and encoded in the payment QR.</summary>
/// <param name="Local">Czech form <c>prefix-number/bank</c>; null outside Czechia.</param>
public sealed record IssuerBankAccount(string? Local, string Iban, string? Bic);

/// <summary>Who starts the billing of an issuer's accounts.</summary>
public enum IssuerBilling
{
    /// <summary>A person starts a billing run; nothing is issued unasked.</summary>
    ByRun,

    /// <summary>Each account bills what is due in its own turn of the day.</summary>
    ByReminder,
}

/// <summary>A legal entity of the provider that invoices; what is printed is frozen per <paramref name="Revision"/>.</summary>
/// <param name="CompanyNumber">IČO.</param>
/// <param name="VatNumber">DIČ; null when the issuer is no VAT payer.</param>
/// <param name="RegisterText">Entry in the commercial register (Civil Code §435).</param>
/// <param name="Billing">By run unless a person says otherwise; an issuer stored before the choice existed bills by run.</param>
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
    string? Web,
    IssuerBilling Billing = IssuerBilling.ByRun)
{
    public bool IsVatPayer => VatNumber is not null;
}
