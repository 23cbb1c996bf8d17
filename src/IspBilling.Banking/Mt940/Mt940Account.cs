using IspBilling.Domain;

namespace IspBilling.Banking.Mt940;

/// <summary>The account of a <c>:25:</c> field: an IBAN, <c>account/bank</c> or, as SWIFT has it, <c>bank/account</c>.</summary>
internal static class Mt940Account
{
    private const int CurrencyLetters = 3;

    public static string? Normal(string text)
    {
        if (CounterAccounts.AsWritten(text) is not { } compact) return null;
        if (compact.Length > CurrencyLetters && Iban.IsValid(compact.AsSpan()[..^CurrencyLetters])) return compact[..^CurrencyLetters];
        if (Iban.IsValid(compact) || CzechAccount.TryParse(compact, out _)) return CounterAccounts.Normal(compact, bankCode: null);
        var slash = compact.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && CzechAccount.TryParse($"{compact[(slash + 1)..]}/{compact[..slash]}", out var czech) ? czech.ToString() : compact;
    }
}
