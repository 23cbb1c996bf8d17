using System.Text.RegularExpressions;

namespace IspBilling.Domain;

/// <summary>
/// Numbers of VAT payers (DIČ, IČ DPH) by form and, where the country publishes them for everyone's use, check digits. Whether a number was ever
/// given to anybody is not asked here.
/// </summary>
public static partial class VatNumber
{
    /// <param name="number">Without blanks, in upper case; see <see cref="Compact"/>.</param>
    /// <param name="country">Of its holder, two letters: decides whether a number may be of a form that is not known here.</param>
    /// <returns>What would have been right; null when the number may be one.</returns>
    public static string? Fault(string number, string country)
    {
        var prefix = number.Length >= 2 ? number[..2] : "";
        return FormOf(prefix) is { } form ? Fault(number, prefix, form) : FormOf(PrefixOf(country)) is { } own ? $"{own.Expected} expected" : null;
    }

    /// <summary>The form in which numbers are stored and compared.</summary>
    public static string Compact(string text) =>
        text.AsSpan().ContainsAny(' ', '\u00A0') || text.Any(char.IsAsciiLetterLower)
            ? string.Concat(text.Where(letter => letter is not (' ' or '\u00A0'))).ToUpperInvariant()
            : text;

    private static string? Fault(string number, string prefix, Form form)
    {
        if (!form.Pattern.IsMatch(number[2..])) return $"{form.Expected} expected";
        return prefix switch
        {
            "CZ" => HasCzechCheckDigit(number[2..]) ? null : "the check digit does not fit the others",
            "SK" => long.Parse(number[2..], System.Globalization.CultureInfo.InvariantCulture) % 11 == 0 ? null : "the number is not divisible by 11",
            _ => null,
        };
    }

    /// <summary>
    /// A company's eight digits carry the check digit of its IČO. Of a person's number, ten digits are a birth number and divisible by 11, with
    /// the exceptions of the years 1954 to 1985 whose remainder is 10 and whose last digit is 0; nine digits carry none, or are the tax
    /// office's own (Czech Tax Administration, structure of DIČ; Act 133/2000 on birth numbers, §13).
    /// </summary>
    private static bool HasCzechCheckDigit(string digits)
    {
        if (digits.Length == 9) return true;
        if (digits.Length == 10)
        {
            var whole = long.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
            return whole % 11 == 0 || (whole / 10 % 11 == 10 && digits[^1] == '0');
        }

        var sum = 0;
        for (var place = 0; place < 7; place++) sum += (digits[place] - '0') * (8 - place);
        return digits[7] - '0' == (11 - (sum % 11)) % 10;
    }

    /// <summary>Greece writes EL.</summary>
    private static string PrefixOf(string country) => country == "GR" ? "EL" : country;

    /// <summary>Forms of the member states as VIES publishes them; null for a prefix that is of none.</summary>
    private static Form? FormOf(string prefix) => prefix switch
    {
        "CZ" => new(CzechDigits(), "CZ and 8 to 10 digits"),
        "SK" => new(SlovakDigits(), "SK and 10 digits"),
        "AT" => new(Austria(), "ATU and 8 digits"),
        "BE" => new(Belgium(), "BE, 0 or 1 and 9 digits"),
        "BG" => new(NineOrTenDigits(), "BG and 9 or 10 digits"),
        "CY" => new(Cyprus(), "CY, 8 digits and a letter"),
        "DE" => new(NineDigits(), "DE and 9 digits"),
        "DK" or "FI" or "HU" or "LU" or "MT" or "SI" => new(EightDigits(), $"{prefix} and 8 digits"),
        "EE" or "EL" or "PT" => new(NineDigits(), $"{prefix} and 9 digits"),
        "ES" => new(Spain(), "ES and 9 characters, a letter first or last"),
        "FR" => new(France(), "FR, 2 characters and 9 digits"),
        "HR" or "IT" or "LV" => new(ElevenDigits(), $"{prefix} and 11 digits"),
        "IE" => new(Ireland(), "IE and 8 or 9 characters"),
        "LT" => new(Lithuania(), "LT and 9 or 12 digits"),
        "NL" => new(Netherlands(), "NL, 9 digits, B and 2 digits"),
        "PL" => new(TenDigits(), "PL and 10 digits"),
        "RO" => new(Romania(), "RO and 2 to 10 digits"),
        "SE" => new(TwelveDigits(), "SE and 12 digits"),
        "XI" => new(NorthernIreland(), "XI and 9 or 12 digits"),
        _ => null,
    };

    private sealed record Form(Regex Pattern, string Expected);

    [GeneratedRegex("^[0-9]{8,10}\\z", RegexOptions.None, 100)]
    private static partial Regex CzechDigits();

    [GeneratedRegex("^[1-9][0-9]{9}\\z", RegexOptions.None, 100)]
    private static partial Regex SlovakDigits();

    [GeneratedRegex("^U[0-9]{8}\\z", RegexOptions.None, 100)]
    private static partial Regex Austria();

    [GeneratedRegex("^[01][0-9]{9}\\z", RegexOptions.None, 100)]
    private static partial Regex Belgium();

    [GeneratedRegex("^[0-9]{8}[A-Z]\\z", RegexOptions.None, 100)]
    private static partial Regex Cyprus();

    [GeneratedRegex("^[0-9]{8}\\z", RegexOptions.None, 100)]
    private static partial Regex EightDigits();

    [GeneratedRegex("^[0-9]{9}\\z", RegexOptions.None, 100)]
    private static partial Regex NineDigits();

    [GeneratedRegex("^[0-9]{9,10}\\z", RegexOptions.None, 100)]
    private static partial Regex NineOrTenDigits();

    [GeneratedRegex("^[0-9]{10}\\z", RegexOptions.None, 100)]
    private static partial Regex TenDigits();

    [GeneratedRegex("^[0-9]{11}\\z", RegexOptions.None, 100)]
    private static partial Regex ElevenDigits();

    [GeneratedRegex("^[0-9]{12}\\z", RegexOptions.None, 100)]
    private static partial Regex TwelveDigits();

    [GeneratedRegex("^([A-Z][0-9]{7}[0-9A-Z]|[0-9]{8}[A-Z])\\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Spain();

    [GeneratedRegex("^[0-9A-HJ-NP-Z]{2}[0-9]{9}\\z", RegexOptions.None, 100)]
    private static partial Regex France();

    [GeneratedRegex("^([0-9]{7}[A-Z]{1,2}|[0-9][A-Z+*][0-9]{5}[A-Z])\\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Ireland();

    [GeneratedRegex("^([0-9]{9}|[0-9]{12})\\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Lithuania();

    [GeneratedRegex("^[0-9A-Z+*]{9}B[0-9]{2}\\z", RegexOptions.None, 100)]
    private static partial Regex Netherlands();

    [GeneratedRegex("^[0-9]{2,10}\\z", RegexOptions.None, 100)]
    private static partial Regex Romania();

    [GeneratedRegex("^([0-9]{9}|[0-9]{12})\\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex NorthernIreland();
}
