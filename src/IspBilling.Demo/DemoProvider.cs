using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Demo;

/// <summary>What the made-up provider sells, and who it is.</summary>
public static class DemoProvider
{
    private static readonly DateOnly PricesSince = new(2020, 1, 1);

    public static readonly CzechAccount BankAccount = new(Prefix: 19, Number: 2_000_145_399, BankCode: 800);

    /// <summary>The IBAN is the example of ISO 13616 for Czechia: it belongs to nobody here.</summary>
    public static readonly Issuer Issuer = new(
        IssuerId.Default,
        Revision: 1,
        "Ukázková síť s.r.o.",
        new PostalAddress("Na Příkladu 12", "Vzorov", "123 45", "CZ"),
        CompanyNumber: "12345679",
        VatNumber: "CZ12345679",
        "Zapsáno v obchodním rejstříku u Krajského soudu ve Vzorově, oddíl C, vložka 12345",
        Currency.Czk,
        new IssuerBankAccount(BankAccount.ToString(), "CZ6508000000192000145399", "GIBACZPX"),
        "fakturace@ukazkova-sit.example",
        "+420 800 123 456",
        "www.ukazkova-sit.example",
        SupplyDating: SupplyDating.BillingDay);

    public static readonly ImmutableArray<Tariff> Tariffs =
    [
        Tariff(1, "NET-50", "Internet 50 Mb/s", ServiceKind.Internet, 349m),
        Tariff(2, "NET-100", "Internet 100 Mb/s", ServiceKind.Internet, 449m),
        Tariff(3, "NET-300", "Internet 300 Mb/s", ServiceKind.Internet, 499m),
        Tariff(4, "NET-1000", "Internet 1 Gb/s", ServiceKind.Internet, 699m),
        Tariff(5, "TV-START", "Televize Start", ServiceKind.Iptv, 199m),
        Tariff(6, "TV-FULL", "Televize Plná", ServiceKind.Iptv, 349m),
        Tariff(7, "VOIP-FLAT", "Telefon Paušál", ServiceKind.Voip, 149m),
        Tariff(8, "WIFI-RENT", "Pronájem Wi-Fi routeru", ServiceKind.Rental, 59m),
        Tariff(9, "IP-PUBLIC", "Veřejná IP adresa", ServiceKind.Other, 99m),
        Tariff(10, "NET-FIRMA", "Internet Firma 300/300 Mb/s", ServiceKind.Internet, 1_490m, PriceMode.Net),
    ];

    public static readonly DunningPolicy DunningPolicy = new(
        "demo",
        [
            new DunningStep("first-reminder", 5, [Money.Czk(50m)], DunningActions.Email, 0),
            new DunningStep("second-reminder", 14, [Money.Czk(100m)], DunningActions.Email | DunningActions.Sms, 7),
            new DunningStep("throttle", 21, [Money.Czk(200m)], DunningActions.Throttle | DunningActions.Sms, 7, Profile: "slow-512k"),
            new DunningStep("block", 30, [Money.Czk(200m)], DunningActions.Block | DunningActions.Email, 7),
        ],
        ThankOnClearing: true);

    private static Tariff Tariff(int id, string code, string name, ServiceKind kind, decimal price, PriceMode mode = PriceMode.Gross) =>
        new(new TariffId(id), code, name, kind, mode, VatCategory.Standard, [new TariffVersion(PricesSince, Money.Czk(price))]);
}
