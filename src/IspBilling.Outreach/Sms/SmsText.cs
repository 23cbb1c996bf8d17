using System.Collections.Immutable;

namespace IspBilling.Outreach.Sms;

/// <summary>How the characters of a short message are carried.</summary>
public enum SmsEncoding
{
    /// <summary>Septets of the default alphabet.</summary>
    Gsm7,

    /// <summary>UTF-16 units, as soon as one character has no septets.</summary>
    Ucs2,
}

/// <summary>A text as networks carry it: in one part, or in several that the handset joins.</summary>
/// <param name="Units">Septets or UTF-16 units in all, without the headers that join parts.</param>
/// <param name="Parts">In order; joined they are the text.</param>
public sealed record SmsText(SmsEncoding Encoding, int Units, ImmutableArray<string> Parts)
{
    /// <summary>Parts at most: the header that joins them counts in one byte.</summary>
    public const int MaxParts = 255;

    /// <summary>What one message holds alone, and each of several, whose header takes the rest (3GPP TS 23.040, 9.2.3.24.1).</summary>
    private static readonly (int Alone, int Joined) Septets = (160, 153), Units16 = (70, 67);

    /// <summary>Measures a text. It is never cut: whoever sends decides whether so many parts may go.</summary>
    public static SmsText Of(string text)
    {
        var encoding = text.All(Gsm7.Has) ? SmsEncoding.Gsm7 : SmsEncoding.Ucs2;
        var (alone, joined) = encoding == SmsEncoding.Gsm7 ? Septets : Units16;
        var units = encoding == SmsEncoding.Gsm7 ? text.Sum(Gsm7.SeptetsOf) : text.Length;
        return new SmsText(encoding, units, units <= alone ? [text] : Split(text, encoding, joined));
    }

    /// <summary>Fills each part before the next begins; what counts two is never divided, so that a part may end one unit short.</summary>
    private static ImmutableArray<string> Split(string text, SmsEncoding encoding, int room)
    {
        var parts = ImmutableArray.CreateBuilder<string>();
        var (start, used) = (0, 0);
        for (var at = 0; at < text.Length;)
        {
            var length = encoding == SmsEncoding.Ucs2 && char.IsSurrogatePair(text, at) ? 2 : 1;
            var units = encoding == SmsEncoding.Gsm7 ? Gsm7.SeptetsOf(text[at]) : length;
            if (used + units > room)
            {
                parts.Add(text[start..at]);
                (start, used) = (at, 0);
            }

            used += units;
            at += length;
        }

        parts.Add(text[start..]);
        return parts.ToImmutable();
    }
}
