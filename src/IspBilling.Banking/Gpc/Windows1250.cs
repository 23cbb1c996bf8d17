using System.Text;

namespace IspBilling.Banking.Gpc;

/// <summary>The code page of Czech and Slovak bank files. One byte is one character, so a table of 256 decodes it.</summary>
internal static class Windows1250
{
    private static readonly Encoding Encoding = CodePagesEncodingProvider.Instance.GetEncoding(
        1250, new EncoderReplacementFallback("?"), DecoderFallback.ReplacementFallback)!;

    private static readonly char[] Characters = DecodeEveryByte();

    /// <summary>Trimmed; null when nothing is left. Control bytes become blanks.</summary>
    public static string? Text(ReadOnlySpan<byte> bytes)
    {
        var trimmed = TrimBlanks(bytes);
        return trimmed.IsEmpty ? null : string.Create(trimmed.Length, trimmed, static (target, source) => Decode(source, target));
    }

    public static void Decode(ReadOnlySpan<byte> source, Span<char> target)
    {
        for (var i = 0; i < source.Length; i++) target[i] = Characters[source[i]];
    }

    /// <summary>Characters that the code page lacks become question marks; control characters, such as line ends, become blanks.</summary>
    public static void Encode(ReadOnlySpan<char> text, Span<byte> target)
    {
        var written = Encoding.GetBytes(text, target);
        foreach (ref var letter in target[..written])
            if (Characters[letter] == ' ') letter = (byte)' ';
    }

    private static ReadOnlySpan<byte> TrimBlanks(ReadOnlySpan<byte> bytes)
    {
        var start = 0;
        while (start < bytes.Length && IsBlank(bytes[start])) start++;
        var end = bytes.Length;
        while (end > start && IsBlank(bytes[end - 1])) end--;
        return bytes[start..end];
    }

    private static bool IsBlank(byte letter) => char.IsWhiteSpace(Characters[letter]);

    private static char[] DecodeEveryByte()
    {
        var bytes = new byte[256];
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)i;
        var characters = Encoding.GetChars(bytes);
        for (var i = 0; i < characters.Length; i++)
            if (char.IsControl(characters[i])) characters[i] = ' ';
        return characters;
    }
}
