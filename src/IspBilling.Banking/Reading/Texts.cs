namespace IspBilling.Banking;

/// <summary>Normal form of free text: trimmed, no control characters, absent is null, cut at a named maximum.</summary>
internal static class Texts
{
    public static string? Normal(string? text, int maxLength)
    {
        if (text is null) return null;
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty) return null;
        if (trimmed.Length > maxLength) trimmed = Cut(trimmed, maxLength);
        if (!HasControl(trimmed)) return trimmed.Length == text.Length ? text : trimmed.ToString();
        var clean = string.Create(trimmed.Length, trimmed, static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++) target[i] = char.IsControl(source[i]) ? ' ' : source[i];
        }).Trim();
        return clean.Length == 0 ? null : clean;
    }

    /// <summary>KS and SS: up to ten digits without leading zeros; null for none.</summary>
    public static string? Symbol(ReadOnlySpan<char> digits)
    {
        digits = digits.Trim().TrimStart('0');
        return digits.IsEmpty ? null : digits.ToString();
    }

    /// <summary>Never between the halves of a surrogate pair: the rest would not be valid text for a database.</summary>
    private static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, int maxLength) =>
        (char.IsHighSurrogate(text[maxLength - 1]) ? text[..(maxLength - 1)] : text[..maxLength]).TrimEnd();

    private static bool HasControl(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
            if (char.IsControl(letter)) return true;
        return false;
    }
}
