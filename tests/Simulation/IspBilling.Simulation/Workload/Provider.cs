using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Simulation.Running;

namespace IspBilling.Simulation.Workload;

/// <summary>The simulated provider: its tariffs and how they change, its two companies and who bills for them, its policy of reminding.</summary>
internal sealed class Provider
{
    /// <summary>Sold before its price is entered: who subscribes it is parked until then.</summary>
    public static readonly TariffId Unpriced = new(7);

    public static readonly IssuerId OtherCompany = new(2);

    private static readonly PostalAddress Address = new("Dlouhá 1", "Brno", "60200", "CZ");

    private readonly Dice _dice;
    private int _named;

    public Provider(Dice dice)
    {
        _dice = dice;
        Settings = new ProviderSettings(
            TariffCatalogue.Of(
                1,
                Sold(1, PriceMode.Gross, VatCategory.Standard, 499_00),
                Sold(2, PriceMode.Gross, VatCategory.Standard, 699_00),
                Sold(3, PriceMode.Net, VatCategory.Standard, 333_33),
                Sold(4, PriceMode.Gross, VatCategory.Reduced, 250_00),
                Sold(5, PriceMode.Net, VatCategory.Standard, 82_64),
                Sold(6, PriceMode.Gross, VatCategory.Standard, dice.Between(100_00, 900_00)),
                Sold(Unpriced.Value, PriceMode.Gross, VatCategory.Standard, 899_00, AccountLimits.LatestDate)),
            VatRates.Known,
            ImmutableDictionary<IssuerId, Issuer>.Empty
                .Add(IssuerId.Default, Company(IssuerId.Default, "CZ12345678", Billing(dice)) with { SupplyDating = dice.Pick([SupplyDating.Period, SupplyDating.BillingDay]) })
                .Add(OtherCompany, Company(OtherCompany, vatNumber: null, Billing(dice))),
            Policy(dice),
            dice.Pick([3, 6, 24]));
    }

    public ProviderSettings Settings { get; private set; }

    /// <summary>A price rises or falls, from a day that usually lies ahead; now and then it reaches back to what is invoiced.</summary>
    public ProviderSettings ChangePrice(DateOnly today)
    {
        var id = new TariffId(_dice.Between(1, 6));
        var from = today.AddDays(_dice.Between(-20, 60));
        var before = Settings.Catalogue[id];
        var price = new Money(before.Versions[^1].MonthlyPrice.Minor * _dice.Between(80, 130) / 100, Currency.Czk);
        var entered = new TariffVersion(from, price, Settings.Catalogue.Revision + 1, Reprices: _dice.Chance(0.3));
        return Replace(before with { Versions = [.. before.Versions.Append(entered).OrderBy(version => version.ValidFrom)] });
    }

    /// <summary>One of the companies leaves billing to its accounts from now on, or to people.</summary>
    public ProviderSettings ChangeBilling()
    {
        var company = Settings.Issuers[_dice.Pick([IssuerId.Default, OtherCompany])];
        var billing = company.Billing == IssuerBilling.ByRun ? IssuerBilling.ByReminder : IssuerBilling.ByRun;
        return Settings = Settings with { Issuers = Settings.Issuers.SetItem(company.Id, company with { Billing = billing }) };
    }

    /// <summary>The missing price is entered, valid since ever.</summary>
    public ProviderSettings Mend()
    {
        var before = Settings.Catalogue[Unpriced];
        return Replace(before with { Versions = [before.Versions[0] with { ValidFrom = AccountLimits.EarliestDate }] });
    }

    public AccountProfile Profile(long account, Dice dice)
    {
        var symbol = dice.Chance(0.6) ? new VariableSymbol(7_000_000 + account) : (VariableSymbol?)null;
        return new AccountProfile(
            dice.Chance(0.2) ? OtherCompany : IssuerId.Default, $"Client {account}", Address, null, null, $"client{account}@example.org", null,
            dice.Pick(["cs", "en"]), dice.Pick([DeliveryPreference.Email, DeliveryPreference.Portal, DeliveryPreference.Post]),
            symbol is not null && dice.Chance(0.4) ? SymbolPolicy.PerAccount : SymbolPolicy.PerDocument, symbol,
            dice.Pick([AllocationPolicy.NamedThenOldest, AllocationPolicy.OldestFirst]), dice.Pick([0, 7, 14, 21]));
    }

