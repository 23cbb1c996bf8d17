using System.Text;
using System.Text.RegularExpressions;
using AnyAscii;
using IspBilling.Domain;
using PhoneNumbers;

namespace IspBilling.Postgres.Audit;

/// <summary>What a search should find a client by, worked out by a second hand. Kinds by the numbers they are stored with.</summary>
internal static partial class ExpectedTerms
{
    public const short Reference = 3;

    private const short Contract = 10;

    private const short Name = 1, Address = 2, Email = 4, EmailDomain = 5, Phone = 6, CompanyNumber = 7, VatNumber = 8, Symbol = 9;
    private const int LettersMax = 64;

    /// <summary>The terms that are there already: those of what an earlier release wrote come later.</summary>
    public static IEnumerable<TermRow> Judged(StoredAccount stored) => stored.Terms.Where(term => term.Kind switch
    {
        Reference => stored.Reference?.HasTerms is true,
        Contract => true,
        _ => stored.ClientHasTerms,
    });

    /// <param name="contracts">Numbers of the contracts that there are.</param>
    public static IReadOnlyCollection<TermRow> Of(StoredAccount stored, AccountProfile? particulars, IEnumerable<string> contracts)
    {
        var terms = new HashSet<TermRow>();
        foreach (var plain in contracts.Select(number => Plain(number).Trim())) Add(terms, Contract, plain, Joined(plain));
        if (stored.Reference is { HasTerms: true } given)
        {
            var plain = Plain(given.Reference).Trim();
            Add(terms, Reference, plain, Joined(plain));
        }

        if (particulars is null || !stored.ClientHasTerms) return terms;
        foreach (var part in Parts(particulars.Name)) Add(terms, Name, [.. WordsOf(part), Joined(Plain(part))]);
        var (street, city, code, country) = particulars.Address;
        Add(terms, Address, [.. new[] { street, city, code }.SelectMany(Parts).SelectMany(WordsOf), Joined(Plain(code))]);
        if (particulars.Email is { } email)
        {
            var plain = Plain(email).Trim();
            Add(terms, Email, plain);
            if (plain.Contains('@')) Add(terms, EmailDomain, plain.Split('@')[^1]);
        }

        Add(terms, Phone, [.. Phones(particulars.Phone, country)]);
        if (particulars.CompanyNumber is { } company) Add(terms, CompanyNumber, [.. WithAndWithoutCountry(company).Select(EightDigits)]);
        if (particulars.VatNumber is { } vat) Add(terms, VatNumber, [.. WithAndWithoutCountry(vat)]);
        if (particulars.AccountSymbol is { } symbol) Add(terms, Symbol, $"{symbol}");
        return terms;
    }

    private static void Add(HashSet<TermRow> terms, short kind, params IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            if (text.Length > 0) terms.Add(new TermRow(kind, text.Length > LettersMax ? text.Remove(LettersMax) : text));
        }
    }

    private static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var letter in text.Transliterate()) plain.Append(letter < 0x20 || letter > 0x7E ? ' ' : letter);
        return plain.ToString().ToLowerInvariant();
    }

    private static IEnumerable<string> Parts(string text) => Blanks().Split(text);

    private static IEnumerable<string> WordsOf(string part) => Words().Matches(Plain(part)).Select(word => word.Value);

    private static string Joined(string plain) => string.Join("", Words().Matches(plain).Select(word => word.Value));

    private static IEnumerable<string> Phones(string? phone, string country)
    {
        if (phone is null) return [];
        if (ValidNumber(phone, country) is { } whole) return whole;
        return phone.Split([',', ';', '/']).SelectMany(part => ValidNumber(part, country) ?? (Digits(part) is { } digits && digits.StartsWith("00", StringComparison.Ordinal) ? [digits[2..]] : [Digits(part)]))
            .Where(digits => digits.Length >= 3);
    }

    private static string[]? ValidNumber(string text, string country)
    {
        if (Digits(text).Length is < 5 or > 20) return null;
        var numbers = PhoneNumberUtil.GetInstance();
        try
        {
            var number = numbers.Parse(ExitCode().Replace(text, "+"), country);
            if (!numbers.IsPossibleNumber(number)) return null;
            var national = numbers.GetNationalSignificantNumber(number);
            return [$"{number.CountryCode}{national}", national, Digits(numbers.Format(number, PhoneNumberFormat.NATIONAL))];
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static string Digits(string text) => NoDigits().Replace(text, "");

    private static IEnumerable<string> WithAndWithoutCountry(string number)
    {
        var joined = Joined(Plain(number));
        return Country().Match(joined) is { Success: true } match ? [joined, match.Groups["rest"].Value] : [joined];
    }

    private static string EightDigits(string number) => SomeDigits().IsMatch(number) ? $"0000000{number}"[^8..] : number;

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();

    [GeneratedRegex("[a-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Words();

    [GeneratedRegex("[^0-9]", RegexOptions.None, 1000)]
    private static partial Regex NoDigits();

    [GeneratedRegex(@"^\s*00", RegexOptions.None, 1000)]
    private static partial Regex ExitCode();

    [GeneratedRegex(@"^[a-z]{2}(?<rest>[0-9].*)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Country();

    [GeneratedRegex(@"^[0-9]{1,7}\z", RegexOptions.None, 1000)]
    private static partial Regex SomeDigits();
}
