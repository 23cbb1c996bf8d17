using System.Globalization;
using System.Text.RegularExpressions;
using IspBilling.Domain;

namespace IspBilling.Desk.Search;

/// <summary>The forms in which payments may have a bank account that somebody types: as an IBAN or a local number, with the bank or without.</summary>
internal static partial class BankAccountForms
{
    private const string Slovakia = "SK";
    private const int CheckDigitsMax = 98;

    /// <summary>Banks of the Czech National Bank's and the National Bank of Slovakia's directories; an account without its bank may be at any.</summary>
    private static readonly int[] Banks =
    [
        100, 200, 300, 600, 710, 720, 800, 900, 1100, 1111, 2010, 2060, 2070, 2100, 2200, 2220, 2240, 2250, 2260, 2275, 2600, 2700, 3000, 3030, 3050, 3060,
        3100, 3500, 4000, 4300, 5200, 5500, 5600, 5800, 5900, 6000, 6100, 6200, 6210, 6300, 6363, 6500, 6700, 6800, 7300, 7500, 7910, 7930, 7940, 7950, 7960,
        7970, 7980, 7990, 8030, 8040, 8050, 8060, 8090, 8100, 8120, 8130, 8150, 8160, 8170, 8180, 8190, 8198, 8199, 8200, 8215, 8220, 8230, 8240, 8250, 8255,
        8265, 8270, 8280, 8293, 8299, 8320, 8330, 8360, 8370, 8410, 8420, 8430, 8500,
    ];

    /// <returns>None when the text is no account.</returns>
    public static IReadOnlyList<string> Of(string text)
    {
        var compact = Iban.Compact(text);
        if (Local(compact) is { } local) return [.. Forms(local).Append(compact).Distinct(StringComparer.Ordinal)];
        if (Iban.IsValid(compact)) return [compact];
        return WithoutBank().IsMatch(compact)
            ? [.. Banks.Select(bank => Local(string.Create(CultureInfo.InvariantCulture, $"{compact}/{bank:0000}"))).OfType<CzechAccount>().SelectMany(Forms)]
            : [];
    }

    /// <summary>Czech and Slovak IBANs have the local number inside.</summary>
    private static CzechAccount? Local(string compact)
    {
        var isIban = compact.Length == CzechAccount.IbanLength && compact is ['C', 'Z', ..] or ['S', 'K', ..] && Iban.IsValid(compact);
        var local = isIban ? $"{compact[8..14]}-{compact[14..]}/{compact[4..8]}" : compact;
        return CzechAccount.TryParse(local, out var account) ? account : null;
    }

    private static IEnumerable<string> Forms(CzechAccount account)
    {
        yield return account.ToString();
        yield return account.ToIban();
        var digits = string.Create(CultureInfo.InvariantCulture, $"{account.BankCode:0000}{account.Prefix:000000}{account.Number:0000000000}");
        yield return Enumerable.Range(0, CheckDigitsMax + 1).Select(check => string.Create(CultureInfo.InvariantCulture, $"{Slovakia}{check:00}{digits}")).First(iban => Iban.IsValid(iban));
    }

    [GeneratedRegex(@"^([0-9]{1,6}-)?[0-9]{6,16}\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex WithoutBank();
}
