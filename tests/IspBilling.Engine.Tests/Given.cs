using System.Collections.Immutable;
using System.Globalization;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Tests;

/// <summary>The provider, catalogue, client and policy that the tests start from.</summary>
internal static class Given
{
    public static readonly IssuerId OtherIssuer = new(2);

    /// <summary>499 a month and 699 a month, gross.</summary>
    public static readonly TariffId Slow = new(1), Fast = new(2);

    /// <summary>Has a price from 2027 on only: whoever bills it before cannot decide.</summary>
    public static readonly TariffId Unpriced = new(3);

    private static readonly PostalAddress Address = new("Dlouhá 1", "Brno", "60200", "CZ");

    private static readonly Issuer Provider = new(
        IssuerId.Default, 1, "Example Net s.r.o.", Address, "12345678", "CZ12345678", null,
        Currency.Czk, new IssuerBankAccount("123-4567890/0100", "CZ6508000000192000145399", null), null, null, null,
        SupplyDating: SupplyDating.BillingDay);

    /// <summary>5 days e-mail, 14 days e-mail and fee, 21 days throttled.</summary>
    private static readonly DunningPolicy Policy = new("standard",
    [
        new DunningStep("first", 5, [Money.Czk(100)], DunningActions.Email, 0),
        new DunningStep("second", 14, [Money.Czk(100)], DunningActions.Email | DunningActions.Fee, 7, Fee: [Money.Czk(50)]),
        new DunningStep("throttle", 21, [Money.Czk(100)], DunningActions.Email | DunningActions.Throttle, 7, Profile: "1M"),
    ], ThankOnClearing: true);

    public static readonly ProviderSettings Settings = new(
        TariffCatalogue.Of(1, Tariff(Slow, "2013-01-01", 499), Tariff(Fast, "2013-01-01", 699), Tariff(Unpriced, "2027-01-01", 899)),
        VatRates.Known,
        ImmutableDictionary<IssuerId, Issuer>.Empty.Add(IssuerId.Default, Provider).Add(OtherIssuer, Provider with { Id = OtherIssuer }),
        Policy,
        CorrectionHorizonMonths: 1200);

    public static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DecisionContext On(string day) => On(Day(day), Settings);

    public static DecisionContext On(DateOnly day, ProviderSettings settings) => new(
        day, settings.Catalogue, settings.VatRates, settings.Issuers, settings.DunningPolicy, settings.CorrectionHorizonMonths)
    {
        PostsLetters = true,
    };

    public static SetProfile Client(string name = "Jana Nováková", IssuerId? issuer = null, long? symbol = null) => new(new AccountProfile(
        issuer ?? IssuerId.Default, name, Address, null, null, "jana@example.org", null, "cs", DeliveryPreference.Email, SymbolPolicy.PerDocument,
        symbol is { } own ? new VariableSymbol(own) : null, AllocationPolicy.NamedThenOldest, DueDays: 14));

    /// <summary>What an account takes and PostgreSQL does not: the account asks of no telephone number that it can be printed.</summary>
    public static SetProfile Poison() => new(Client().Profile with { Phone = "NUL \0" });

    public static PutService Service(string reference, string start, TariffId tariff, string? end = null, string? from = null) => new(
        reference, Day(start), end is null ? null : Day(end), tariff, Quantity.One, BillingCycle.Monthly, BillingTiming.InAdvance,
        from is null ? null : Day(from));

    public static Bill Bill(string through) => new(Day(through), null, PreviewOnly: false);

    public static BookPayment Payment(string entry, decimal amount, string on, VariableSymbol? symbol = null, string? payer = null) =>
        new(entry, Money.Czk(amount), Day(on), symbol, payer, null, MatchRule.NamedDocument);

    private static Tariff Tariff(TariffId id, string from, decimal price) => new(
        id, $"T{id}", $"Internet {id}", ServiceKind.Internet, PriceMode.Gross, VatCategory.Standard, [new TariffVersion(Day(from), Money.Czk(price))]);
}
