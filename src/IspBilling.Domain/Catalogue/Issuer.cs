namespace IspBilling.Domain;

public sealed record PostalAddress(string Street, string City, string PostalCode, string Country)
{
    /// <summary>A letter can be sent to it: it has a street, a town and a postal code.</summary>
    public bool IsComplete() => Street.Any(char.IsLetterOrDigit) && City.Any(char.IsLetter) && PostalCode.Any(char.IsLetterOrDigit);
}

/// <summary>An account of the issuer as it is printed on documents and encoded in the payment QR.</summary>
/// <param name="Local">Czech form <c>prefix-number/bank</c>; null outside Czechia.</param>
/// <param name="Currency">Null where it is the issuer's.</param>
/// <param name="Statements">What its bank's statements do differently; null where the bank is known not to, or its ways are known.</param>
public sealed record IssuerBankAccount(string? Local, string Iban, string? Bic, Currency? Currency = null, BankConvention? Statements = null)
{
    public Currency CurrencyOf(Issuer issuer) => Currency ?? issuer.Currency;

    /// <summary>
    /// The account that the IBAN is of, when that is another than <see cref="Local"/>; else null. Czech and Slovak IBANs contain the local form;
    /// of other countries' the two cannot be compared.
    /// </summary>
    public CzechAccount? OtherAccountOfIban =>
        Local is not null && Domain.Iban.AccountIn(Iban) is { } told && !(CzechAccount.TryParse(Local, out var account) && account == told) ? told : null;
}

/// <summary>What one bank does differently in its GPC (ABO) statements.</summary>
/// <param name="ReversalsAreThreeAndFour">Posting codes 3 and 4 take back a debit and a credit; else 4 and 5 do.</param>
/// <param name="DocumentNumberIsUnique">The bank never gives a document number twice, so that it names the movement.</param>
/// <param name="DueDateIsBookingDate">The last date of an entry is always the day it was booked.</param>
public sealed record BankConvention(bool ReversalsAreThreeAndFour = false, bool DocumentNumberIsUnique = false, bool DueDateIsBookingDate = false);

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
    /// <summary>Beside the one that is printed.</summary>
    public ValueList<IssuerBankAccount> FurtherAccounts { get; init; }

    /// <summary>Every account on which clients' money is received, the printed one first.</summary>
    public IEnumerable<IssuerBankAccount> AllAccounts => FurtherAccounts.Prepend(BankAccount);

    /// <summary>Of the issuer that stands in an empty database until the operator says who really invoices.</summary>
    public const string SampleName = "SAMPLE – replace this issuer";

    public bool IsVatPayer => VatNumber is not null;

    /// <summary>Nobody whom a document could name; what it would bill can only be looked at.</summary>
    public bool IsSample => Name == SampleName;
}
