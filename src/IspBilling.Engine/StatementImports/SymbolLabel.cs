namespace IspBilling.Engine.StatementImports;

internal enum SymbolKind { Variable, Constant, Specific }

/// <summary>
/// Reads the label right before a number, as banks print it and people write it: <c>VS</c>, <c>V.S.</c>, <c>V. S.:</c>, <c>var. symb.</c>,
/// <c>varsymbol</c>, <c>variabilní symbol č.</c>, and the same for the constant and the specific symbol, Czech, Slovak or English, with
/// diacritics or without.
/// </summary>
internal static class SymbolLabel
{
    /// <summary>The longest form of each kind; people write any beginning of it from a few letters on.</summary>
    private static readonly (SymbolKind Kind, char Initial, string[] Words, int LettersMin, int LettersAloneMin)[] Kinds =
    [
        (SymbolKind.Variable, 'V', ["VARIABILNIHO", "VARIABILNIM", "VARIABILNYM", "VARIABILNEHO", "VARIABLE"], 3, 6),
        (SymbolKind.Constant, 'K', ["KONSTANTNIHO", "KONSTANTNIM", "KONSTANTNYM", "KONSTANTNEHO", "CONSTANT"], 4, 8),
        (SymbolKind.Specific, 'S', ["SPECIFICKEHO", "SPECIFICKYM", "SPECIFIC"], 4, 8),
    ];

    private static readonly string[] SymbolWords = ["SYMBOLEM", "SYMBOLOM", "SYMBOLU", "SYMBOL", "SYMB", "SYM", "S"];

    /// <summary>What may stand between a label and its number: <c>VS č. 7001</c>.</summary>
    private static readonly string[] NumberWords = ["C", "CIS", "CISLO", "CISLA", "NO", "NR", "NUM", "NUMBER"];

    /// <summary>Longer words are no labels.</summary>
    private const int WordMax = 24;

    /// <summary>Null where the digits at <paramref name="from"/> have no label.</summary>
    public static SymbolKind? Before(string text, int from)
    {
        Span<char> letters = stackalloc char[WordMax];
        var word = WordBefore(text, ref from, letters);
        if (Contains(NumberWords, word)) word = WordBefore(text, ref from, letters);
        if (word.IsEmpty) return null;
        if (InOneWord(word) is { } kind) return kind;
        if (KindOf(word, isAlone: true) is { } alone) return alone;
        if (!Contains(SymbolWords, word)) return null;
        return KindOf(WordBefore(text, ref from, letters), isAlone: false);
    }

    /// <summary><c>VS</c>, <c>VARSYMBOL</c>, <c>VSYMB</c>.</summary>
    private static SymbolKind? InOneWord(ReadOnlySpan<char> word)
    {
        foreach (var symbol in SymbolWords)
        {
            if (word.Length > symbol.Length && word.EndsWith(symbol) && KindOf(word[..^symbol.Length], isAlone: false) is { } kind) return kind;
        }

        return null;
    }

    /// <param name="isAlone">Without the word symbol: more of it must be there.</param>
    private static SymbolKind? KindOf(ReadOnlySpan<char> word, bool isAlone)
    {
        foreach (var (kind, initial, words, min, aloneMin) in Kinds)
        {
            if (!isAlone && word.Length == 1 && word[0] == initial) return kind;
            if (word.Length < (isAlone ? aloneMin : min)) continue;
            foreach (var whole in words)
                if (whole.AsSpan().StartsWith(word)) return kind;
        }

        return null;
    }

    /// <summary>The letters before a place and the separators there, in upper case without diacritics; moves the place before them.</summary>
    /// <returns>Empty where no word stands there, or one that is too long.</returns>
    private static ReadOnlySpan<char> WordBefore(string text, ref int from, Span<char> letters)
    {
        while (from > 0 && IsSeparator(text[from - 1])) from--;
        var begin = letters.Length;
        for (; from > 0 && (char.IsLetter(text[from - 1]) || IsMark(text[from - 1])); from--)
        {
            if (IsMark(text[from - 1])) continue;
            if (begin == 0) return [];
            letters[--begin] = Plain(text[from - 1]);
        }

        return letters[begin..];
    }

    private static bool IsSeparator(char letter) => letter is ' ' or '\u00A0' or '\u2007' or '\u2009' or '\u202F' or '\t' or ':' or '.' or '/' or '=' or '#' or '-' or '\u2013' or '_' or '(' or ')' or '"' or '\'';

    /// <summary>A diacritic of its own, or the place of a letter that a wrong code page lost.</summary>
    private static bool IsMark(char letter) => letter is >= '\u0300' and <= '\u036F' or '\uFFFD';

    private static char Plain(char letter) => char.ToUpperInvariant(letter) switch
    {
        'Á' or 'Ä' => 'A',
        'Č' => 'C',
        'Ď' => 'D',
        'É' or 'Ě' => 'E',
        'Í' => 'I',
        'Ĺ' or 'Ľ' => 'L',
        'Ň' => 'N',
        'Ó' or 'Ô' => 'O',
        'Ŕ' or 'Ř' => 'R',
        'Š' => 'S',
        'Ť' => 'T',
        'Ú' or 'Ů' => 'U',
        'Ý' => 'Y',
        'Ž' => 'Z',
        var plain => plain,
    };

    private static bool Contains(string[] words, ReadOnlySpan<char> word)
    {
        foreach (var one in words)
            if (word.SequenceEqual(one)) return true;
        return false;
    }
}
