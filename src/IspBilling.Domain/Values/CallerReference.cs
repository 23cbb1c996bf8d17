namespace IspBilling.Domain;

/// <summary>A caller's own name for something: a client, a service, an item.</summary>
public static class CallerReference
{
    public const int MaxLength = 64;

    /// <summary>
    /// One to <see cref="MaxLength"/> characters, without control characters and without space at the ends. Characters beyond 16 bits
    /// are refused: half of one has no UTF-8 form.
    /// </summary>
    public static bool IsValid(string text) => HasValidLength(text) && HasValidCharacters(text);

    public static bool HasValidLength(string text) => text.Length is > 0 and <= MaxLength;

    public static bool HasValidCharacters(string text)
    {
        if (text.Length == 0) return true;
        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1])) return false;
        foreach (var letter in text)
        {
            if (char.IsControl(letter) || char.IsSurrogate(letter)) return false;
        }

        return true;
    }
}
