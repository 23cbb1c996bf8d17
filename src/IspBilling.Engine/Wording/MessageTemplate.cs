using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Engine.Wording;

/// <summary>Words of a message with places for facts, in Liquid.</summary>
/// <param name="Subject">One line; null where the channel has none.</param>
/// <param name="Text">Plain text.</param>
/// <param name="Html">Body of the HTML part; null where it is made from <paramref name="Text"/>.</param>
public sealed record MessageTemplate(string? Subject, string Text, string? Html = null);

/// <summary>A template that somebody wrote.</summary>
/// <param name="Revision">Of the settings journal; its version.</param>
public sealed record StoredTemplate(MessageTemplate Template, long Revision);

/// <summary>What a template is for.</summary>
/// <param name="Occasion">Such as <c>thanks</c> or <c>reminder:block</c>.</param>
/// <param name="Language">See <see cref="ClientLanguages"/>.</param>
public sealed record TemplateKey(IssuerId Issuer, string Occasion, MessageChannel Channel, string Language)
{
    private const int Parts = 4;

    /// <summary>As the settings journal names it: <c>1/thanks/email/cs</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Issuer.Value}/{Occasion}/{NameOf(Channel)}/{Language}");

    /// <summary>Null when it is none. Codes of steps may contain slashes.</summary>
    public static TemplateKey? Read(string text)
    {
        var parts = text.Split('/');
        if (parts.Length < Parts || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var issuer)) return null;
        return ChannelOf(parts[^2]) is { } channel ? new TemplateKey(new IssuerId(issuer), string.Join('/', parts[1..^2]), channel, parts[^1]) : null;
    }

    public static string NameOf(MessageChannel channel) => channel.ToString().ToLowerInvariant();

    private static MessageChannel? ChannelOf(string name) =>
        Enum.GetValues<MessageChannel>().Where(channel => NameOf(channel) == name).Select(channel => (MessageChannel?)channel).FirstOrDefault();
}
