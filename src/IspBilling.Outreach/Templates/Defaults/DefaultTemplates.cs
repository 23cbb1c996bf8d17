using IspBilling.Domain;
using IspBilling.Engine.Wording;

namespace IspBilling.Outreach.Templates.Defaults;

/// <summary>What an occasion says by the program's own words, in one language.</summary>
/// <param name="Subject">Of the e-mail and the letter.</param>
/// <param name="Body">Between the salutation and the closing of the e-mail and the letter.</param>
/// <param name="Sms">The whole of it.</param>
internal sealed record DefaultWords(string Subject, string Body, string Sms);

/// <param name="Salutation">First paragraph.</param>
/// <param name="Closing">Last paragraphs of an e-mail.</param>
/// <param name="LetterClosing">Those of a letter, which nobody answers by a click.</param>
internal sealed record DefaultLanguage(
    string Salutation, string Closing, string LetterClosing,
    DefaultWords Invoice, DefaultWords Credit, DefaultWords Reminder, DefaultWords Thanks, DefaultWords Restricted, DefaultWords Restored, DefaultWords Statement);

/// <summary>The templates that the program brings. There is one for every occasion, channel and language, so that nothing is ever without words.</summary>
public static class DefaultTemplates
{
    public static MessageTemplate For(string occasion, MessageChannel channel, string language)
    {
        var words = language switch
        {
            ClientLanguages.English => EnglishDefaults.All,
            ClientLanguages.Slovak => SlovakDefaults.All,
            _ => CzechDefaults.All,
        };
        var told = Told(words, occasion);
        return channel switch
        {
            MessageChannel.Sms => new MessageTemplate(null, told.Sms),
            MessageChannel.Print => new MessageTemplate(told.Subject, $"{words.Salutation}\n\n{told.Body}\n\n{words.LetterClosing}"),
            _ => new MessageTemplate(told.Subject, $"{words.Salutation}\n\n{told.Body}\n\n{words.Closing}"),
        };
    }

    private static DefaultWords Told(DefaultLanguage words, string occasion)
    {
        if (Occasions.KindOf(occasion) is { } kind) return kind.Traits().IsReceivable ? words.Invoice : words.Credit;
        return occasion switch
        {
            Occasions.Thanks => words.Thanks,
            Occasions.Restricted => words.Restricted,
            Occasions.Restored => words.Restored,
            Occasions.Statement => words.Statement,
            _ => words.Reminder,
        };
    }
}
