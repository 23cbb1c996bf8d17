using System.Text;

namespace IspBilling.Banking;

/// <summary>Shows a piece of a file in a message: shortened, without control characters, so that it cannot garble a log.</summary>
internal static class Printable
{
    public const int MaxLength = 40;

    public static string Quote(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty) return "nothing";
        var shown = new StringBuilder(MaxLength + 3).Append('"');
        foreach (var letter in text[..Math.Min(text.Length, MaxLength)])
            shown.Append(char.IsControl(letter) || char.IsSurrogate(letter) ? '·' : letter);
        if (text.Length > MaxLength) shown.Append('…');
        return shown.Append('"').ToString();
    }
}
