using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Wording;

namespace IspBilling.Engine.Accounts;

/// <param name="Instant">UTC.</param>
public readonly record struct Moment(DateTimeOffset Instant, DecisionContext Context);

/// <summary>Where turns get the date and the provider's settings from.</summary>
public interface IContextSource
{
    Moment Now();
}

/// <summary>Everything about the provider that deciding needs; replaced as a whole when one of it changes.</summary>
public sealed record ProviderSettings(
    TariffCatalogue Catalogue,
    VatRates VatRates,
    ImmutableDictionary<IssuerId, Issuer> Issuers,
    DunningPolicy DunningPolicy,
    int CorrectionHorizonMonths)
{
    public const int DefaultCorrectionHorizonMonths = 24;

    /// <summary>Where each setting stands in the settings journal.</summary>
    public SettingRevisions Revisions { get; init; } = SettingRevisions.None;

    /// <summary>Templates that somebody wrote, instead of the program's.</summary>
    public ImmutableDictionary<TemplateKey, StoredTemplate> Templates { get; init; } = ImmutableDictionary<TemplateKey, StoredTemplate>.Empty;

    public ImmutableDictionary<IssuerId, MessageBrand> Brands { get; init; } = ImmutableDictionary<IssuerId, MessageBrand>.Empty;

    /// <summary>What accounts decide by on a day.</summary>
    public DecisionContext On(DateOnly today) => new(today, Catalogue, VatRates, Issuers, DunningPolicy, CorrectionHorizonMonths)
    {
        PolicyRevision = Revisions.Of(SettingKinds.DunningPolicy, SettingKinds.OnlyOne),
    };

    /// <summary>The one currency that all issuers invoice in; null when there are several, whose amounts have no sum.</summary>
    public Currency? OnlyCurrency()
    {
        var currencies = Issuers.Values.Select(issuer => issuer.Currency).Distinct().Take(2).ToArray();
        return currencies.Length == 1 ? currencies[0] : null;
    }
}

/// <summary>The settings in force and the business date in the provider's time zone.</summary>
public sealed class LiveContext(TimeProvider clock, TimeZoneInfo zone, ProviderSettings initial) : IContextSource
{
    private sealed record Prepared(ProviderSettings Settings, DecisionContext Context);

    private ProviderSettings _settings = initial;
    private Prepared? _prepared;

    public ProviderSettings Settings => Volatile.Read(ref _settings);

    public DateOnly Today => DayOf(clock.GetUtcNow());

    public void Replace(ProviderSettings settings) => Volatile.Write(ref _settings, settings);

    public Moment Now()
    {
        var instant = clock.GetUtcNow();
        var (today, settings) = (DayOf(instant), Settings);
        var prepared = Volatile.Read(ref _prepared);
        if (prepared is null || prepared.Context.Today != today || !ReferenceEquals(prepared.Settings, settings))
        {
            prepared = new Prepared(settings, settings.On(today));
            Volatile.Write(ref _prepared, prepared);
        }

        return new Moment(instant, prepared.Context);
    }

    private DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
}
