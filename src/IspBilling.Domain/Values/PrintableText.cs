using System.Globalization;
using System.Text;

namespace IspBilling.Domain;

/// <summary>
/// The characters that documents can be printed with: those for which the renderer's fonts have a glyph. An archival PDF holds every glyph it
/// shows, so one missing character keeps the whole document from being made; a test compares this list with the fonts.
/// </summary>
public static partial class PrintableText
{
    private const char Box = '□';

    /// <summary>The first character that cannot be printed; null when all can. Half a surrogate pair counts as U+FFFD.</summary>
    public static Rune? FirstUnprintable(string text)
    {
        var letters = text.AsSpan();
        var at = letters.IndexOfAnyExceptInRange(' ', '~');
        if (at < 0) return null;
        foreach (var rune in letters[at..].EnumerateRunes())
        {
            if (!IsPrintable(rune)) return rune;
        }

        return null;
    }

    public static bool IsPrintable(Rune rune)
    {
        int low = 0, high = Ranges.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Ranges[middle].Last < rune.Value) low = middle + 1;
            else high = middle;
        }

        return low < Ranges.Length && Ranges[low].First <= rune.Value;
    }

    /// <summary>
    /// Whether a reader sees anything of a text. Spaces, controls, joiners, direction marks and accents on nothing show nothing, nor do a few letters and
    /// symbols that Unicode has as blanks.
    /// </summary>
    public static bool ShowsAnything(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Shows(rune)) return true;
        }

        return false;
    }

    private static bool Shows(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate => false,
        UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
        UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => false,
        // Hangul fillers and the braille pattern without a dot.
        _ => rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800),
    };

    /// <summary>With a box in place of each character that no font shows; what is ASCII stays.</summary>
    public static string Shown(string text)
    {
        var at = text.AsSpan().IndexOfAnyExceptInRange('\0', '~');
        if (at < 0) return text;
        var shown = new StringBuilder(text.Length).Append(text, 0, at);
        foreach (var rune in text.AsSpan(at).EnumerateRunes())
        {
            if (rune.IsAscii || IsPrintable(rune)) shown.Append(rune.ToString());
            else shown.Append(Box);
        }

        return shown.ToString();
    }

    /// <summary>For people: <c>U+E000</c>, with the character where it has a form.</summary>
    public static string Name(Rune rune)
    {
        var code = rune.Value.ToString("X4", CultureInfo.InvariantCulture);
        return Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Format
            ? $"U+{code}"
            : $"U+{code} ({rune})";
    }
}
