using IspBilling.Domain;

namespace IspBilling.Banking;

/// <summary>The other side's account in normal form, from an account text and, where it stands apart, a bank code.</summary>
internal static class CounterAccounts
{
    /// <summary>
    /// An IBAN without blanks; a Czech or Slovak account as <c>prefix-number/bank</c> without leading zeros; anything else as written.
    /// </summary>
    /// <param name="bankCode">Null, empty or 0000 where not known.</param>
    public static string? Normal(string? account, string? bankCode)
    {
        if (AsWritten(account) is not { } compact) return null;
        if (Iban.IsValid(compact)) return compact;
        if (CzechAccount.TryParse(compact, out var whole)) return whole.ToString();
        if (bankCode is null or "" or "0000") return compact;
        return CzechAccount.TryParse($"{compact}/{bankCode}", out var local) ? local.ToString() : $"{compact}/{bankCode}";
    }

    /// <summary>Without blanks, in upper case; null where it is nothing but zeros. What looks like a Czech number may be an account of any country.</summary>
    public static string? AsWritten(string? account)
    {
        if (account is null) return null;
        var compact = Iban.Compact(account);
        return compact.Length == 0 || compact.AsSpan().IndexOfAnyExcept('0', '-') < 0 ? null : compact;
    }
}
