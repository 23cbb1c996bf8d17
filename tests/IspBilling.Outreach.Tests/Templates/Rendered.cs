using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Wording;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Templates;

namespace IspBilling.Outreach.Tests.Templates;

/// <summary>Templates rendered for samples, by the program's words unless a test says others.</summary>
internal static class Rendered
{
    public static readonly IssuerId Issuer = new(1);

    /// <summary>Time that stands still.</summary>
    public static readonly TimeProvider Clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();

    public sealed class Source : ITemplateSource
    {
        public Dictionary<TemplateKey, StoredTemplate> Templates { get; } = [];

        public MessageBrand Brand { get; set; } = MessageBrand.Default;

        public StoredTemplate? Find(TemplateKey key) => Templates.GetValueOrDefault(key);

        public MessageBrand BrandOf(IssuerId issuer) => Brand;
    }

    public static MessageText Default(string occasion, MessageChannel channel, MessageFacts facts) => Written(new TemplateBook(new Source(), Clock).Write(occasion, channel, facts));

    public static MessageText Written(Composition composition) => composition switch
    {
        Composition.Written written => written.Text,
        Composition.Impossible impossible => throw new InvalidOperationException(impossible.Reason),
        _ => throw new InvalidOperationException(),
    };

    public static MessageFacts Usual(string occasion, string language = "cs") => SampleFacts.For(occasion, Issuer, language)[0].Facts;

    public static MessageText Of(MessageTemplate template, MessageFacts facts, MessageChannel channel = MessageChannel.Email) =>
        ReadTemplate.Of(template, channel, facts.Language, TemplateLimits.Default).Render(facts, MessageBrand.Default, "test", Clock);
}
