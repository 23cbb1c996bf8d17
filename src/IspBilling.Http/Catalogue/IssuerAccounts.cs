using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using IspBilling.Http.Problems;

namespace IspBilling.Http.Catalogue;

/// <summary>Whose a bank account is decides whose clients its money is for: it can be one issuer's only.</summary>
internal static class IssuerAccounts
{
    /// <summary>What another issuer, or the issuer itself, has stated already, and conventions that contradict each other.</summary>
    /// <param name="before">The issuer as it stands: an account that two share from before this was refused stays.</param>
    public static void Check(Issuer issuer, Issuer? before, IEnumerable<Issuer> all, Faults faults)
    {
        var kept = before?.AllAccounts.Select(account => KeyOf(account, before)).ToHashSet() ?? [];
        var taken = new Dictionary<(string, Currency), IssuerId>();
        foreach (var other in all.Where(other => other.Id != issuer.Id))
            foreach (var account in other.AllAccounts.Where(account => !kept.Contains(KeyOf(account, other)))) taken.TryAdd(KeyOf(account, other), other.Id);

        var conventions = new Dictionary<string, BankConvention>(StringComparer.Ordinal);
        foreach (var (account, field) in issuer.AllAccounts.Select((account, at) => (account, at == 0 ? "bankAccount" : string.Create(CultureInfo.InvariantCulture, $"furtherAccounts[{at - 1}]"))))
        {
            if (!taken.TryAdd(KeyOf(account, issuer), issuer.Id))
                faults.Add(field, taken[KeyOf(account, issuer)] is var owner && owner == issuer.Id ? "the issuer has this account already" : $"issuer {owner} has this account");
            if (account.Statements is { } set && CzechAccount.TryParse(account.Iban, out var czech)
                && !conventions.TryAdd(czech.BankCode.ToString("0000", CultureInfo.InvariantCulture), set) && conventions[czech.BankCode.ToString("0000", CultureInfo.InvariantCulture)] != set)
                faults.Add($"{field}.statements", "the same for all accounts at one bank expected");
        }
    }

    private static (string Account, Currency Currency) KeyOf(IssuerBankAccount account, Issuer issuer) => (AccountKey.Of(account.Iban), account.CurrencyOf(issuer));
}
