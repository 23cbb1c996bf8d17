using PhoneNumbers;

namespace IspBilling.Postgres.Terms;

/// <summary>
/// Phone numbers as they are compared: the digits of E.164 without the plus, and the national digits, so that <c>777 123 456</c>,
/// <c>+420777123456</c> and <c>00420 777-123-456</c> are one.
/// </summary>
public static class PhoneDigits
{
    private const int DigitsMin = 3;

    /// <summary>E.164 allows fifteen; an exit code and a zero that should not be there come on top.</summary>
    private const int DigitsMax = 20;

    /// <summary>The fewest digits for which a text is taken for a whole phone number.</summary>
    private const int AskedMin = 5;

    private static readonly char[] Separators = [',', ';', '/'];

    /// <param name="phone">As a client's particulars have it; several numbers may stand there.</param>
    /// <param name="region">Country whose numbers are written without a country code, two letters.</param>
    public static IEnumerable<string> Of(string phone, string region) =>
        Read(phone, region) is { } whole ? Forms(whole) : phone.Split(Separators).SelectMany(part => Read(part, region) is { } number ? Forms(number) : AsWritten(part));

    /// <summary>The first number of a text in the form of E.164, <c>+420777123456</c>; null when there is none.</summary>
    public static string? E164(string phone, string region) =>
        phone.Split(Separators).Prepend(phone).Select(part => Read(part, region)).OfType<PhoneNumber>().Select(number => $"+{International(number)}").FirstOrDefault();

    /// <summary>What to compare with <see cref="Of"/> when somebody looks for a number; nothing when the text is none.</summary>
    /// <param name="regions">Countries whose numbers the text may be.</param>
    public static IEnumerable<string> Asked(string text, IEnumerable<string> regions)
    {
        if (!text.All(letter => char.IsAsciiDigit(letter) || char.IsWhiteSpace(letter) || letter is '+' or '-' or '.' or '(' or ')' or '/')) return [];
        var digits = Digits(text);
        if (digits.Length is < AskedMin or > DigitsMax) return [];
        return regions.Select(region => Read(text, region)).OfType<PhoneNumber>().Select(International).Append(WithoutExitCode(digits)).Distinct(StringComparer.Ordinal);
    }

    /// <summary><c>00420…</c> is <c>+420…</c>.</summary>
    public static string WithoutExitCode(string digits) => digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits;

    private static IEnumerable<string> Forms(PhoneNumber number)
    {
        yield return International(number);
        yield return Numbers.GetNationalSignificantNumber(number);
        // With the zero that is dialled in front where a country has one.
        yield return Digits(Numbers.Format(number, PhoneNumberFormat.NATIONAL));
    }

    private static string International(PhoneNumber number) => Digits(Numbers.Format(number, PhoneNumberFormat.E164));

    private static IEnumerable<string> AsWritten(string part)
    {
        var digits = WithoutExitCode(Digits(part));
        if (digits.Length >= DigitsMin) yield return digits;
    }

    private static PhoneNumber? Read(string text, string region)
    {
        if (text.Count(char.IsAsciiDigit) is < AskedMin or > DigitsMax) return null;
        try
        {
            var number = Numbers.Parse(WithPlus(text), region);
            // Not IsValidNumber: new ranges are given out that no list knows yet.
            return Numbers.IsPossibleNumber(number) ? number : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    /// <summary>00 is no exit code everywhere, and here it is one.</summary>
    private static string WithPlus(string text) => text.TrimStart() is ['0', '0', .. var rest] ? $"+{rest}" : text;

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    private static PhoneNumberUtil Numbers => PhoneNumberUtil.GetInstance();
}
