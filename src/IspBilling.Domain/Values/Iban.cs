namespace IspBilling.Domain;

/// <summary>The international bank account number (ISO 13616), of any country.</summary>
public static class Iban
{
    private const int MinLength = 15;
    private const int MaxLength = 34;

    /// <summary>Without blanks, in upper case: the form in which an IBAN is stored and compared.</summary>
    public static string Compact(string text)
    {
        if (IsCompact(text)) return text;
        return string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))).ToUpperInvariant();
    }

    /// <summary>Two letters, two digits, letters and digits; the modulo-97 check holds. Expects the compact form.</summary>
    public static bool IsValid(ReadOnlySpan<char> iban)
    {
        if (iban.Length is < MinLength or > MaxLength) return false;
        if (!char.IsAsciiLetter(iban[0]) || !char.IsAsciiLetter(iban[1])) return false;
        if (!char.IsAsciiDigit(iban[2]) || !char.IsAsciiDigit(iban[3])) return false;
        foreach (var letter in iban)
            if (!char.IsAsciiLetterOrDigit(letter)) return false;

        Span<char> rotated = stackalloc char[iban.Length];
        iban[4..].CopyTo(rotated);
        iban[..4].CopyTo(rotated[(iban.Length - 4)..]);
        return Modulo97(rotated) == 1;
    }

    /// <summary>
    /// The account that a Czech or Slovak IBAN contains, both of one form; null for any other country's, or an IBAN that is none. Expects the
    /// compact form.
    /// </summary>
    public static CzechAccount? AccountIn(string iban) =>
        iban is ['C', 'Z', ..] or ['S', 'K', ..] && iban.Length == CzechAccount.IbanLength && IsValid(iban)
        && CzechAccount.TryParse($"{iban[8..14]}-{iban[14..]}/{iban[4..8]}", out var account)
            ? account
            : null;

    /// <summary>The remainder by 97 with letters read as 10 … 35 (ISO 7064); the country and check digits stand at the end.</summary>
    internal static int Modulo97(ReadOnlySpan<char> rotated)
    {
        var remainder = 0;
        foreach (var letter in rotated)
        {
            remainder = char.IsAsciiDigit(letter)
                ? (remainder * 10) + (letter - '0')
                : (remainder * 100) + (char.ToUpperInvariant(letter) - 'A' + 10);
            remainder %= 97;
        }

        return remainder;
    }

    private static bool IsCompact(string text)
    {
        foreach (var letter in text)
            if (char.IsWhiteSpace(letter) || char.IsLower(letter)) return false;
        return true;
    }
}
