using System.Globalization;
using System.Text;
using AnyAscii;

namespace IspBilling.Outreach.Sms;

/// <summary>
/// Takes from a text what the alphabet of GSM lacks and readers do not need: accents, typographic quotes and dashes. With them a message of 160
/// characters takes three parts instead of one.
/// </summary>
public static class PlainLetters
{
    /// <summary>
    /// A character that has septets stays as it is: é does, č does not. What is neither a Latin letter nor punctuation stays as well, since
    /// another script or a picture put into Latin letters is another text.
    /// </summary>
    public static string Of(string text)
    {
        if (text.All(Gsm7.Has)) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (rune.IsBmp && Gsm7.Has((char)rune.Value)) plain.Append((char)rune.Value);
            else if (IsAccentAlone(rune)) continue;
            else if (IsReplaceable(rune) && rune.ToString().Transliterate() is var letters && letters.All(Gsm7.Has)) plain.Append(letters);
            else plain.Append(rune.ToString());
        }

        return plain.ToString();
    }

    /// <summary>An accent that no letter could take in, since there is no such letter in one character.</summary>
    private static bool IsAccentAlone(Rune rune) => rune.Value is >= 0x0300 and <= 0x036F;

    private static bool IsReplaceable(Rune rune) => rune.Value switch
    {
        0x0060 => true, // the grave accent, the one printable character of ASCII that GSM lacks
        >= 0x00A0 and <= 0x024F => true,
        >= 0x1E00 and <= 0x1EFF => true,
        >= 0x2000 and <= 0x206F => Rune.GetUnicodeCategory(rune) is not UnicodeCategory.Control,
        _ => false,
    };
}
