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

/// <summary>Which day an issuer's supplies are dated by; it decides the month and the rate of their VAT.</summary>
public enum SupplyDating
{
    /// <summary>Each line by its own last day supplied, but not after the day of issue (Czech VAT act §21 (3)).</summary>
    Period,

    /// <summary>
    /// Electronic communications by the day they are billed, when consumption is found out (§21 (4) b) 3); everything else by its own day.
    /// </summary>
    BillingDay,
}

/// <summary>A legal entity of the provider that invoices; what is printed is frozen per <paramref name="Revision"/>.</summary>
/// <param name="CompanyNumber">IČO.</param>
/// <param name="VatNumber">DIČ; null when the issuer is no VAT payer.</param>
/// <param name="RegisterText">Entry in the commercial register (Civil Code §435).</param>
/// <param name="Billing">By run unless a person says otherwise; an issuer stored before the choice existed bills by run.</param>
/// <param name="SupplyDating">An issuer stored before the choice existed dates by the period, as it did.</param>
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
    IssuerBilling Billing = IssuerBilling.ByRun,
    SupplyDating SupplyDating = SupplyDating.Period)
{
    public bool IsVatPayer => VatNumber is not null;
}
