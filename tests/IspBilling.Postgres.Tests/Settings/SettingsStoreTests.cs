using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;

namespace IspBilling.Postgres.Tests.Settings;

public sealed class SettingsStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TariffVersion January = new(new DateOnly(2026, 1, 1), Money.Czk(499));
    private static readonly TariffVersion June = new(new DateOnly(2026, 6, 1), Money.Czk(549));
    private static readonly Authorship By = Authorship.OfSystem("test", new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero));
    private TestDatabase database = null!;
    private SettingsStore store = null!;

    public async Task InitializeAsync()
    {
        database = await postgres.NewDatabase(MigrationSet.OfProgram);
        store = new SettingsStore(database.Source);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_fresh_database_has_an_empty_catalogue_and_reminds_nobody()
    {
        var settings = await store.Load(default);

        Assert.Equal(0, settings.Catalogue.Revision);
        Assert.Empty(settings.Catalogue.Tariffs);
        Assert.Empty(settings.Issuers);
        Assert.Empty(settings.DunningPolicy.Steps);
        Assert.Equal(ProviderSettings.DefaultCorrectionHorizonMonths, settings.CorrectionHorizonMonths);
    }

    [Fact]
    public async Task An_issuer_stored_before_there_was_a_choice_bills_by_run_and_dates_by_the_period()
    {
        await database.Execute(
            """
            INSERT INTO issuers (id, revision, definition) VALUES (1, 3,
                '{"id":1,"revision":3,"name":"Example Net s.r.o.","address":{"street":"Long 1","city":"Brno","postalCode":"60200","country":"CZ"},"companyNumber":"12345678","currency":"CZK","bankAccount":{"iban":"CZ6508000000192000145399"}}')
            """);

        var issuer = (await store.Load(default)).Issuers[IssuerId.Default];

        Assert.Equal(("Example Net s.r.o.", IssuerBilling.ByRun, SupplyDating.Period), (issuer.Name, issuer.Billing, issuer.SupplyDating));
        Assert.Equal(3, (await store.PutIssuer(issuer, By, default)).Revision);
    }

    [Fact]
    public async Task Who_bills_is_stored_with_each_revision_of_the_issuer()
    {
        await database.Execute(
            """
            INSERT INTO issuers (id, revision, definition) VALUES (1, 1,
                '{"id":1,"revision":1,"name":"Example Net s.r.o.","address":{"street":"Long 1","city":"Brno","postalCode":"60200","country":"CZ"},"companyNumber":"12345678","currency":"CZK","bankAccount":{"iban":"CZ6508000000192000145399"}}')
            """);
        var issuer = (await store.Load(default)).Issuers[IssuerId.Default];

        var changed = await store.PutIssuer(issuer with { Billing = IssuerBilling.ByReminder }, By, default);

        Assert.Equal((2, IssuerBilling.ByReminder), (changed.Revision, (await store.Load(default)).Issuers[IssuerId.Default].Billing));
        Assert.Equal(IssuerBilling.ByRun, (await store.FindIssuer(IssuerId.Default, 1, default))!.Billing);
    }

    [Fact]
    public async Task A_tariff_is_loaded_as_it_was_put()
    {
        var put = await store.PutTariff(Fibre(January, June), By, default);

        var settings = await store.Load(default);
        var loaded = settings.Catalogue[put.Id];
        Assert.Equal(put with { Versions = loaded.Versions }, loaded);
        Assert.Equal([January with { Revision = 1 }, June with { Revision = 1 }], loaded.Versions.AsEnumerable());
        Assert.Equal(1, settings.Catalogue.Revision);
    }

    [Fact]
    public async Task The_same_tariff_again_changes_nothing()
    {
        var first = await store.PutTariff(Fibre(January, June), By, default);
        var again = await store.PutTariff(Fibre(June, January), By, default);

        Assert.Equal(first.Id, again.Id);
        Assert.Equal(1, (await store.Load(default)).Catalogue.Revision);
    }

    [Fact]
    public async Task A_new_price_is_added_one_of_the_same_day_stands_beside_it_and_none_disappears()
    {
        await store.PutTariff(Fibre(January), By, default);

        await store.PutTariff(Fibre(June), By, default);
        var corrected = await store.PutTariff(Fibre(June with { MonthlyPrice = Money.Czk(559) }), By, default);

        Assert.Equal(
            [January with { Revision = 1 }, June with { Entered = 2, Revision = 2 }, June with { MonthlyPrice = Money.Czk(559), Entered = 3, Revision = 3 }],
            corrected.Versions.AsEnumerable());
        Assert.Equal(3, (await store.Load(default)).Catalogue.Revision);
    }

    [Fact]
    public async Task A_price_that_is_there_may_be_said_to_reach_back_and_stays_so()
    {
        await store.PutTariff(Fibre(January), By, default);
        await store.PutTariff(Fibre(June), By, default);

        var repriced = await store.PutTariff(Fibre(June with { Reprices = true }), By, default);
        var again = await store.PutTariff(Fibre(June), By, default);

        Assert.Equal(
            [January with { Revision = 1 }, June with { Entered = 2, Revision = 2 }, June with { Entered = 3, Reprices = true, Revision = 3 }],
            repriced.Versions.AsEnumerable());
        Assert.Equal(repriced.Versions.AsEnumerable(), again.Versions.AsEnumerable());
        Assert.Equal(3, (await store.Load(default)).Catalogue.Revision);
    }

    [Fact]
    public async Task A_tariff_of_an_earlier_release_put_again_stays_as_it_is_stored()
    {
        const string stored =
            """
            {"id":1,"code":"FIBRE","name":"Fibre","kind":"Internet","priceMode":"Gross","vatCategory":"Standard","versions":[{"validFrom":"2026-01-01","monthlyPrice":"499.00 CZK"}]}
            """;
        await database.Execute($"INSERT INTO tariffs (id, code, definition) VALUES (1, 'FIBRE', '{stored}')");
        var before = (await store.Load(default)).Catalogue[new TariffId(1)];

        await store.PutTariff(new TariffTerms(before.Code, before.Name, before.Kind, before.PriceMode, before.VatCategory, before.Versions), By, default);

        Assert.Equal(0, (await store.Load(default)).Catalogue.Revision);
        Assert.Equal(new TariffVersion(new DateOnly(2026, 1, 1), Money.Czk(499)), Assert.Single(before.Versions));
    }

    [Fact]
    public async Task Every_change_gives_the_catalogue_a_revision_of_its_own_also_when_many_write_at_once()
    {
        var tariffs = await Task.WhenAll(Enumerable.Range(1, 12).Select(i => store.PutTariff(Fibre(January) with { Code = $"T{i % 6}", Name = $"{i}" }, By, default)));

        Assert.Equal(6, tariffs.Select(tariff => tariff.Id).Distinct().Count());
        var catalogue = (await store.Load(default)).Catalogue;
        Assert.Equal((12, 6), (catalogue.Revision, catalogue.Tariffs.Count));
    }

    [Fact]
    public async Task Prices_in_two_currencies_or_for_the_same_day_twice_are_no_tariff()
    {
        await store.PutTariff(Fibre(January), By, default);

        await Assert.ThrowsAsync<ArgumentException>(() => store.PutTariff(Fibre(June with { MonthlyPrice = Money.Eur(20) }), By, default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.PutTariff(Fibre(June, June), By, default));
        await Assert.ThrowsAsync<ArgumentException>(() => store.PutTariff(Fibre(), By, default));
        Assert.Equal(1, (await store.Load(default)).Catalogue.Revision);
    }

    [Fact]
    public async Task A_changed_issuer_gets_a_new_revision_and_the_old_one_stays_for_what_was_printed()
    {
        var first = await store.PutIssuer(Provider, By, default);
        var same = await store.PutIssuer(Provider with { Revision = 99 }, By, default);
        var moved = await store.PutIssuer(Provider with { Address = Provider.Address with { City = "Brno" } }, By, default);

        Assert.Equal([1, 1, 2], [first.Revision, same.Revision, moved.Revision]);
        Assert.Equal("Brno", (await store.Load(default)).Issuers[IssuerId.Default].Address.City);
        Assert.Equal(first, await store.FindIssuer(IssuerId.Default, 1, default));
        Assert.Null(await store.FindIssuer(IssuerId.Default, 3, default));
    }

    [Fact]
    public async Task An_issuers_currency_cannot_change()
    {
        await store.PutIssuer(Provider, By, default);

        await Assert.ThrowsAsync<ArgumentException>(() => store.PutIssuer(Provider with { Currency = Currency.Eur }, By, default));
    }

    [Fact]
    public async Task The_dunning_policy_and_the_horizon_are_loaded_as_they_were_put()
    {
        var step = new DunningStep("first", 5, [Money.Czk(100)], DunningActions.Email | DunningActions.Sms, 0);
        await store.PutDunningPolicy(new DunningPolicy("usual", [step], ThankOnClearing: true), By, default);
        await store.PutCorrectionHorizon(36, By, default);

        var settings = await store.Load(default);
        Assert.Equal([step], settings.DunningPolicy.Steps.AsEnumerable());
        Assert.Equal(("usual", true, 36), (settings.DunningPolicy.Name, settings.DunningPolicy.ThankOnClearing, settings.CorrectionHorizonMonths));
    }

    private static readonly Issuer Provider = new(
        IssuerId.Default, 0, "Provider s.r.o.", new PostalAddress("Dlouhá 1", "Praha", "110 00", "CZ"), "12345678", "CZ12345678", null, Currency.Czk,
        new IssuerBankAccount("123-456789/0100", "CZ6508000000192000145399", null), null, null, null);

    private static TariffTerms Fibre(params TariffVersion[] versions) =>
        new("FIBRE-500", "Optika 500", ServiceKind.Internet, PriceMode.Gross, VatCategory.Standard, [.. versions]);
}
