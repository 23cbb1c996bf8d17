using System.Collections.Immutable;
using System.Globalization;

namespace IspBilling.Domain.Tests;

/// <summary>The provider, catalogue, client and policy that the tests start from.</summary>
internal static class Given
{
    public static readonly Issuer Provider = new(
        IssuerId.Default, 1, "Example Net s.r.o.", new PostalAddress("Dlouhá 1", "Brno", "60200", "CZ"), "12345678", "CZ12345678", null,
        Currency.Czk, new IssuerBankAccount("123-4567890/0100", "CZ6508000000192000145399", null), null, null, null,
        SupplyDating: SupplyDating.BillingDay);

    public static readonly AccountProfile Client = new(
        IssuerId.Default, "Jana Nováková", new PostalAddress("Krátká 2", "Brno", "60200", "CZ"), null, null, "jana@example.org", null, "cs",
        DeliveryPreference.Email, SymbolPolicy.PerDocument, new VariableSymbol(7001), AllocationPolicy.NamedThenOldest, DueDays: 14);

    /// <summary>5 days e-mail, 14 days e-mail and SMS, 21 days throttled, 30 days blocked.</summary>
    public static readonly DunningPolicy Policy = new("standard",
    [
        new DunningStep("first", 5, [Money.Czk(100)], DunningActions.Email, 0),
        new DunningStep("second", 14, [Money.Czk(100)], DunningActions.Email | DunningActions.Sms, 7),
        new DunningStep("throttle", 21, [Money.Czk(100)], DunningActions.Email | DunningActions.Throttle, 7, Profile: "1M"),
        new DunningStep("block", 30, [Money.Czk(100)], DunningActions.Email | DunningActions.Block, 7),
    ], ThankOnClearing: true)
    {
        NoticeDays = 0,
    };

    /// <summary>Amounts of test rows are written as text: a row's decimal would pass through a binary fraction.</summary>
    public static Money Czk(string amount) => Money.Czk(decimal.Parse(amount, CultureInfo.InvariantCulture));

    public static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static DateOnly? DayOrNull(string? iso) => iso is null ? null : Day(iso);

    public static Period Period(string from, string to) => new(Day(from), Day(to));

    public static Tariff Gross(int id, decimal price, string from = "2013-01-01") => Tariff(id, PriceMode.Gross, (from, price));

    public static Tariff Net(int id, decimal price, string from = "2013-01-01") => Tariff(id, PriceMode.Net, (from, price));

    public static Tariff Tariff(int id, PriceMode mode, params (string From, decimal Price)[] versions) => new(
        new TariffId(id), $"T{id}", $"Internet {id}", ServiceKind.Internet, mode, VatCategory.Standard,
        [.. versions.Select(version => new TariffVersion(Day(version.From), Money.Czk(version.Price)))]);

    public static DecisionContext Context(DateOnly today, params Tariff[] tariffs) => new(
        today, TariffCatalogue.Of(1, tariffs), VatRates.Known, ImmutableDictionary<IssuerId, Issuer>.Empty.Add(Provider.Id, Provider), Policy,
        CorrectionHorizonMonths: 1200);
}
