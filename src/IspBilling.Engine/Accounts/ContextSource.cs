using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Wording;

namespace IspBilling.Engine.Accounts;

/// <summary>Which days are public holidays somewhere.</summary>
public interface IHolidays
{
    /// <param name="country">ISO 3166: <c>CZ</c>, <c>SK</c>. Of another one nothing is known.</param>
    IEnumerable<DateOnly> Of(string country, int year);
}

/// <summary>Of a provider that knows of none.</summary>
public sealed class NoHolidays : IHolidays
{
    public static readonly NoHolidays Instance = new();

    public IEnumerable<DateOnly> Of(string country, int year) => [];
}

/// <param name="Instant">UTC.</param>
public readonly record struct Moment(DateTimeOffset Instant, DecisionContext Context);

/// <summary>Where turns get the date and the provider's settings from.</summary>
public interface IContextSource
{
    Moment Now();

    /// <summary>What a review asks before it takes something away; null where nobody counts.</summary>
    IRestrictionBrake? Brake => null;
}

/// <summary>Counts what is taken away in a day, over all accounts and nodes.</summary>
public interface IRestrictionBrake
{
    /// <summary>Whether one more account may be restricted on a day. One that may keeps its place, however often it asks.</summary>
    ValueTask<bool> MayRestrict(AccountId account, DateOnly today, CancellationToken cancellation);
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

    /// <summary>Years of holidays that are known from a day on: a step is planned months ahead.</summary>
    private const int HolidayYears = 3;

    /// <summary>Policies of groups of clients, by the group.</summary>
    public ImmutableDictionary<string, DunningPolicy> GroupPolicies { get; init; } = ImmutableDictionary<string, DunningPolicy>.Empty;

    public OutreachRules Outreach { get; init; } = OutreachRules.None;

    /// <summary>Which of e-mail and SMS a person switched on.</summary>
    public DunningActions Delivering { get; init; } = DunningPolicy.Channels;

    /// <inheritdoc cref="DecisionContext.PostsLetters"/>
    public bool PostsLetters { get; init; }

    /// <inheritdoc cref="DecisionContext.BankDataThrough"/>
    public ImmutableDictionary<IssuerId, DateOnly> BankDataThrough { get; init; } = ImmutableDictionary<IssuerId, DateOnly>.Empty;

    /// <summary>The day whose restrictions a person released from the brake last; null when none ever was.</summary>
    public DateOnly? ReleasedOn { get; init; }

    public IHolidays Holidays { get; init; } = NoHolidays.Instance;

    /// <summary>What accounts decide by on a day.</summary>
    public DecisionContext On(DateOnly today) => new(today, Catalogue, VatRates, Issuers, DunningPolicy, CorrectionHorizonMonths)
    {
        PolicyRevision = Revisions.Of(SettingKinds.DunningPolicy, SettingKinds.OnlyOne),
        GroupPolicies = GroupPolicies.ToImmutableDictionary(
            policy => policy.Key, policy => new GroupPolicy(policy.Value, Revisions.Of(SettingKinds.DunningPolicy, policy.Key))),
        Delivering = Delivering,
        PostsLetters = PostsLetters,
        RestrictionDays = Outreach.RestrictionDays(HolidaysFrom(today)),
        BankDataDays = Outreach.BankDataDays,
        BankDataThrough = BankDataThrough,
    };

    /// <summary>The same with another policy.</summary>
    /// <param name="group">Whose; null for the policy of all.</param>
    public ProviderSettings With(DunningPolicy policy, string? group) =>
        group is null ? this with { DunningPolicy = policy } : this with { GroupPolicies = GroupPolicies.SetItem(group, policy) };

    /// <summary>What dunning is planned by.</summary>
    /// <param name="zone">The provider's.</param>
    public PlanTerms PlanTerms(TimeZoneInfo zone) => new(On, day => HoursOf(MessageChannel.Email, day, zone), day => HoursOf(MessageChannel.Sms, day, zone));

    /// <summary>When messages of a channel may go, as known on a day.</summary>
    public SendingHours HoursOf(MessageChannel channel, DateOnly today, TimeZoneInfo zone) => Outreach.Hours(channel, HolidaysFrom(today), zone);

    /// <summary>The public holidays of the years that matter on a day, of the country that the rules name.</summary>
    public IReadOnlySet<DateOnly> HolidaysFrom(DateOnly today) => HolidaysOf(Outreach, today);

    /// <inheritdoc cref="HolidaysFrom"/>
    public IReadOnlySet<DateOnly> HolidaysOf(OutreachRules rules, DateOnly today) => rules.HolidaysOf is not { } country
        ? ImmutableHashSet<DateOnly>.Empty
        : Enumerable.Range(today.Year, HolidayYears).SelectMany(year => Holidays.Of(country, year)).ToHashSet();

    /// <summary>The one currency that all issuers invoice in; null when there are several, whose amounts have no sum.</summary>
    public Currency? OnlyCurrency()
    {
        var currencies = Issuers.Values.Select(issuer => issuer.Currency).Distinct().Take(2).ToArray();
        return currencies.Length == 1 ? currencies[0] : null;
    }
}

/// <summary>The settings in force and the business date in the provider's time zone.</summary>
/// <param name="holidays">Null where none are known.</param>
public sealed class LiveContext(TimeProvider clock, TimeZoneInfo zone, ProviderSettings initial, IHolidays? holidays = null) : IContextSource
{
    private sealed record Prepared(ProviderSettings Settings, DecisionContext Context);

    private ProviderSettings _settings = holidays is null ? initial : initial with { Holidays = holidays };
    private Prepared? _prepared;

    public ProviderSettings Settings => Volatile.Read(ref _settings);

    /// <summary>The provider's.</summary>
    public TimeZoneInfo Zone => zone;

    /// <inheritdoc/>
    public IRestrictionBrake? Brake { get; set; }

    public DateOnly Today => DayOf(clock.GetUtcNow());

    public void Replace(ProviderSettings settings) => Volatile.Write(ref _settings, holidays is null ? settings : settings with { Holidays = holidays });

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

    /// <summary>The instant at which a day of the provider's begins.</summary>
    public DateTimeOffset BeginningOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // Where clocks go forward at midnight the day begins later.
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
    }

    /// <summary>The provider's day at an instant.</summary>
    public DateOnly DayOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);
}
