using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using IspBilling.Domain;
using IspBilling.Outreach.Sms;
using IspBilling.Outreach.Templates;

namespace IspBilling.Outreach.Tests.Templates;

public sealed partial class DefaultTemplateTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var occasion in Occasions.All)
            {
                foreach (var language in ClientLanguages.All) all.Add(occasion, language);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_default_makes_a_message_of_every_sample(string occasion, string language)
    {
        foreach (var sample in SampleFacts.For(occasion, Rendered.Issuer, language))
        {
            foreach (var channel in Occasions.Channels)
            {
                var text = Rendered.Default(occasion, channel, sample.Facts);

                Assert.DoesNotContain("{{ ", text.Text.Replace("{{ debt }} 🦊", ""), StringComparison.Ordinal);
                Assert.DoesNotContain("  ", text.Text, StringComparison.Ordinal);
                Assert.DoesNotMatch(@" [.,]", text.Text.Replace("\n- ", "\n"));
                Assert.Equal(channel == MessageChannel.Email, text.Html is not null);
                Assert.Equal(channel != MessageChannel.Sms, text.Subject is not null);
            }
        }
    }

    /// <summary>What people read, in files that people read. With UPDATE_SNAPSHOTS=1 they are written anew; MAIL_PAGES names a folder that gets the mails as pages.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Words_are_those_that_were_read_aloud(string occasion, string language)
    {
        var told = new StringBuilder();
        foreach (var sample in SampleFacts.For(occasion, Rendered.Issuer, language))
        {
            foreach (var channel in sample.Name is "usual" or "no-debt" ? [MessageChannel.Email, MessageChannel.Sms, MessageChannel.Print] : new[] { MessageChannel.Email, MessageChannel.Sms })
            {
                var text = Rendered.Default(occasion, channel, sample.Facts);
                told.Append("=== ").Append(sample.Name).Append(", ").Append(channel).Append('\n');
                if (text.Html is not null && Environment.GetEnvironmentVariable("MAIL_PAGES") is { Length: > 0 } pages) File.WriteAllText(Path.Combine(pages, $"{occasion}.{language}.{sample.Name}.html"), text.Html);
                if (text.Subject is not null) told.Append("Subject: ").Append(text.Subject).Append("\n\n");
                told.Append(text.Text).Append("\n\n");
            }
        }

        var file = Path.Combine(Snapshots(), $"{occasion}.{language}.txt");
        var readable = told.ToString().Replace('\u00A0', ' ');
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") File.WriteAllText(file, readable);
        Assert.Equal(File.ReadAllText(file), readable);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Html_says_what_the_text_says(string occasion, string language)
    {
        foreach (var sample in SampleFacts.For(occasion, Rendered.Issuer, language))
        {
            var text = Rendered.Default(occasion, MessageChannel.Email, sample.Facts);
            var body = text.Html![(text.Html!.IndexOf("<div class=\"body\">", StringComparison.Ordinal) + 18)..text.Html!.IndexOf("<div class=\"foot\">", StringComparison.Ordinal)];

            Assert.Equal(Words(text.Text.Replace("\n- ", "\n")), Words(WebUtility.HtmlDecode(Tag().Replace(body, " "))));
        }
    }

    /// <summary>What the law wants on a letter of a business.</summary>
    [Theory]
    [InlineData("cs", "IČO 12345678, DIČ CZ12345678")]
    [InlineData("sk", "IČO 12345678, IČ DPH CZ12345678")]
    [InlineData("en", "Company No. 12345678, VAT No. CZ12345678")]
    public void A_mail_says_at_its_foot_who_sends_it(string language, string numbers)
    {
        var facts = SampleFacts.For(Occasions.Thanks, Rendered.Issuer, language)[0].Facts;
        var sender = facts.Sender with { CompanyNumber = "12345678", VatNumber = "CZ12345678", RegisterText = "C 1 <Brno>" };

        Assert.Equal([numbers, "C 1 <Brno>"], Foot(facts with { Sender = sender })[1..]);
        Assert.Single(Foot(facts with { Sender = sender with { CompanyNumber = null, VatNumber = null, RegisterText = null } }));

        static string[] Foot(Engine.Outgoing.MessageFacts facts)
        {
            var html = Rendered.Default(Occasions.Thanks, MessageChannel.Email, facts).Html!;
            var foot = html[(html.IndexOf("<div class=\"foot\">", StringComparison.Ordinal) + 18)..];
            return [.. foot[..foot.IndexOf("</div>", StringComparison.Ordinal)].Split("<br>\n").Select(WebUtility.HtmlDecode)!];
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_default_sms_is_sent_whole(string occasion, string language)
    {
        var check = new TemplateCheck(TemplateLimits.Default, Rendered.Clock);
        var sms = new SmsMeasure(text => SmsQuote.Of(text, new SmsTarget()).Parts, MaxParts: 3);

        Assert.Null(check.Problem(new(Rendered.Issuer, occasion, MessageChannel.Sms, language), Outreach.Templates.Defaults.DefaultTemplates.For(occasion, MessageChannel.Sms, language), Engine.Wording.MessageBrand.Default, sms));
    }

    [Theory]
    [InlineData(1, "1 den", "1 deň", "1 day")]
    [InlineData(2, "2 dny", "2 dni", "2 days")]
    [InlineData(4, "4 dny", "4 dni", "4 days")]
    [InlineData(5, "5 dní", "5 dní", "5 days")]
    [InlineData(21, "21 dní", "21 dní", "21 days")]
    public void Days_are_counted_as_people_count_them(int days, string czech, string slovak, string english)
    {
        Assert.Equal(czech, In("cs"));
        Assert.Equal(slovak, In("sk"));
        Assert.Equal(english, In("en"));

        string In(string language)
        {
            var facts = Rendered.Usual(Occasions.Reminder, language);
            facts = facts with { Overdue = [facts.Overdue[0] with { DaysOverdue = days }] };
            return Rendered.Of(new("s", "{{ days_overdue | days }}"), facts).Text.Replace('\u00A0', ' ');
        }
    }

    private static string Words(string text) => Spaces().Replace(text, " ").Trim();

    private static string Snapshots([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "Snapshots");

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 10_000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.None, 10_000)]
    private static partial Regex Spaces();
}
