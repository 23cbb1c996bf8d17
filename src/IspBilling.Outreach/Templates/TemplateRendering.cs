using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Fluid;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Wording;
using IspBilling.Outreach.Composing;

namespace IspBilling.Outreach.Templates;

/// <summary>A template that was read once and can put any client's facts into words.</summary>
public sealed partial class ReadTemplate
{
    private readonly MessageChannel _channel;
    private readonly string _language;
    private readonly LiquidText? _subject;
    private readonly LiquidText _text;
    private readonly LiquidText? _html;

    private ReadTemplate(MessageChannel channel, string language, LiquidText? subject, LiquidText text, LiquidText? html) =>
        (_channel, _language, _subject, _text, _html) = (channel, language, subject, text, html);

    /// <exception cref="TemplateException">It is no template, and the message says why.</exception>
    public static ReadTemplate Of(MessageTemplate template, MessageChannel channel, string language, TemplateLimits limits)
    {
        if (channel == MessageChannel.Sms && template.Subject is not null) throw new TemplateException("an SMS has no subject");
        if (channel != MessageChannel.Sms && string.IsNullOrWhiteSpace(template.Subject)) throw new TemplateException("a subject expected");
        if (channel != MessageChannel.Email && template.Html is not null) throw new TemplateException("only an e-mail has HTML");
        return new ReadTemplate(
            channel, language,
            template.Subject is { } subject ? In("subject", subject) : null,
            In("text", template.Text),
            template.Html is { } html ? In("html", html) : null);

        LiquidText In(string part, string source) => Named(part, () => LiquidText.Parse(source, limits));
    }

    /// <param name="name">What the message is said to be made by.</param>
    /// <exception cref="TemplateException">The facts are not what it asks for, or it ran into a limit.</exception>
    public MessageText Render(MessageFacts facts, MessageBrand brand, string name, TimeProvider clock)
    {
        var wording = new Wording(_language);
        var values = FactsInLiquid.Of(facts, wording, brand, _language);
        var subject = _subject is null ? null : OneLine(Named("subject", () => _subject.Render(values, wording, NullEncoder.Default, clock)));
        var text = Tidy(Named("text", () => _text.Render(values, wording, NullEncoder.Default, clock)));
        if (text.Length == 0) throw new TemplateException("text: the message is empty");
        if (_channel == MessageChannel.Sms) return new MessageText(_language, null, Plain(text), null, name);
        if (_channel != MessageChannel.Email) return new MessageText(_language, subject, text, null, name);
        var own = _html is null ? null : Named("html", () => _html.Render(values, wording, HtmlEncoder.Default, clock));
        return new MessageText(_language, subject, text, HtmlMail.Page(subject!, text, own, facts.Sender, brand, _language), name);
    }

    private static T Named<T>(string part, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (TemplateException fault)
        {
            throw new TemplateException($"{part}: {fault.Message}", fault);
        }
    }

    private static string OneLine(string subject)
    {
        var line = subject.Trim();
        if (line.Length is 0 or > TemplateLimits.MaxSubject) throw new TemplateException($"subject: one line of 1 to {TemplateLimits.MaxSubject} characters expected");
        if (line.Any(letter => char.IsControl(letter) || letter is '\u2028' or '\u2029')) throw new TemplateException("subject: one line expected, without control characters");
        return line;
    }

    /// <summary>Tags that say nothing leave empty lines; more than one between paragraphs is none's intention.</summary>
    private static string Tidy(string text) => ManyBreaks().Replace(SpacesAtEnd().Replace(text.ReplaceLineEndings("\n"), ""), "\n\n").Trim();

    /// <summary>The letters that would cost a whole SMS its short alphabet, and that nobody misses.</summary>
    private static string Plain(string text) => Spaces().Replace(
        text.Replace('\u00A0', ' ').Replace('\u202F', ' ').Replace('\u2212', '-').Replace('–', '-').Replace('—', '-').Replace('„', '"').Replace('“', '"').Replace('”', '"'), " ").Trim();

    [GeneratedRegex(@"[ \t]+$", RegexOptions.Multiline, 1_000)]
    private static partial Regex SpacesAtEnd();

    [GeneratedRegex(@"\n{3,}", RegexOptions.None, 1_000)]
    private static partial Regex ManyBreaks();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1_000)]
    private static partial Regex Spaces();
}
