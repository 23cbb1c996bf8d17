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

    /// <summary>Six to ten digits in groups, <c>260 000 0012</c>: they count like short ones, and else are worth a look.</summary>
    Grouped,

    /// <summary>Digits that follow the ones that are called a symbol, taken together with them: <c>12345</c> of <c>VS 1234 5</c>. They count like groups.</summary>
    Joined,
}

/// <summary>A number in a text that may be a symbol or a document's number.</summary>
internal readonly record struct Mention(long Number, MentionKind Kind);

/// <summary>
/// Finds the numbers in what payers write. A year, a date, an amount, a postcode or an account number is none of them, and digits in groups
/// belong together or are not taken at all: <c>VS 260 000 0012</c> is neither 260 nor 12. Where two readings are possible both are found.
/// </summary>
/// <remarks>Found by hand: a regular expression needs a time limit, and a busy machine then refuses a sound file.</remarks>
internal static class Mentions
{
    private const int LongFrom = 6;
    private const int ShortFrom = 4;

    /// <summary>Of a number that is cut into groups.</summary>
    private const int LongestRun = 4;

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
        if (GoesOn(text, to) && !(to - from >= LongFrom && Together(text, from, to) > VariableSymbol.MaxDigits)) return TakeGroup(text, from, to, label, year, found);
        var digits = text.AsSpan(from, to - from);
        if (KindOf(text, from, to, label, year) is { } kind && VariableSymbol.Read(digits) is { } symbol) found.Add(new Mention(symbol.Value, kind));
        return to;
    }

    /// <summary>Runs of digits with one separator between each two; where they end.</summary>
    private static int TakeGroup(string text, int from, int to, SymbolKind? label, int year, List<Mention> found)
    {
        var end = EndOfGroup(text, to);
        Span<char> digits = stackalloc char[VariableSymbol.MaxDigits];
        if (label == SymbolKind.Variable)
        {
            TakeLabelled(text, from, end, digits, found);
            return end;
        }

        if (label is not null || Joined(text, from, end, digits) is not (> 0 and var count) || !IsGroupOfSymbol(text, from, end, digits[..count], year)) return end;
        if (VariableSymbol.Read(digits[..count]) is { } symbol) found.Add(new Mention(symbol.Value, MentionKind.Grouped));
        return end;
    }

    /// <summary>
    /// Behind a label the first run is the symbol, as it is written, or the runs together are one that somebody wrote in groups; and a date, a year or an
    /// amount may follow either. Runs that are cut as people cut a number, three at least, are that number. Where it can be told only by who there is,
    /// each is mentioned.
    /// </summary>
    private static void TakeLabelled(string text, int from, int end, Span<char> digits, List<Mention> found)
    {
        Span<int> counts = stackalloc int[VariableSymbol.MaxDigits];
        var (runs, isWhole) = Runs(text, from, end, digits, counts);
        if (runs == 0) return;
        var isCut = isWhole && runs > 1 && IsCutByPeople(digits, counts[..runs]);
        if (isCut) Add(counts[runs - 1], MentionKind.Labelled, digits, found);
        if (isCut && runs > 2) return;
        Add(counts[0], MentionKind.Labelled, digits, found);
        for (var run = 1; run < runs - (isCut ? 1 : 0); run++) Add(counts[run], MentionKind.Joined, digits, found);

        static void Add(int count, MentionKind kind, ReadOnlySpan<char> digits, List<Mention> found)
        {
            if (found.Count < Max && VariableSymbol.Read(digits[..count]) is { } symbol) found.Add(new Mention(symbol.Value, kind));
        }
    }

    /// <summary>The runs that may be parts of one number: with one kind of separator, of no more digits than a symbol has, and none of them an amount.</summary>
    /// <param name="counts">How many digits there are up to the end of each run.</param>
    /// <returns>How many runs, and whether nothing else of the group is digits that were to belong to them.</returns>
    private static (int Runs, bool IsWhole) Runs(string text, int from, int end, Span<char> digits, Span<int> counts)
    {
        var (runs, count, separator) = (0, 0, '\0');
        for (var at = from; at < end; at++)
        {
            var to = EndOfDigits(text, at);
            if (count == VariableSymbol.MaxDigits || IsAmount(text, to)) return (runs, true);
            if (count + to - at > VariableSymbol.MaxDigits) return (runs, false);
            text.AsSpan(at, to - at).CopyTo(digits[count..]);
            counts[runs++] = count += to - at;
            if (to == end) break;
            var plain = IsBlank(text[to]) ? ' ' : text[to];
            // Another separator begins something else, of which the last run may be a part already.
            if (separator != '\0' && plain != separator) return (runs, count == VariableSymbol.MaxDigits);
            (separator, at) = (plain, to);
        }

        return (runs, true);
    }

    /// <summary><c>260 000 0012</c>, <c>26 0000 0012</c>, <c>70 01</c>: no run is shorter than the one before, none has more than four digits, and the last is no year.</summary>
    private static bool IsCutByPeople(ReadOnlySpan<char> digits, ReadOnlySpan<int> counts)
    {
        var (begin, longest) = (0, 0);
        foreach (var end in counts)
        {
            if (end - begin < longest || end - begin > LongestRun) return false;
            (begin, longest) = (end, end - begin);
        }

        return !IsYear(digits[counts[^2]..counts[^1]]);
    }

    /// <summary>The digits of a group, if people would write one number so: with one kind of separator, and not before a unit of money.</summary>
    /// <returns>How many; 0 for no number.</returns>
    private static int Joined(string text, int from, int end, Span<char> digits)
    {
        var (count, separator) = (0, '\0');
        for (var at = from; at < end; at++)
        {
            if (!char.IsAsciiDigit(text[at]))
            {
                var plain = IsBlank(text[at]) ? ' ' : text[at];
                if (separator != '\0' && plain != separator) return 0;
                separator = plain;
                continue;
            }

            if (count == VariableSymbol.MaxDigits) return 0;
            digits[count++] = text[at];
        }

        return IsAmount(text, end) ? 0 : count;
    }

    private static bool IsGroupOfSymbol(string text, int from, int end, ReadOnlySpan<char> digits, int year) =>
        digits.Length >= LongFrom && (from == 0 || text[from - 1] != '+') && !IsNumberOfAnotherKind(text, from) && !IsDate(digits, year) && !IsDateInGroups(text.AsSpan(from, end - from), year);

    /// <summary><c>1. 2. 2026</c> without its blanks, <c>2026/02</c>, <c>2025/2026</c>.</summary>
    private static bool IsDateInGroups(ReadOnlySpan<char> group, int year)
    {
        var (years, others) = (0, 0);
        for (var from = 0; from < group.Length;)
        {
            var to = from;
            while (to < group.Length && char.IsAsciiDigit(group[to])) to++;
            var run = group[from..to];
            if (run.Length == 4 && Math.Abs(Number(run) - year) <= DateYears) years++;
            else if (run.Length > 2 || Number(run) is < 1 or > 31) return false;
            else others++;
            from = to + 1;
        }

        return years > 0 ? others <= 2 : others == 3;
    }

    /// <summary>Behind the digits: <c>,50</c>, <c>,-</c>, <c>Kč</c>.</summary>
    private static bool IsAmount(string text, int end)
    {
        if (end + 1 < text.Length && text[end] == ',' && (char.IsAsciiDigit(text[end + 1]) || text[end + 1] is '-' or '\u2013' or '=')) return true;
        var behind = text.AsSpan(end).TrimStart(" \u00A0\u202F");
        foreach (var unit in (ReadOnlySpan<string>)["K\u010D", "Kc", "CZK", "EUR", "\u20AC", "Sk"])
            if (behind.StartsWith(unit, StringComparison.OrdinalIgnoreCase) && (behind.Length == unit.Length || !char.IsLetter(behind[unit.Length]))) return true;
        return false;
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
        to + 1 < text.Length && (IsBlank(text[to]) || text[to] is '.' or '-' or '\u2013' or '/') && char.IsAsciiDigit(text[to + 1]);

    private static bool IsBlank(char letter) => letter is ' ' or '\u00A0' or '\u2007' or '\u2009' or '\u202F';

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
