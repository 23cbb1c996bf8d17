using System.Globalization;
using System.Text.RegularExpressions;
using IspBilling.Domain;

namespace IspBilling.Postgres.Reading;

/// <summary>A legal number taken apart; the inverse of <see cref="SeriesKey.Number"/>.</summary>
public readonly partial record struct DocumentNumber(DocumentKind Kind, int Year, long Sequence)
{
    public const string Shape = "ten digits, with a D in front for a credit note";

    private const int Century = 2000;

    public static DocumentNumber? Read(string text)
    {
        if (Form().Match(text) is not { Success: true } match) return null;
        return new DocumentNumber(
            match.Groups["note"].Success ? DocumentKind.CreditNote : DocumentKind.Invoice,
            Century + int.Parse(match.Groups["year"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture),
            long.Parse(match.Groups["sequence"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^(?<note>D)?(?<year>[0-9]{2})(?<sequence>[0-9]{8})\z", RegexOptions.ExplicitCapture, 100)]
    private static partial Regex Form();
}
