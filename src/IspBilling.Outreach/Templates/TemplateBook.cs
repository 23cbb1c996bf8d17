using System.Collections.Concurrent;
using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Engine.Wording;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Templates.Defaults;

namespace IspBilling.Outreach.Templates;

/// <summary>The templates and brands that are in force now.</summary>
public interface ITemplateSource
{
    /// <summary>Null where nobody wrote one.</summary>
    StoredTemplate? Find(TemplateKey key);

    MessageBrand BrandOf(IssuerId issuer);
}

/// <summary>
/// Puts messages into words: by the issuer's own template, for a reminder of a step else by its general one, else by the program's. Each template
/// is read once a version.
/// </summary>
/// <param name="language">What a client whose language nobody writes is written to in.</param>
public sealed class TemplateBook(ITemplateSource source, TimeProvider clock, string language = ClientLanguages.Czech) : IMessageComposer
{
    /// <summary>Read templates that are kept: all of a few issuers. Beyond that they are read anew.</summary>
    private const int MaxKept = 2_000;

    private readonly ConcurrentDictionary<(string Key, long Revision), ReadTemplate> _read = new();

    public ValueTask<Composition> Compose(Delivery delivery, MessageFacts facts, CancellationToken cancellation)
    {
        if (Occasions.Of(delivery.Message, facts.Document?.Kind) is not { } occasion)
            return Impossible(delivery.Message is DeliverDocument ? "the document that it delivers is not there" : "clients are not written to about it");
        if (!Occasions.Channels.Contains(delivery.Channel)) return Impossible("nothing is put into words for this channel");
        return ValueTask.FromResult(Write(occasion, delivery.Channel, facts));
    }

    /// <summary>What a message of that occasion would say.</summary>
    public Composition Write(string occasion, MessageChannel channel, MessageFacts facts)
    {
        var spoken = ClientLanguages.IsKnown(facts.Language) ? facts.Language : language;
        var key = new TemplateKey(facts.Sender.Issuer, occasion, channel, spoken);
        var (found, stored) = InForce(key);
        var template = stored?.Template ?? DefaultTemplates.For(occasion, channel, spoken);
        try
        {
            var read = Read(found, stored?.Revision ?? 0, template);
            return new Composition.Written(read.Render(facts, source.BrandOf(key.Issuer), NameOf(found, stored), clock));
        }
        catch (TemplateException fault)
        {
            return new Composition.Impossible($"template {NameOf(found, stored)}: {fault.Message}");
        }
    }

    /// <summary>Where the template that is in force stands; its own occasion or, for a step without one, the general reminder.</summary>
    private (TemplateKey Key, StoredTemplate? Stored) InForce(TemplateKey key)
    {
        if (source.Find(key) is { } own) return (key, own);
        if (!Occasions.IsStep(key.Occasion)) return (key, null);
        var general = key with { Occasion = Occasions.Reminder };
        return (general, source.Find(general));
    }

    private ReadTemplate Read(TemplateKey key, long revision, MessageTemplate template)
    {
        var name = (revision == 0 ? (key with { Issuer = default }).ToString() : key.ToString(), revision);
        if (_read.TryGetValue(name, out var read)) return read;
        read = ReadTemplate.Of(template, key.Channel, key.Language, TemplateLimits.Default);
        if (_read.Count >= MaxKept) _read.Clear();
        return _read[name] = read;
    }

    private static string NameOf(TemplateKey key, StoredTemplate? stored) => string.Create(
        CultureInfo.InvariantCulture, $"{key.Occasion}/{TemplateKey.NameOf(key.Channel)}/{key.Language}@{(stored is { } own ? own.Revision.ToString(CultureInfo.InvariantCulture) : "default")}");

    private static ValueTask<Composition> Impossible(string reason) => ValueTask.FromResult<Composition>(new Composition.Impossible(reason));
}
