using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking;

/// <summary>
/// Variable, constant and specific symbol (VS, KS, SS), collected from several places of one movement. The first place that holds
/// a symbol wins; zeros and empty parts do not count. What looks like a symbol and is not taken for one is kept for the clerk.
/// </summary>
internal sealed class PaymentSymbols
{
    /// <summary>More than this is no help to a clerk.</summary>
    private const int UnusedMax = 16;
    private const int UnusedLengthMax = 140;

    private List<UnusedText>? _unused;

    public VariableSymbol? Variable { get; private set; }
    public string? Constant { get; private set; }
    public string? Specific { get; private set; }
    public IReadOnlyList<UnusedText> Unused => _unused ?? (IReadOnlyList<UnusedText>)[];

    /// <summary>One named symbol; other names are ignored.</summary>
    public void Take(string where, ReadOnlySpan<char> name, ReadOnlySpan<char> digits)
    {
        if (!IsLabel(name) || IsNone(digits)) return;
        if (VariableSymbol.Read(digits) is not { } symbol || !TakeSymbol(name[0], symbol)) PassOver(where, $"{name} {digits}");
    }

    /// <summary>
    /// Symbols with their names before them: <c>/VS123/SS/KS308</c>, <c>/VS/123/SS//KS/0308</c>, <c>VS123</c>, <c>VS:123 KS:0308</c>,
    /// and what people write into a message: <c>platba VS: 4, děkuji</c>.
    /// </summary>
    /// <returns>False where the text names no symbol at all.</returns>
    public bool TakeLabelled(string where, ReadOnlySpan<char> text)
    {
        var isAny = false;
        for (var i = 0; i + 1 < text.Length;)
        {
            if (!IsLabel(text.Slice(i, 2)) || (i > 0 && char.IsLetterOrDigit(text[i - 1])))
            {
                i++;
                continue;
            }

            isAny = true;
            i += TakeOne(where, text[i..]);
        }

        return isAny;
    }

    /// <summary>A creditor reference that names no symbol: the symbol itself, or one within an <c>RF</c> reference (ISO 11649).</summary>
    public void TakeCreditorReference(string where, string reference)
    {
        var digits = reference.AsSpan();
        if (reference.StartsWith("RF", StringComparison.OrdinalIgnoreCase) && Iban.Compact(reference) is { Length: > 4 } compact
            && HasValidCheckDigits(compact)) digits = compact.AsSpan(4);
        if (IsNone(digits)) return;
        if (VariableSymbol.Read(digits) is not { } symbol || !TakeSymbol('V', symbol)) PassOver(where, reference);
    }

    public void PassOver(string where, string text)
    {
        _unused ??= [];
        if (_unused.Count < UnusedMax && Texts.Normal(text, UnusedLengthMax) is { } shown) _unused.Add(new UnusedText(where, shown));
    }

    /// <summary>What follows one label; how far it reaches.</summary>
    private int TakeOne(string where, ReadOnlySpan<char> labelled)
    {
        var start = 2 + (labelled.Length - 2 - labelled[2..].TrimStart(" :./=\u00A0").Length);
        var length = DigitsAt(labelled, start);
        if (length == 0) return start;
        var whole = start + length + GroupsBehind(labelled[(start + length)..]);
        if (Stands(labelled, start, length)) Take(where, labelled[..2], labelled.Slice(start, length));
        else PassOver(where, labelled[..whole].ToString());

        // A label may stand right behind the digits: VS123KS308.
        var end = Stands(labelled, start, length) ? start + length : whole;
        if (end + 1 < labelled.Length && IsLabel(labelled.Slice(end, 2))) return end + TakeOne(where, labelled[end..]);
        return end;
    }

    /// <summary>
    /// True for digits that end there. In <c>VS 260 000 0012</c> they go on behind a blank, and 260 would be somebody else's symbol;
    /// in <c>VS 2600000012 27.11.2026</c> the next digits no longer fit into one symbol, and the first can stand alone.
    /// </summary>
    private static bool Stands(ReadOnlySpan<char> text, int start, int length)
    {
        const int standsAloneFrom = 6;
        var behind = text[(start + length)..];
        if (behind.IsEmpty) return true;
        if (char.IsLetter(behind[0])) return behind.Length > 1 && IsLabel(behind[..2]);
        if (!IsGroupSeparator(behind[0])) return true;
        var next = DigitsAt(behind, 1);
        return next == 0 || (length >= standsAloneFrom && length + next > VariableSymbol.MaxDigits);
    }

    private static int GroupsBehind(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && char.IsLetterOrDigit(text[end])) end++;
        while (end + 1 < text.Length && IsGroupSeparator(text[end]) && char.IsAsciiDigit(text[end + 1]))
            end += 1 + DigitsAt(text, end + 1);
        return end;
    }

    private static bool IsGroupSeparator(char letter) => letter is ' ' or '\u00A0' or '.' or '-' or '/';

    private static int DigitsAt(ReadOnlySpan<char> text, int start)
    {
        var end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - start;
    }

    /// <summary>False when another value of the same symbol was found before.</summary>
    private bool TakeSymbol(char kind, VariableSymbol symbol)
    {
        if (kind is 'V' or 'v') return (Variable ??= symbol) == symbol;
        var text = symbol.ToString();
        return (kind is 'K' or 'k' ? Constant ??= text : Specific ??= text) == text;
    }

    private static bool IsLabel(ReadOnlySpan<char> name) =>
        name.Length == 2 && name[0] is 'V' or 'v' or 'K' or 'k' or 'S' or 's' && name[1] is 'S' or 's';

    private static bool IsNone(ReadOnlySpan<char> digits) => digits.Trim().TrimStart('0').IsEmpty;

    /// <summary>As an IBAN's: the four first characters behind the rest, letters as 10 … 35, remainder 1 by 97.</summary>
    private static bool HasValidCheckDigits(string reference)
    {
        var remainder = 0;
        foreach (var letter in string.Concat(reference.AsSpan(4), reference.AsSpan(0, 4)))
        {
            if (!char.IsAsciiLetterOrDigit(letter)) return false;
            var value = char.IsAsciiDigit(letter) ? letter - '0' : letter - 'A' + 10;
            remainder = ((remainder * (value < 10 ? 10 : 100)) + value) % 97;
        }

        return remainder == 1;
    }
}
