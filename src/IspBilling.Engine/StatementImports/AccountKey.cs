using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

/// <summary>One text for one bank account, however a file writes it: two accounts are the same when their keys are equal.</summary>
public static class AccountKey
{
    /// <summary>
    /// Codes that only Slovak banks have (National Bank of Slovakia's directory). Czech and Slovak local accounts look alike; without
    /// this an account of Tatra banka would become an IBAN of the Czech Republic.
    /// </summary>
    private static readonly HashSet<string> SlovakBanks = new(StringComparer.Ordinal)
    {
        "0200", "0720", "0900", "1100", "1111", "3000", "3100", "5200", "5600", "5900", "6500", "7300", "7500", "7930", "8050", "8100",
        "8120", "8130", "8160", "8170", "8180", "8320", "8330", "8360", "8370", "8420", "8430",
    };

    /// <summary>
    /// The IBAN of a Czech account, <c>prefix-number/bank</c> of a Slovak one, else the text without blanks in upper case. An account
    /// without its bank has a key of its own: nobody knows which account it is.
    /// </summary>
    public static string Of(string account)
    {
        var compact = Iban.Compact(account);
        if (!TryLocal(compact, out var local)) return compact;
        return IsSlovak(compact, local) ? local.ToString() : local.ToIban();
    }

    /// <summary>Whatever the check digits of an IBAN are, the account is in the digits behind them.</summary>
    private static bool TryLocal(string compact, out CzechAccount local) =>
        (compact is ['C', 'Z', ..] or ['S', 'K', ..]) && compact.Length == CzechAccount.IbanLength
            ? CzechAccount.TryParse($"{compact[8..14]}-{compact[14..]}/{compact[4..8]}", out local)
            : CzechAccount.TryParse(compact, out local);

    private static bool IsSlovak(string compact, CzechAccount local) =>
        compact is ['S', 'K', ..] || (compact is not ['C', 'Z', ..] && SlovakBanks.Contains(local.BankCode.ToString("0000", CultureInfo.InvariantCulture)));
}
