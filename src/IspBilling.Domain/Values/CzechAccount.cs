using System.Globalization;

namespace IspBilling.Domain;

/// <summary>
/// A Czech bank account: prefix of up to six digits, number of up to ten, bank code of four
/// (Czech National Bank's decree 169/2011). Written <c>19-2000145399/0800</c> or as an IBAN <c>CZ6508000000192000145399</c>.
/// </summary>
/// <param name="Prefix">0 where there is none.</param>
/// <param name="BankCode">0 … 9999; written with four digits.</param>
public readonly record struct CzechAccount(int Prefix, long Number, int BankCode)
{
    public const int PrefixDigits = 6;
    public const int NumberDigits = 10;
    public const int BankCodeDigits = 4;
    public const int IbanLength = 24;

    private const int MaxTextLength = 64;

    /// <summary>Weights of the decree, from the last digit to the first; a prefix uses the first six.</summary>
    private static ReadOnlySpan<byte> Weights => [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];

    /// <summary>Both parts pass the weighted modulo-11 check and the number is not zero.</summary>
    public bool HasValidCheckDigits => Number > 0 && PassesModulo11(Prefix) && PassesModulo11(Number);

    /// <summary>The weighted digit sum is divisible by 11; true for 0, because a missing prefix is valid.</summary>
    public static bool PassesModulo11(long part)
    {
        Invariant.Require(part is >= 0 and < 10_000_000_000);
        var sum = 0;
        for (var place = 0; part > 0; place++, part /= 10) sum += (int)(part % 10) * Weights[place];
        return sum % 11 == 0;
    }

    /// <summary>
    /// Reads the local form (leading zeros and blanks allowed) or a Czech IBAN with valid check digits.
    /// The modulo-11 check is not required: banks do issue statements that name accounts of dummy numbers.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CzechAccount account)
    {
        account = default;
        if (text.Length > MaxTextLength) return false;
        Span<char> compact = stackalloc char[text.Length];
        compact = compact[..WithoutBlanks(text, compact)];
        return compact.StartsWith("CZ", StringComparison.OrdinalIgnoreCase)
            ? TryParseIban(compact, out account)
            : TryParseLocal(compact, out account);
    }

    /// <summary>The IBAN without blanks.</summary>
    public string ToIban()
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"{BankCode:0000}{Prefix:000000}{Number:0000000000}");
        var checkDigits = 98 - Iban.Modulo97($"{body}CZ00");
        return string.Create(CultureInfo.InvariantCulture, $"CZ{checkDigits:00}{body}");
    }

    /// <summary>The local form: <c>19-2000145399/0800</c>, or <c>2000145399/0800</c> without a prefix.</summary>
    public override string ToString() => Prefix == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Number}/{BankCode:0000}")
        : string.Create(CultureInfo.InvariantCulture, $"{Prefix}-{Number}/{BankCode:0000}");

    /// <summary>
    /// One text for one account, however it was written: the IBAN of a Czech account, else the text without blanks in upper case.
    /// Two accounts are the same when these texts are equal.
    /// </summary>
    public static string Comparable(string account) =>
        TryParse(account, out var czech) ? czech.ToIban() : Iban.Compact(account);

    private static bool TryParseIban(ReadOnlySpan<char> iban, out CzechAccount account)
    {
        account = default;
        if (iban.Length != IbanLength || !Iban.IsValid(iban)) return false;
        if (!TryDigits(iban[4..8], BankCodeDigits, out var bank)) return false;
        if (!TryDigits(iban[8..14], PrefixDigits, out var prefix)) return false;
        if (!TryDigits(iban[14..], NumberDigits, out var number) || number == 0) return false;
        account = new CzechAccount((int)prefix, number, (int)bank);
        return true;
    }

    private static bool TryParseLocal(ReadOnlySpan<char> text, out CzechAccount account)
    {
        account = default;
        var slash = text.IndexOf('/');
        if (slash < 0 || text.Length - slash - 1 != BankCodeDigits) return false;
        if (!TryDigits(text[(slash + 1)..], BankCodeDigits, out var bank)) return false;

        var whole = text[..slash];
        var dash = whole.IndexOf('-');
        long prefix = 0;
        if (dash >= 0 && !TryDigits(whole[..dash], PrefixDigits, out prefix)) return false;
        if (!TryDigits(whole[(dash + 1)..], PrefixDigits + NumberDigits, out var number)) return false;

        // Sixteen digits without a dash are the prefix and the number in one, as in ABO files.
        if (number >= 10_000_000_000)
        {
            if (dash >= 0) return false;
            prefix = number / 10_000_000_000;
            number %= 10_000_000_000;
        }

        if (number == 0) return false;
        account = new CzechAccount((int)prefix, number, (int)bank);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, int maxDigits, out long value)
    {
        value = 0;
        if (text.Length == 0 || text.Length > maxDigits) return false;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit(digit)) return false;
            value = (value * 10) + (digit - '0');
        }

        return true;
    }

    private static int WithoutBlanks(ReadOnlySpan<char> text, Span<char> compact)
    {
        var length = 0;
        foreach (var letter in text)
            if (letter is not (' ' or '\u00A0')) compact[length++] = letter;
        return length;
    }
}
