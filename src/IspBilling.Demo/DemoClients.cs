using System.Globalization;
using Bogus;
using IspBilling.Domain;

namespace IspBilling.Demo;

/// <summary>One made-up client, as the CRM would push it.</summary>
public sealed record DemoClient(string Reference, IReadOnlyList<AccountCommand> Commands);

/// <param name="Month">First day of the month that is billed.</param>
/// <param name="Plain">For load tests: every service monthly from the first of the month, no special prices or items.</param>
/// <param name="Spread">How many services clients have.</param>
/// <param name="Issuers">How many issuers they are divided among, one after the other.</param>
public sealed record DemoPopulation(
    int Count, int Seed, DateOnly Month, bool Plain = false, ServiceSpread Spread = ServiceSpread.Household, int Issuers = 1);

public enum ServiceSpread
{
    /// <summary>One to three.</summary>
    Household,

    /// <summary>Three on average: mostly one to three, some up to eight, and one client in two thousand has a hundred to three hundred.</summary>
    Provider,
}

/// <summary>
/// Clients as a Czech provider has them: mostly households with one to three services billed monthly in advance, some firms,
/// some quarterly or annual, some that joined in mid-month, some with an agreed price. The same seed makes the same clients.
/// </summary>
public static class DemoClients
{
    /// <summary>Days that everybody has to pay.</summary>
    public const int DueDays = 14;

    public static IEnumerable<DemoClient> Generate(DemoPopulation population)
    {
        var faker = new Faker("cz") { Random = new Randomizer(population.Seed) };
        for (var i = 1; i <= population.Count; i++)
        {
            var reference = string.Create(CultureInfo.InvariantCulture, $"K{i:000000}");
            yield return new DemoClient(reference, [.. Commands(faker.Random, faker, population, i)]);
        }
    }

    private static IEnumerable<AccountCommand> Commands(Randomizer random, Faker faker, DemoPopulation population, int index)
    {
        var isFirm = random.Bool(0.12f);
        yield return new SetProfile(Profile(random, faker, isFirm, index) with { Issuer = new IssuerId(1 + (index % population.Issuers)) });
        var number = 0;
        foreach (var tariff in Tariffs(random, isFirm, population.Spread))
        {
            var reference = string.Create(CultureInfo.InvariantCulture, $"S{++number}");
            var start = Start(random, population);
            yield return new PutService(
                reference, start, End: null, tariff, Quantity.One, Cycle(random, population, start), Timing(random, population), EffectiveFrom: null);
            if (population.Plain) continue;
            if (random.Bool(0.08f)) yield return Agreement(random, reference, start);
        }

        if (!population.Plain && random.Bool(0.06f)) yield return Item(random, population.Month);
    }

    private static AccountProfile Profile(Randomizer random, Faker faker, bool isFirm, int index)
    {
        var symbolPolicy = random.Bool(0.7f) ? SymbolPolicy.PerDocument : SymbolPolicy.PerAccount;
        var companyNumber = isFirm ? random.Int(10_000_000, 99_999_999).ToString(CultureInfo.InvariantCulture) : null;
        return new AccountProfile(
            IssuerId.Default,
            isFirm ? $"{faker.Name.LastName()} {random.ArrayElement(["s.r.o.", "a.s.", "v.o.s."])}" : $"{faker.Name.FirstName()} {faker.Name.LastName()}",
            new PostalAddress(
                string.Create(CultureInfo.InvariantCulture, $"{faker.Address.StreetName()} {random.Int(1, 180)}"),
                faker.Address.City(),
                random.Replace("### ##"),
                "CZ"),
            companyNumber,
            companyNumber is null ? null : $"CZ{companyNumber}",
            random.Bool(0.9f) ? string.Create(CultureInfo.InvariantCulture, $"klient{index}@example.org") : null,
            random.Bool(0.8f) ? random.Replace("+420 7## ### ###") : null,
            random.Bool(0.97f) ? "cs" : "en",
            random.WeightedRandom([DeliveryPreference.Email, DeliveryPreference.Portal, DeliveryPreference.Post], [0.85f, 0.1f, 0.05f]),
            symbolPolicy,
            symbolPolicy == SymbolPolicy.PerAccount ? new VariableSymbol(7_000_000 + index) : null,
            AllocationPolicy.NamedThenOldest,
            DueDays);
    }

    private static List<TariffId> Tariffs(Randomizer random, bool isFirm, ServiceSpread spread)
    {
        var services = spread == ServiceSpread.Household ? random.WeightedRandom([1, 2, 3], [0.45f, 0.35f, 0.2f]) : ServicesOfProvider(random);
        var tariffs = new List<TariffId> { isFirm ? new TariffId(10) : new TariffId(random.WeightedRandom([1, 2, 3, 4], [0.2f, 0.3f, 0.35f, 0.15f])) };
        var additions = random.Shuffle([5, 6, 7, 8, 9]).ToArray();
        for (var i = 0; i < services - 1; i++) tariffs.Add(new TariffId(additions[i % additions.Length]));
        return tariffs;
    }

    private static int ServicesOfProvider(Randomizer random) =>
        random.Int(1, 2_000) == 1 ? random.Int(100, 300) : random.WeightedRandom([1, 2, 3, 4, 5, 8], [0.2f, 0.25f, 0.3f, 0.1f, 0.1f, 0.05f]);

    private static DateOnly Start(Randomizer random, DemoPopulation population) =>
        population.Plain || random.Bool(0.85f) ? population.Month : population.Month.AddDays(random.Int(1, 20));

    private static BillingCycle Cycle(Randomizer random, DemoPopulation population, DateOnly start)
    {
        if (population.Plain) return BillingCycle.Monthly;
        var months = random.WeightedRandom([1, 3, 6, 12], [0.85f, 0.08f, 0.02f, 0.05f]);
        return random.Bool(0.9f) ? new BillingCycle(months) : new BillingCycle(months, start.Day);
    }

    private static BillingTiming Timing(Randomizer random, DemoPopulation population) =>
        population.Plain || random.Bool(0.9f) ? BillingTiming.InAdvance : BillingTiming.InArrears;

    private static PutSpecialPrice Agreement(Randomizer random, string service, DateOnly start) => random.Bool()
        ? new PutSpecialPrice(service, "sleva", start, start.AddMonths(6), null, random.ArrayElement([1000, 1500, 2000]), "sleva 6 měsíců za úvazek")
        : new PutSpecialPrice(service, "dohoda", start, null, Money.Czk(random.ArrayElement([249m, 299m, 399m])), null, "cena dohodnutá obchodníkem");

    private static AddOneOff Item(Randomizer random, DateOnly month)
    {
        var (text, price) = random.ArrayElement([("Instalace přípojky", 990m), ("Výjezd technika", 450m), ("Wi-Fi router", 1_290m), ("Kompenzace výpadku", -100m)]);
        return new AddOneOff("polozka-1", month.AddDays(random.Int(0, 10)), text, Quantity.One, Money.Czk(price), PriceMode.Gross, VatCategory.Standard);
    }
}
