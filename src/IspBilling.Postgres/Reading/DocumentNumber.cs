using System.Globalization;
using System.Text.RegularExpressions;
using IspBilling.Domain;

namespace IspBilling.Postgres.Reading;

/// <summary>A legal number taken apart; the inverse of <see cref="SeriesKey.Number"/>.</summary>
public readonly partial record struct DocumentNumber(DocumentKind Kind, int Year, long Sequence)
{
    public const string Shape = "ten digits, with a D in front for a credit note";

    private const int Century = 2000;

    /// <remarks>Kinds that share a series share its numbers: the number tells the series.</remarks>
    public static DocumentNumber? Read(string text)
    {
        if (Form().Match(text) is not { Success: true } match) return null;
        foreach (var traits in DocumentKinds.All)
        {
            if (traits.Series != traits.Kind || !match.Groups["prefix"].ValueSpan.SequenceEqual(traits.NumberPrefix)) continue;
            return new DocumentNumber(
                traits.Kind,
                Century + int.Parse(match.Groups["year"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture),
                long.Parse(match.Groups["sequence"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
        }

        return null;
    }

    [GeneratedRegex(@"^(?<prefix>[A-Z]{0,4})(?<year>[0-9]{2})(?<sequence>[0-9]{8})\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Form();
}
