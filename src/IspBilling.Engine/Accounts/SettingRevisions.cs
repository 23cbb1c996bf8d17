using System.Collections.Immutable;

namespace IspBilling.Engine.Accounts;

/// <summary>The kinds of settings that the settings journal tells apart. Stored; a name is never changed.</summary>
public static class SettingKinds
{
    public const string Tariff = "tariff";
    public const string Issuer = "issuer";
    public const string DunningPolicy = "dunning-policy";

    /// <summary>What a message says; its key is <see cref="Wording.TemplateKey"/>.</summary>
    public const string Template = "template";

    /// <summary>What an issuer's mail looks like; its key is the issuer.</summary>
    public const string Brand = "brand";

    /// <summary>When clients may be reached, and when something may be taken away from them.</summary>
    public const string OutreachRules = "outreach-rules";

    /// <summary>The day whose restrictions a person released from the brake.</summary>
    public const string RestrictionRelease = "restriction-release";

    public const string CorrectionHorizon = "correction-horizon";
    public const string SmsGateway = "sms-gateway";
    public const string ApiKey = "api-key";
    public const string Role = "role";
    public const string Person = "person";

    /// <summary>A person's means to sign in: that a link was made or a password chosen, never what they are.</summary>
    public const string Credentials = "credentials";

    /// <summary>A session that somebody with the right to do so ended.</summary>
    public const string Session = "session";

    /// <summary>That a secret of others was entered or removed, never what it is.</summary>
    public const string Secret = "secret";

    public static readonly ImmutableArray<string> All =
        [Tariff, Issuer, DunningPolicy, Template, Brand, OutreachRules, RestrictionRelease, CorrectionHorizon, SmsGateway, ApiKey, Role, Person, Credentials, Session, Secret];

    /// <summary>The key of a setting that there is only one of.</summary>
    public const string OnlyOne = "default";
}

/// <summary>Which entry of the settings journal last changed each setting.</summary>
public sealed class SettingRevisions(ImmutableDictionary<(string Kind, string Key), long> last)
{
    /// <summary>Of settings that stand in no journal.</summary>
    public static readonly SettingRevisions None = new(ImmutableDictionary<(string Kind, string Key), long>.Empty);

    /// <summary>Null when no entry is about the setting.</summary>
    public long? Of(string kind, string key) => last.TryGetValue((kind, key), out var revision) ? revision : null;
}
