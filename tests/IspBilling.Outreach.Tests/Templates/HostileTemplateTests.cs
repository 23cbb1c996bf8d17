using FsCheck;
using FsCheck.Fluent;
using IspBilling.Domain;
using IspBilling.Engine.Wording;
using IspBilling.Outreach.Sms;
using IspBilling.Outreach.Templates;

namespace IspBilling.Outreach.Tests.Templates;

public sealed class HostileTemplateTests
{
    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{% if true %}", depth)) + "x" + string.Concat(Enumerable.Repeat("{% endif %}", depth));

    private static string Doubling(string with) =>
        "{% assign s = 'xxxxxxxxxx' %}" + string.Concat(Enumerable.Repeat("{% assign s = s | " + with + " %}", 60)) + "{{ s }}";

    public static TheoryData<string, string> Refused => new()
    {
        { "{% for i in (1..2000000000) %}x{% endfor %}", "ranges" },
        { "{% for i in (1..2000000000) limit: 1 %}x{% endfor %}", "ranges" },
        { "{% assign r = (1..2000000000) %}x", "ranges" },
        { "{% if (1..5) contains 2 %}x{% endif %}", "" },
        { "{% for a in overdue %}{% for b in overdue %}{% for c in overdue %}{% for d in overdue %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}x", "maximum" },
        { "{% for a in overdue %}{% for b in overdue %}{% for c in overdue %}{{ client.name }}{{ client.name }}{{ client.name }}{{ client.name }}{{ client.name }}{% endfor %}{% endfor %}{% endfor %}", "" },
        { Doubling("append: s"), "longer" },
        { Doubling("prepend: s"), "longer" },
        { "{% capture s %}x{% endcapture %}", "capture" },
        { "{% include 'secret' %}", "include" },
        { "{% render 'secret' %}", "render" },
        { "{% layout 'x' %}", "layout" },
        { "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "macro" },
        { "{% liquid\nassign x = 1\n%}", "liquid" },
        { "{% cycle 'a', 'b' %}", "cycle" },
        { "{%\n\t capture s %}x{% endcapture %}", "capture" },
        { Nested(500), "blocks" },
        { Nested(25), "blocks" },
        { "{{ client" + new string('[', 150) + "'a'" + new string(']', 150) + " }}", "" },
        { "{% if true" + string.Concat(Enumerable.Repeat(" and true", 2_000)) + " %}x{% endif %}", "tag" },
        { "{{ client.name | raw }}", "raw" },
        { "{{ client.name | replace: 'a', 'b' }}", "replace" },
        { "{{ client.name | newline_to_br }}", "newline_to_br" },
        { "{{ client.name | nothing }}", "nothing" },
        { "{{ clent.name }}", "clent" },
        { "{{ client.nam }}", "nam" },
        { "{{ client.name", "" },
        { "{% if true %}x", "" },
        { new string('x', 20_001), "at most 20000 characters" },
        { "  {{ '' }}  ", "empty" },
        { "{{ client.name | money }}", "amount" },
        { "{{ debt | date }}", "date" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_template_that_asks_for_more_than_it_may_is_refused(string text, string why)
    {
        var problem = Problem(new TemplateKey(Rendered.Issuer, Occasions.Reminder, MessageChannel.Email, "cs"), new MessageTemplate("s", text));

        Assert.NotNull(problem);
        Assert.Contains(why, problem, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void So_it_is_in_html_and_subject(string text, string _)
    {
        var key = new TemplateKey(Rendered.Issuer, Occasions.Reminder, MessageChannel.Email, "cs");

        Assert.NotNull(Problem(key, new MessageTemplate(text, "x")));
        if (!string.IsNullOrWhiteSpace(text.Replace("{{ '' }}", ""))) Assert.NotNull(Problem(key, new MessageTemplate("s", "x", text)));
    }

    [Fact]
    public void Time_that_runs_out_ends_a_rendering()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(100) };
        var read = ReadTemplate.Of(new MessageTemplate("s", "{% for a in overdue %}x{% endfor %}"), MessageChannel.Email, "cs", TemplateLimits.Default);
        var many = SampleFacts.For(Occasions.Reminder, Rendered.Issuer, "cs").Single(sample => sample.Name == "many-documents").Facts;

        Assert.Contains("longer than 2 s", Assert.Throws<TemplateException>(() => read.Render(many, MessageBrand.Default, "t", clock)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Eve\r\nBcc: all@example.com")]
    [InlineData("Eve\u2028Bcc: all@example.com")]
    [InlineData("Eve\u0085Bcc: all@example.com\0")]
    public void A_name_begins_no_other_header_and_no_other_line(string name)
    {
        var text = Rendered.Of(new MessageTemplate("For {{ client.name }}", "Dear {{ client.name }}"), Rendered.Usual(Occasions.Thanks) with { Name = name });

        Assert.DoesNotContain(text.Subject!, letter => char.IsControl(letter) || letter is '\u2028');
        Assert.Single(text.Text.Split('\n'));
    }

    [Theory]
    [InlineData("one\ntwo")]
    [InlineData("{% if true %}\none\r\ntwo{% endif %}")]
    [InlineData("{{ '' }}")]
    public void A_subject_is_one_line(string subject) => Assert.Contains("one line", Problem(
        new TemplateKey(Rendered.Issuer, Occasions.Thanks, MessageChannel.Email, "cs"), new MessageTemplate(subject, "x")), StringComparison.Ordinal);

    [Fact]
    public void A_name_is_text_in_html_and_itself_in_text()
    {
        var facts = Rendered.Usual(Occasions.Thanks) with { Name = "<script>alert(\"x\")</script> & O'Brien" };

        var made = Rendered.Of(new MessageTemplate("{{ client.name }}", "{{ client.name }}"), facts);
        var own = Rendered.Of(new MessageTemplate("s", "t", "<p title=\"{{ client.name }}\">{{ client.name | append: '<b>' }}</p>"), facts);

        Assert.Equal((facts.Name, facts.Name), (made.Subject, made.Text));
        Assert.All([made, own], text => Assert.DoesNotContain("<script", text.Html!, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain("<b>", own.Html!, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(\"", own.Html!, StringComparison.Ordinal);
    }

    [Fact]
    public void No_name_is_ever_markup() => Prop.ForAll(
        Gen.Elements(Occasions.All.ToArray()).ToArbitrary(), Gen.Elements(ClientLanguages.All.ToArray()).ToArbitrary(), ArbMap.Default.ArbFor<NonNull<string>>(), (occasion, language, anything) =>
        {
            var name = $"<i>{anything.Get}</i>\"'&";
            var facts = Rendered.Usual(occasion, language);
            facts = facts with { Name = name, Reference = name, Sender = facts.Sender with { Name = name, Phone = name, Email = name, Web = name } };
            var plain = Rendered.Default(occasion, MessageChannel.Email, facts);
            var own = Rendered.Of(new MessageTemplate("s", "t", "<p>{{ client.name }} {{ sender.name | upcase }}</p>"), facts);
            return !plain.Html!.Contains("<i>", StringComparison.OrdinalIgnoreCase) && !own.Html!.Contains("<i>", StringComparison.OrdinalIgnoreCase);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_sms_that_would_be_cut_is_not_saved()
    {
        var key = new TemplateKey(Rendered.Issuer, Occasions.Thanks, MessageChannel.Sms, "cs");

        Assert.Null(Problem(key, new MessageTemplate(null, new string('x', 459))));
        Assert.Contains("3 parts", Problem(key, new MessageTemplate(null, new string('x', 460))), StringComparison.Ordinal);
    }

    private static string? Problem(TemplateKey key, MessageTemplate template) => new TemplateCheck(TemplateLimits.Default, Rendered.Clock).Problem(
        key, template, MessageBrand.Default, new SmsMeasure(text => SmsQuote.Of(text, new SmsTarget()).Parts, MaxParts: 3));
}
