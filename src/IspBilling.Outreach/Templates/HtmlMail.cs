using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Wording;

namespace IspBilling.Outreach.Templates;

/// <summary>
/// The one layout of HTML mail: a narrow column without tables, readable on a phone, in the dark and without images. Where a template has no
/// HTML of its own the body is made from the text, so that the two parts say the same.
/// </summary>
/// <remarks>
/// Paragraphs are separated by empty lines. Lines that each read <c>Label: value</c> become a box, lines that begin with <c>- </c> a list.
/// </remarks>
internal static partial class HtmlMail
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    /// <param name="own">The template's own body, encoded where it shows facts; null makes it from the text.</param>
    public static string Page(string subject, string text, string? own, SenderFacts sender, MessageBrand brand, string language)
    {
        var colour = ColourOf(brand);
        var html = new StringBuilder(4_096);
        html.Append(CultureInfo.InvariantCulture, $$"""
            <!DOCTYPE html>
            <html lang="{{language}}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="supported-color-schemes" content="light dark">
            <title>{{Encoded(subject)}}</title>
            <style>
            :root { color-scheme: light dark; }
            body { margin: 0; padding: 0; background: #eef1f4; color: #1c2430; font: 16px/1.55 -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; -webkit-text-size-adjust: 100%; }
            .sheet { max-width: 600px; margin: 24px auto; background: #ffffff; border-radius: 8px; overflow: hidden; }
            .head { background: {{colour}}; color: #ffffff; padding: 18px 28px; font-size: 18px; font-weight: 600; }
            .head img { display: block; max-height: 40px; max-width: 100%; border: 0; }
            .body { padding: 20px 28px 24px; overflow-wrap: anywhere; }
            .body p { margin: 14px 0; }
            .body ul { margin: 14px 0; padding-left: 20px; }
            .box { margin: 18px 0; padding: 12px 16px; background: #f4f6f8; border-left: 4px solid {{colour}}; border-radius: 4px; }
            .row { margin: 4px 0; }
            .label { display: inline-block; min-width: 170px; color: #56606e; }
            .value { font-weight: 600; font-variant-numeric: tabular-nums; }
            .foot { padding: 14px 28px 20px; border-top: 1px solid #e2e6eb; color: #56606e; font-size: 13px; line-height: 1.5; overflow-wrap: anywhere; }
            @media (max-width: 640px) { .sheet { margin: 0; border-radius: 0; } .label { display: block; min-width: 0; font-size: 14px; } }
            @media (prefers-color-scheme: dark) {
              body { background: #14171b; color: #e6e9ed; }
              .sheet { background: #1e2329; }
              .box { background: #272d35; }
              .label, .foot { color: #a7b0bc; }
              .foot { border-top-color: #333a43; }
            }
            </style>
            </head>
            <body>
            <div class="sheet">
            <div class="head">{{Head(sender, brand)}}</div>
            <div class="body">

            """);
        if (own is not null) html.Append(own).Append('\n');
        else Body(html, text);
        html.Append("</div>\n<div class=\"foot\">").Append(Foot(sender, brand, language)).Append("</div>\n</div>\n</body>\n</html>\n");
        return html.ToString();
    }

    private static void Body(StringBuilder html, string text)
    {
        foreach (var block in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Length > 1 && lines.All(line => Row().IsMatch(line))) Box(html, lines);
            else if (lines.All(line => line.StartsWith("- ", StringComparison.Ordinal))) Listing(html, lines);
            else html.Append("<p>").AppendJoin("<br>\n", lines.Select(Encoded)).Append("</p>\n");
        }
    }

    private static void Box(StringBuilder html, string[] lines)
    {
        html.Append("<div class=\"box\">\n");
        foreach (var line in lines)
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            html.Append("<div class=\"row\"><span class=\"label\">").Append(Encoded(line[..(colon + 1)])).Append("</span> <span class=\"value\">")
                .Append(Encoded(line[(colon + 2)..])).Append("</span></div>\n");
        }

        html.Append("</div>\n");
    }

    private static void Listing(StringBuilder html, string[] lines) =>
        html.Append("<ul>\n").AppendJoin("\n", lines.Select(line => $"<li>{Encoded(line[2..])}</li>")).Append("\n</ul>\n");

    private static string Head(SenderFacts sender, MessageBrand brand)
    {
        var name = Encoded(brand.Name ?? sender.Name);
        return brand.LogoUrl is { } logo && IsLogo(logo) ? $"<img src=\"{Encoded(logo)}\" alt=\"{name}\">" : name;
    }

    private static string Foot(SenderFacts sender, MessageBrand brand, string language)
    {
        var address = sender.Address;
        var lines = new List<string> { Encoded($"{sender.Name}, {address.Street}, {address.PostalCode} {address.City}") };
        if (Numbers(sender, language) is { Length: > 0 } numbers) lines.Add(Encoded(numbers));
        if (sender.RegisterText is { Length: > 0 } register) lines.Add(Encoded(register));
        if (brand.FooterIn(language) is { Length: > 0 } footer) lines.AddRange(footer.ReplaceLineEndings("\n").Split('\n').Select(Encoded));
        return string.Join("<br>\n", lines);
    }

    private static string Numbers(SenderFacts sender, string language)
    {
        var (company, vat) = language switch
        {
            ClientLanguages.English => ("Company No.", "VAT No."),
            ClientLanguages.Slovak => ("IČO", "IČ DPH"),
            _ => ("IČO", "DIČ"),
        };
        return string.Join(", ", new[] { Numbered(company, sender.CompanyNumber), Numbered(vat, sender.VatNumber) }.OfType<string>());

        static string? Numbered(string what, string? number) => number is { Length: > 0 } ? $"{what} {number}" : null;
    }

    public static bool IsLogo(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps && uri.UserInfo.Length == 0;

    public static bool IsColour(string colour) => Hexadecimal().IsMatch(colour);

    private static string ColourOf(MessageBrand brand) => IsColour(brand.Colour) ? brand.Colour : MessageBrand.DefaultColour;

    private static string Encoded(string text) => Encoder.Encode(text);

    /// <summary>No full stop within the label: a sentence with a colon is a sentence.</summary>
    [GeneratedRegex(@"^[^:.!?]{1,40}: \S", RegexOptions.None, 1_000)]
    private static partial Regex Row();

    [GeneratedRegex(@"^#[0-9a-fA-F]{6}\z", RegexOptions.None, 1_000)]
    private static partial Regex Hexadecimal();
}
