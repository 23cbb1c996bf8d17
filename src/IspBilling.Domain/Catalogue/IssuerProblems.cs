namespace IspBilling.Domain;

/// <param name="Field">Of the issuer: <c>furtherAccounts[0].account</c>.</param>
public sealed record IssuerProblem(string Field, string Reason);

/// <summary>
/// What is wrong with an issuer and would keep its clients from being billed or their payments from being found. Most of it is refused today; an
/// issuer that was stored before is kept, and says so.
/// </summary>
public static class IssuerProblems
{
    public static List<IssuerProblem> Of(Issuer issuer, VatRates rates)
    {
        var problems = new List<IssuerProblem>();
        if (issuer.IsSample) Add("name", $"a sample, which issues nothing: say with PUT /v1/issuers/{issuer.Id} who invoices");
        var country = issuer.Address.Country;
        if (!CountryCode.IsKnown(country)) Add("address.country", $"'{country}' is no country");
        if (issuer.IsVatPayer && !rates.Knows(country))
            Add("address.country", $"the VAT rates of '{country}' are not known, so that its clients cannot be billed; known: {string.Join(", ", rates.Countries)}");
        if (issuer is { IsSample: false, VatNumber: { } number } && VatNumber.Fault(VatNumber.Compact(number), country) is { } fault)
            Add("vatNumber", $"VAT number {number}: {fault}");
        var accounts = issuer.AllAccounts.ToArray();
        for (var i = 0; i < accounts.Length; i++)
        {
            if (accounts[i].OtherAccountOfIban is { } told)
                Add(i == 0 ? "bankAccount.account" : $"furtherAccounts[{i - 1}].account", $"account {accounts[i].Local} is stated with the IBAN of another account: {told}");
        }

        return problems;

        void Add(string field, string reason) => problems.Add(new IssuerProblem(field, reason));
    }
}