    private ProviderSettings Replace(Tariff tariff) => Settings = Settings with
    {
        Catalogue = new TariffCatalogue(Settings.Catalogue.Revision + 1, Settings.Catalogue.Tariffs.SetItem(tariff.Id, tariff)),
    };

    private static Tariff Sold(int id, PriceMode mode, VatCategory category, long minor, DateOnly? from = null) => new(
        new TariffId(id), $"T{id}", $"Tariff {id}", id % 3 == 0 ? ServiceKind.Rental : ServiceKind.Internet, mode, category,
        [new TariffVersion(from ?? AccountLimits.EarliestDate, new Money(minor, Currency.Czk))]);

    private static Issuer Company(IssuerId id, string? vatNumber, IssuerBilling billing) => new(
        id, 1, $"Company {id}", Address, "12345678", vatNumber, null, Currency.Czk,
        new IssuerBankAccount("19-2000145399/0800", "CZ6508000000192000145399", null), null, null, null)
    {
        Billing = billing,
    };

    private static IssuerBilling Billing(Dice dice) => dice.Chance(0.4) ? IssuerBilling.ByReminder : IssuerBilling.ByRun;

    /// <summary>
    /// The people who remind think of something else: a step goes, one is put in, nobody is blocked any more, small debts are left alone, or
    /// a policy of long ago comes back that restricts without a word.
    /// </summary>
    public ProviderSettings ChangePolicy()
    {
        var before = Settings.DunningPolicy;
        var steps = before.Steps;
        var at = _dice.Below(steps.Length + 1);
        var changed = _dice.Below(6) switch
        {
            0 when steps.Length > 1 => before with { Steps = steps.RemoveAt(Math.Min(at, steps.Length - 1)) },
            1 when steps.Length < DunningPolicy.MaxSteps => before with { Steps = steps.Insert(at, Inserted(steps, at)) },
            2 => before with { Steps = steps.RemoveAll(step => step.IsRestrictive) },
            3 => before with { Tolerance = _dice.Chance(0.5) ? null : [new Money(_dice.Pick([5_00, 200_00]), Currency.Czk)] },
            4 => before with { Steps = [.. steps.Where(step => !step.IsMessage || _dice.Chance(0.5))] },
            _ => Policy(_dice),
        };
        return Settings = Settings with { DunningPolicy = changed.Steps.IsEmpty ? Policy(_dice) : changed };
    }

    private DunningStep Inserted(ImmutableArray<DunningStep> steps, int at)
    {
        var neighbour = steps[Math.Min(at, steps.Length - 1)];
        var actions = _dice.Pick([DunningActions.Email, DunningActions.Sms, DunningActions.Throttle, DunningActions.Email | DunningActions.Block]);
        return new DunningStep(
            $"new{++_named}", neighbour.DaysOverdue, neighbour.MinimumDebt, actions, _dice.Between(0, 7),
            Profile: (actions & DunningActions.Throttle) != DunningActions.None ? "2M" : null);
    }

    private static DunningPolicy Policy(Dice dice)
    {
        var smallest = new Money(dice.Pick([1, 100_00, 300_00]), Currency.Czk);
        var first = dice.Between(1, 7);
        return new DunningPolicy(
            "drawn",
            [
                new DunningStep("first", first, [smallest], DunningActions.Email, 0),
                new DunningStep("second", first + 9, [smallest], DunningActions.Email | DunningActions.Sms | DunningActions.Fee, dice.Between(0, 7), Fee: [Money.Czk(50)]),
                new DunningStep("slow", first + 16, [smallest + Money.Czk(50)], DunningActions.Email | DunningActions.Throttle, dice.Between(1, 7), Profile: "1M"),
                new DunningStep("block", first + 25, [smallest + Money.Czk(50)], DunningActions.Block, dice.Between(1, 7)),
                new DunningStep("collect", first + 60, [smallest + Money.Czk(200)], DunningActions.NotifyCollections, 10),
            ],
            dice.Chance(0.5))
        {
            NoticeDays = dice.Pick([0, 3, 7]),
        };
    }
}
