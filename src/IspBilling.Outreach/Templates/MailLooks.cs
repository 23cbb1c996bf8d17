using System.Globalization;

namespace IspBilling.Outreach.Templates;

/// <summary>What of a brand can be shown in a mail.</summary>
public static class MailLooks
{
    /// <summary>WCAG 2.1, contrast of large text.</summary>
    private const double LeastContrast = 3.0;

    /// <summary>An https address without credentials.</summary>
    public static bool IsLogo(string url) => HtmlMail.IsLogo(url);

    /// <summary><c>#rrggbb</c>.</summary>
    public static bool IsColour(string colour) => HtmlMail.IsColour(colour);

    /// <summary>Whether white letters can be read on it (WCAG 2.1, relative luminance).</summary>
    /// <param name="colour">That <see cref="IsColour"/>.</param>
    public static bool CarriesWhite(string colour)
    {
        var luminance = (0.2126 * Linear(1)) + (0.7152 * Linear(3)) + (0.0722 * Linear(5));
        return 1.05 / (luminance + 0.05) >= LeastContrast;

        double Linear(int at)
        {
            var part = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return part <= 0.03928 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        }
    }
}
