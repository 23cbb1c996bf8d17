using IspBilling.Domain;
using IspBilling.Http.Contract;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Catalogue;

/// <summary>A legal entity that invoices. Documents keep the particulars they were printed with.</summary>
/// <example>
/// {"name":"Naše síť s.r.o.","address":{"street":"Dlouhá 1","city":"Praha","postalCode":"110 00"},"companyNumber":"12345679","vatNumber":"CZ12345679","bankAccount":{"iban":"CZ6508000000192000145399","account":"19-2000145399/0800"}}
/// </example>
/// <param name="CompanyNumber">IČO.</param>
/// <param name="VatNumber">DIČ; left out when the issuer is no VAT payer.</param>
/// <param name="RegisterText">Entry in the commercial register, as the law wants it on business papers.</param>
/// <param name="Currency">Of all its documents; it cannot change.</param>
/// <param name="Billing">
/// Who starts its billing: a person with a billing run, or each account in its own turn of the day. Left out, it stays as it is; a new issuer bills
/// by run.
/// </param>
/// <param name="SupplyDating">
/// Which day supplies are dated by, and so their VAT: electronic communications by the day they are billed, or each line by its own period.
/// Left out, it stays as it is; a new issuer dates by the day of billing.
/// </param>
/// <param name="FurtherAccounts">
/// Other accounts on which its clients' money is received; <paramref name="BankAccount"/> is the one that is printed. Left out, they stay as they are.
/// </param>
/// <param name="Reason">
/// Why, for whoever asks later; at most 500 characters. Needed when later documents are taxed otherwise: VAT payer or not, the dating of supplies,
/// the country.
/// </param>
public sealed record IssuerRequest(
    string Name,
    Address Address,
    string CompanyNumber,
    IssuerBankAccountView BankAccount,
    string? VatNumber = null,
    string? RegisterText = null,
    string Currency = "CZK",
    string? Email = null,
    string? Phone = null,
    string? Web = null,
    IssuerBilling? Billing = null,
    SupplyDating? SupplyDating = null,
    IReadOnlyList<IssuerBankAccountView>? FurtherAccounts = null,
    string? Reason = null)
{
    private const int NumberMax = 20;
    private const int FurtherAccountsMax = 100;

    /// <param name="before">The issuer as it stands; null when it is new.</param>
    /// <remarks>The store assigns the revision.</remarks>
    public Issuer Read(IssuerId id, Issuer? before, Faults faults)
    {
        var issuer = ReadFields(id, before, faults);
        // It stands on every document: what cannot be printed would keep all of the issuer's clients from being billed.
        faults.Printed("name", issuer.Name);
        faults.Printed("address", issuer.Address.Street, issuer.Address.City, issuer.Address.PostalCode, issuer.Address.Country);
        faults.Printed("registerText", issuer.RegisterText);
        faults.Printed("contacts", issuer.Email, issuer.Phone, issuer.Web, issuer.CompanyNumber, issuer.VatNumber);
        return issuer;
    }

    private Issuer ReadFields(IssuerId id, Issuer? before, Faults faults) => new(
        id, Revision: 0,
        faults.Text("name", Name),
        InKnownCountry(faults.Address("address", Address, before?.Address), faults),
        faults.Text("companyNumber", CompanyNumber, NumberMax),
        faults.VatNumber("vatNumber", VatNumber, Address.Country, before?.VatNumber),
        faults.OptionalText("registerText", RegisterText),
        faults.Currency("currency", Currency),
        BankAccount.Read("bankAccount", faults, before?.BankAccount),
        faults.Email("email", Email),
        faults.OptionalText("phone", Phone),
        faults.OptionalText("web", Web),
        Billing ?? before?.Billing ?? IssuerBilling.ByRun,
        SupplyDating ?? before?.SupplyDating ?? Domain.SupplyDating.BillingDay)
    {
        FurtherAccounts = ReadFurtherAccounts(before, faults),
    };

    /// <summary>What an issuer supplies is taxed at the rates of its country.</summary>
    private static PostalAddress InKnownCountry(PostalAddress address, Faults faults)
    {
        if (!VatRates.Known.Knows(address.Country))
            faults.Add("address.country", $"a country whose VAT rates are known expected: {string.Join(", ", VatRates.Known.Countries)}");
        return address;
    }

    private ValueList<IssuerBankAccount> ReadFurtherAccounts(Issuer? before, Faults faults)
    {
        if (FurtherAccounts is null) return before?.FurtherAccounts ?? default;
        if (FurtherAccounts.Count > FurtherAccountsMax) faults.Add("furtherAccounts", $"at most {FurtherAccountsMax} expected");
        return [.. FurtherAccounts.Take(FurtherAccountsMax).Select((account, at) => account.Read($"furtherAccounts[{at}]", faults, before?.FurtherAccounts.ElementAtOrDefault(at)))];
    }
}

