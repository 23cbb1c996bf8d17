using IspBilling.Domain;
using IspBilling.Engine.Wording;
using IspBilling.Http.Problems;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Templates;

namespace IspBilling.Http.Templates;

/// <summary>What a message says, in Liquid. Facts that it may show are those of a preview: client, sender, pay, document, overdue, debt, reminder and others.</summary>
/// <example>{"subject":"Your bill {{ document.number }}","text":"Hello,\n\nplease pay {{ document.open }} by {{ document.due }}.","reason":"shorter"}</example>
/// <param name="Subject">One line; of e-mails and letters, and of nothing else.</param>
/// <param name="Text">Plain text.</param>
/// <param name="Html">Body of an e-mail in HTML. Left out, it is made from the text and says the same.</param>
/// <param name="Reason">Why, for whoever asks later; at most 500 characters.</param>
public sealed record TemplateRequest(string Text, string? Subject = null, string? Html = null, string? Reason = null)
{
    public MessageTemplate Read(Faults faults)
    {
        Require("subject", Subject);
        Require("text", Text);
        Require("html", Html);
        return new MessageTemplate(string.IsNullOrWhiteSpace(Subject) ? null : Subject, Text, string.IsNullOrWhiteSpace(Html) ? null : Html);

        // U+0000 has no place in the database's texts.
        void Require(string field, string? text)
        {
            if (text is null) return;
            if (text.Length > TemplateLimits.Default.Source) faults.Add(field, $"at most {TemplateLimits.Default.Source} characters");
            if (text.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t'))) faults.Add(field, "no control characters but tabs and line breaks");
            if (text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar)) faults.Add(field, "half of a character");
        }
    }
}

/// <summary>A template as it is in force.</summary>
/// <param name="Occasion"><c>document-invoice</c>, <c>reminder</c>, <c>reminder:</c> and a step's code, <c>thanks</c>, <c>restricted</c>, <c>restored</c> or <c>statement</c>.</param>
/// <param name="Channel"><c>email</c>, <c>sms</c> or <c>print</c>.</param>
/// <param name="Language"><c>cs</c>, <c>sk</c> or <c>en</c>.</param>
/// <param name="IsOwn">Somebody wrote it; otherwise the words are the program's.</param>
/// <param name="Version">Revision of the settings journal that brought it; null where the words are the program's.</param>
public sealed record TemplateView(int Issuer, string Occasion, MessageChannel Channel, string Language, bool IsOwn, long? Version, string? Subject, string Text, string? Html);

/// <inheritdoc cref="TemplateView"/>
public sealed record TemplateRow(int Issuer, string Occasion, MessageChannel Channel, string Language, bool IsOwn, long? Version);

/// <summary>A draft to be looked at, or what is in force where no text is given; on a client or on made-up facts.</summary>
/// <example>{"sample":"usual"}</example>
/// <param name="Client">The CRM's reference; needs the right to see what clients owe.</param>
/// <param name="Sample">Name of made-up facts such as <c>usual</c>, <c>no-debt</c> or <c>long-names</c>; the usual ones when neither is given.</param>
public sealed record TemplatePreviewRequest(string? Text = null, string? Subject = null, string? Html = null, string? Client = null, string? Sample = null);

/// <summary>What the message would say.</summary>
/// <param name="Template">By which template and version it was made.</param>
/// <param name="Parts">How many parts an SMS would be sent in.</param>
/// <param name="Samples">Names of all made-up facts there are for the occasion.</param>
public sealed record TemplatePreview(string? Subject, string Text, string? Html, string Template, int? Parts, IReadOnlyList<string> Samples)
{
    public static TemplatePreview Of(MessageText text, int? parts, IReadOnlyList<string> samples) => new(text.Subject, text.Text, text.Html, text.Template, parts, samples);
}

/// <summary>What an issuer's mail looks like.</summary>
/// <example>{"colour":"#14506e","footerInCzech":"Zapsána u Krajského soudu v Brně"}</example>
/// <param name="Name">In the head; the issuer's own where left out.</param>
/// <param name="Colour"><c>#rrggbb</c>, dark enough to carry white letters.</param>
/// <param name="LogoUrl">An image on the web, https.</param>
/// <param name="Reason">Why, for whoever asks later; at most 500 characters.</param>
public sealed record BrandRequest(
    string Colour = MessageBrand.DefaultColour, string? Name = null, string? LogoUrl = null, string? FooterInCzech = null, string? FooterInSlovak = null, string? FooterInEnglish = null, string? Reason = null)
{
    private const int FooterMax = 1_000;
    private const int UrlMax = 500;

    public MessageBrand Read(Faults faults)
    {
        if (!MailLooks.IsColour(Colour)) faults.Add("colour", "#rrggbb expected");
        else if (!MailLooks.CarriesWhite(Colour)) faults.Add("colour", "too light for white letters");
        var logo = faults.OptionalText("logoUrl", LogoUrl, UrlMax);
        if (logo is not null && !MailLooks.IsLogo(logo)) faults.Add("logoUrl", "an address that begins with https:// expected");
        return new MessageBrand(faults.OptionalText("name", Name), Colour, logo)
        {
            FooterInCzech = Footer("footerInCzech", FooterInCzech), FooterInSlovak = Footer("footerInSlovak", FooterInSlovak), FooterInEnglish = Footer("footerInEnglish", FooterInEnglish),
        };

        string? Footer(string field, string? text) => faults.OptionalText(field, text, FooterMax);
    }
}

/// <inheritdoc cref="BrandRequest"/>
/// <param name="IsOwn">Somebody chose it; otherwise it is the program's.</param>
public sealed record BrandView(int Issuer, bool IsOwn, string Colour, string? Name, string? LogoUrl, string? FooterInCzech, string? FooterInSlovak, string? FooterInEnglish)
{
    public static BrandView Of(IssuerId issuer, MessageBrand? own)
    {
        var brand = own ?? MessageBrand.Default;
        return new BrandView(issuer.Value, own is not null, brand.Colour, brand.Name, brand.LogoUrl, brand.FooterInCzech, brand.FooterInSlovak, brand.FooterInEnglish);
    }
}
