using System.Collections.Frozen;

namespace IspBilling.Domain;

/// <summary>A caller's own name for something: a client, a service, an item.</summary>
public static class CallerReference
{
    public const int MaxLength = 64;

    /// <summary>
    /// Accents as characters of their own, each with letters it stands behind and the letters the two make (Unicode's canonical composition).
    /// Written out because the runtime composes nothing where globalization is invariant, as it is here.
    /// </summary>
    private static readonly FrozenDictionary<(char Letter, char Accent), char> Composed = new (char Accent, string Letters, string Composed)[]
    {
        ('\u0300', "AEIOUNaeioun", "ÀÈÌÒÙǸàèìòùǹ"),
        ('\u0301', "AEIOUYCLNRSZGKMPWaeiouyclnrszgkmpw", "ÁÉÍÓÚÝĆĹŃŔŚŹǴḰḾṔẂáéíóúýćĺńŕśźǵḱḿṕẃ"),
        ('\u0302', "AEIOUCGHJSWYaeioucghjswy", "ÂÊÎÔÛĈĜĤĴŜŴŶâêîôûĉĝĥĵŝŵŷ"),
        ('\u0303', "AINOUEYainouey", "ÃĨÑÕŨẼỸãĩñõũẽỹ"),
        ('\u0304', "AEIOUaeiou", "ĀĒĪŌŪāēīōū"),
        ('\u0306', "AEGIOUaegiou", "ĂĔĞĬŎŬăĕğĭŏŭ"),
        ('\u0307', "CEGIZABDcegzabd", "ĊĖĠİŻȦḂḊċėġżȧḃḋ"),
        ('\u0308', "AEIOUYHWXaeiouyhwx", "ÄËÏÖÜŸḦẄẌäëïöüÿḧẅẍ"),
        ('\u030A', "AUauwy", "ÅŮåůẘẙ"),
        ('\u030B', "OUou", "ŐŰőű"),
        ('\u030C', "CDENRSTZAIOUGKLHcdenrstzaiougkljh", "ČĎĚŇŘŠŤŽǍǏǑǓǦǨĽȞčďěňřšťžǎǐǒǔǧǩľǰȟ"),
        ('\u0326', "STst", "ȘȚșț"),
        ('\u0327', "CGKLNRSTEDHcgklnrstedh", "ÇĢĶĻŅŖŞŢȨḐḨçģķļņŗşţȩḑḩ"),
        ('\u0328', "AEIUOaeiuo", "ĄĘĮŲǪąęįųǫ"),
    }.SelectMany(row => row.Letters.Zip(row.Composed, (letter, composed) => (Key: (letter, row.Accent), composed)))
        .ToFrozenDictionary(pair => pair.Key, pair => pair.composed);

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

    /// <summary>
    /// Why a reference cannot stand in the path of an address; null when it can. Clients and servers take <c>.</c> and <c>..</c> for steps of the
    /// path, and a written <c>%2F</c> for a slash. Only new references are refused for it: an earlier release took them.
    /// </summary>
    public static string? AddressFault(string reference) =>
        reference is "." or ".." ? $"'{reference}' is a step in a path and names nothing there"
        : reference.Contains("%2F", StringComparison.OrdinalIgnoreCase) ? "%2F is read as a slash in a path"
        : null;

    /// <summary>
    /// The one form in which a reference is stored and compared: a letter and its accent are one character, however they were typed, so that
    /// <c>Dvořák</c> names one client and not two that look alike.
    /// </summary>
    public static string Normal(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\u0300', '\u036F')) return text;
        var normal = new char[text.Length];
        var length = 0;
        foreach (var letter in text)
        {
            if (length > 0 && Composed.TryGetValue((normal[length - 1], letter), out var composed)) normal[length - 1] = composed;
            else normal[length++] = letter;
        }

        return new string(normal, 0, length);
    }

    /// <summary>Whether two texts name the same. One of them may have been stored before references had one form.</summary>
    public static bool AreSame(string one, string other) => one == other || Normal(one) == Normal(other);

    /// <summary>No accent is left standing alone, whose place among others could be one or another.</summary>
    public static bool IsNormal(string text) => !text.AsSpan().ContainsAnyInRange('\u0300', '\u036F');
}