/// <param name="Account">As people of the country write it: <c>2000145399/0800</c>.</param>
/// <param name="Currency">Of the account, where it is not the issuer's. A GPC statement often does not say.</param>
/// <param name="Statements">
/// What the bank's GPC (ABO) statements do differently; it holds for all accounts at the bank. Left out where the bank's ways are known or usual.
/// </param>
public sealed record IssuerBankAccountView(string Iban, string? Account = null, string? Bic = null, string? Currency = null, BankConvention? Statements = null)
{
    /// <param name="stored">The account as it stands; null when there is none.</param>
    public IssuerBankAccount Read(string field, Faults faults, IssuerBankAccount? stored)
    {
        var iban = Domain.Iban.Compact(Iban);
        if (!Domain.Iban.IsValid(iban)) faults.Add($"{field}.iban", "an IBAN with a right check sum expected");
        var bic = faults.OptionalText($"{field}.bic", Bic)?.ToUpperInvariant();
        if (bic is not null && !(bic.Length is 8 or 11 && bic.All(char.IsAsciiLetterOrDigit))) faults.Add($"{field}.bic", "8 or 11 letters and digits expected");
        var local = faults.OptionalText($"{field}.account", Account);
        var account = new IssuerBankAccount(local, iban, bic, Currency is null ? null : faults.Currency($"{field}.currency", Currency), Statements);
        if ((local, iban) != (stored?.Local, stored?.Iban) && account.OtherAccountOfIban is { } told)
            faults.Add($"{field}.account", $"the IBAN is of another account: {told}");
        return account;
    }

    public static IssuerBankAccountView Of(IssuerBankAccount account) => new(account.Iban, account.Local, account.Bic, account.Currency?.Code, account.Statements);
}

/// <param name="Revision">Grows with every change; documents name the one printed on them.</param>
/// <param name="Problems">What would keep its clients from being billed or their payments from being found; empty when nothing is wrong.</param>
public sealed record IssuerView(
    int Id, int Revision, string Name, Address Address, string CompanyNumber, string? VatNumber, string? RegisterText, string Currency,
    IssuerBankAccountView BankAccount, string? Email, string? Phone, string? Web, IssuerBilling Billing, SupplyDating SupplyDating,
    IReadOnlyList<IssuerBankAccountView> FurtherAccounts, IReadOnlyList<IssuerProblemView> Problems)
{
    public static IssuerView Of(Issuer issuer) => new(
        issuer.Id.Value, issuer.Revision, issuer.Name, Address.Of(issuer.Address), issuer.CompanyNumber, issuer.VatNumber, issuer.RegisterText,
        issuer.Currency.Code, IssuerBankAccountView.Of(issuer.BankAccount),
        issuer.Email, issuer.Phone, issuer.Web, issuer.Billing, issuer.SupplyDating, [.. issuer.FurtherAccounts.Select(IssuerBankAccountView.Of)],
        [.. IssuerProblems.Of(issuer, VatRates.Known).Select(problem => new IssuerProblemView(problem.Field, problem.Reason))]);
}

/// <param name="Field">Of the issuer: <c>furtherAccounts[0].account</c>.</param>
public sealed record IssuerProblemView(string Field, string Reason);
