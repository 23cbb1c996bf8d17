using IspBilling.Domain;

namespace IspBilling.Engine.StatementImports;

internal enum MentionKind
{
    /// <summary>The payer says that it is a variable symbol: <c>VS 7001</c>, <c>var. symbol 7001</c>.</summary>
    Labelled,

    /// <summary>Six to ten digits.</summary>
    Long,

    /// <summary>Four or five digits: they count only where the amount is exactly what is open.</summary>
    Short,
}

/// <summary>A number in a text that may be a symbol or a document's number.</summary>
internal readonly record struct Mention(long Number, MentionKind Kind);

/// <summary>
/// Finds the numbers in what payers write. A year, a date, a postcode or an account number is none of them, and digits in groups are
/// not taken at all: <c>VS 260 000 0012</c> is neither 260 nor 12.
/// </summary>
/// <remarks>Found by hand: a regular expression needs a time limit, and a busy machine then refuses a sound file.</remarks>
internal static class Mentions
{
    private const int LongFrom = 6;
    private const int ShortFrom = 4;

    /// <summary>More numbers than this in one text are a list of something else.</summary>
    private const int Max = 32;

    /// <summary>A date is within this many years of the payment; other numbers only look like one.</summary>
    private const int DateYears = 10;

    /// <param name="bookedOn">Of the entry: dates near it are dates.</param>
    public static List<Mention> In(string? text, DateOnly bookedOn)
    {
        var found = new List<Mention>();
        for (var from = 0; text is not null && from < text.Length && found.Count < Max;)
        {
            if (!char.IsAsciiDigit(text[from]))
            {
                from++;
                continue;
            }

            from = TakeOne(text, from, bookedOn.Year, found);
        }

        return found;
    }

    /// <summary>One run of digits, or a group of runs; where it ends.</summary>
    private static int TakeOne(string text, int from, int year, List<Mention> found)
    {
        var to = EndOfDigits(text, from);
        var label = SymbolLabel.Before(text, from);
        if (label is null && IsAccountNumber(text, to)) return EndOfDigits(text, to + 1);
        if (GoesOn(text, to) && !(to - from >= LongFrom && Together(text, from, to) > VariableSymbol.MaxDigits)) return EndOfGroup(text, to);
        var digits = text.AsSpan(from, to - from);
        if (KindOf(text, from, to, label, year) is { } kind && VariableSymbol.Read(digits) is { } symbol) found.Add(new Mention(symbol.Value, kind));
        return to;
    }

    private static MentionKind? KindOf(string text, int from, int to, SymbolKind? label, int year)
    {
        var digits = text.AsSpan(from, to - from);
        if (digits.Length > VariableSymbol.MaxDigits) return null;
        if (label is not null) return label == SymbolKind.Variable ? MentionKind.Labelled : null;
        if (IsNumberOfAnotherKind(text, from) || digits.Length < ShortFrom) return null;
        if (digits.Length >= LongFrom) return IsDate(digits, year) ? null : MentionKind.Long;
        return IsYear(digits) || (digits.Length == 5 && IsPostcode(text, from, to)) ? null : MentionKind.Short;
    }

    /// <summary>A credit note's number is an invoice's with a letter in front.</summary>
    private static bool IsNumberOfAnotherKind(string text, int from)
    {
        foreach (var traits in DocumentKinds.All)
        {
            var prefix = traits.NumberPrefix;
            if (prefix.Length == 0 || from < prefix.Length || string.Compare(text, from - prefix.Length, prefix, 0, prefix.Length, StringComparison.OrdinalIgnoreCase) != 0) continue;
            if (from == prefix.Length || !char.IsLetter(text[from - prefix.Length - 1])) return true;
        }

        return false;
    }

    private static bool IsAccountNumber(string text, int to) =>
        to < text.Length && text[to] == '/' && EndOfDigits(text, to + 1) - (to + 1) == CzechAccount.BankCodeDigits;

    private static bool IsYear(ReadOnlySpan<char> digits) => digits.Length == 4 && Number(digits) is >= 1900 and < 2100;

    private static bool IsDate(ReadOnlySpan<char> digits, int year) => digits.Length switch
    {
        8 => IsDate(digits[4..], digits[2..4], digits[..2], year) || IsDate(digits[..4], digits[4..6], digits[6..], year),
        6 => IsDate(digits[4..], digits[2..4], digits[..2], year) || IsDate(digits[..2], digits[2..4], digits[4..], year),
        _ => false,
    };

    private static bool IsDate(ReadOnlySpan<char> year, ReadOnlySpan<char> month, ReadOnlySpan<char> day, int near)
    {
        var full = year.Length == 2 ? (near / 100 * 100) + Number(year) : Number(year);
        return Math.Abs(full - near) <= DateYears && Number(month) is >= 1 and <= 12 && Number(day) is >= 1 and <= 31;
    }

    /// <summary>Five digits with a town behind or before them: <c>60200 Brno</c>, <c>Brno 60200</c>.</summary>
    private static bool IsPostcode(string text, int from, int to)
    {
        var behind = text.AsSpan(to).TrimStart();
        if (behind.Length > 0 && char.IsLetter(behind[0])) return true;
        var before = text.AsSpan(0, from).TrimEnd(" ,");
        var word = before[(before.LastIndexOf(' ') + 1)..];
        return word.Length > 0 && char.IsUpper(word[0]);
    }

    /// <summary>Digits go on behind one separator.</summary>
    private static bool GoesOn(string text, int to) =>
        to + 1 < text.Length && text[to] is ' ' or '\u00A0' or '.' or '-' or '/' && char.IsAsciiDigit(text[to + 1]);

    private static int Together(string text, int from, int to) => to - from + EndOfDigits(text, to + 1) - (to + 1);

    private static int EndOfGroup(string text, int to)
    {
        while (GoesOn(text, to)) to = EndOfDigits(text, to + 1);
        return to;
    }

    private static int EndOfDigits(string text, int from)
    {
        while (from < text.Length && char.IsAsciiDigit(text[from])) from++;
        return from;
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        var number = 0;
        foreach (var digit in digits) number = (number * 10) + (digit - '0');
        return number;
    }
}
