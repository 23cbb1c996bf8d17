using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>What can be seen to be wrong with a client or an issuer is refused; whoever was stored so before goes on, and is listed.</summary>
public sealed class Particulars(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Theory]
    [InlineData("XX", null, "address.country")]
    [InlineData("cz", null, "address.country")]
    [InlineData("CZE", null, "address.country")]
    [InlineData("CZ", "CZ12345678", "vatNumber")]
    [InlineData("CZ", "12345679", "vatNumber")]
    [InlineData("SK", "SK2020273894", "vatNumber")]
    [InlineData("DE", "DE12345678", "vatNumber")]
    public async Task A_client_who_cannot_be_so_is_refused(string country, string? vatNumber, string field)
    {
        var refused = (await _crm.Put("/v1/clients/P-NEW", Client(country, vatNumber))).MustBeProblem(400, "invalid-request");
        Assert.True(refused["errors"].TryGetProperty(field, out _), refused.Body);
    }

    [Theory]
    [InlineData("CZ", "CZ12345679")]
    [InlineData("CZ", "cz 12345679")]
    [InlineData("SK", "SK2020273893")]
    [InlineData("CH", "CHE-123.456.788 MWST")]
    [InlineData("GR", "EL123456789")]
    public async Task A_client_who_can_be_so_is_stored(string country, string vatNumber) =>
        (await _crm.Put($"/v1/clients/P-{country}-{vatNumber.Length}", Client(country, vatNumber))).Must(200, 201);

    [Theory]
    [InlineData("ABC")]
    [InlineData("JPY")]
    [InlineData("czk")]
    public async Task An_unknown_currency_is_refused(string currency)
    {
        (await _crm.Put("/v1/issuers/31", RunningEngine.Issuer(currency))).MustBeProblem(400, "invalid-request");
        (await _crm.Put("/v1/tariffs/ODD", new
        {
            name = "Odd", versions = new[] { new { validFrom = "2026-01-01", monthlyPrice = new { amount = "1.00", currency } } },
        })).MustBeProblem(400, "invalid-request");
    }

    [Theory]
    [InlineData("CZ6508000000192000145399", "19-2000145399/0800", null)]
    [InlineData("CZ6508000000192000145399", "000019-2000145399/0800", null)]
    [InlineData("CZ6508000000192000145399", "2000145399/0800", "the IBAN is of another account: 19-2000145399/0800")]
    [InlineData("CZ6508000000192000145399", "19-2000145399/0300", "the IBAN is of another account: 19-2000145399/0800")]
    [InlineData("SK3112000000198742637541", "19-8742637541/1200", null)]
    [InlineData("SK3112000000198742637541", "8742637541/1200", "the IBAN is of another account: 19-8742637541/1200")]
    [InlineData("DE89370400440532013000", "532013000, Bank 37040044", null)]
    public async Task An_account_must_be_the_one_of_its_IBAN(string iban, string account, string? expected)
    {
        var answer = await _crm.Put("/v1/issuers/1", new
        {
            name = "Iban", address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, companyNumber = "12345679",
            bankAccount = new { iban, account }, reason = "no VAT payer any more",
        });

        if (expected is null) answer.Must(200, 201);
        else Assert.Equal(expected, answer.MustBeProblem(400)["errors"].GetProperty("bankAccount.account")[0].GetString());
    }

    [Fact]
    public async Task A_client_stored_before_the_rule_is_listed_and_goes_on()
    {
        await Store("P-OLD", country: "XX", vatNumber: "CZ12345678", email: null);

        var pushed = (await _crm.Put("/v1/clients/P-OLD", Client("XX", "CZ12345678", "Renamed"))).Must(200);
        Assert.Equal("CZ12345678", pushed.Text("vatNumber"));
        (await _crm.Put("/v1/clients/P-OLD", Client("XY", "CZ12345678", "Renamed"))).MustBeProblem(400);
        (await _crm.Put("/v1/clients/P-OLD/services/S", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
        Assert.Equal(1, (await engine.Issue("P-OLD", "2026-03-01"))["issued"].GetInt32());

        var found = (await _crm.Get("/v1/checks/before-billing")).Must(200)["items"].EnumerateArray()
            .Where(item => item.GetProperty("client").GetString() == "P-OLD").Select(item => item.GetProperty("check").GetString());
        Assert.Equal(["unknownCountry", "malformedVatNumber"], found);
    }

    [Fact]
    public async Task An_issuer_stored_before_the_rule_tells_what_is_wrong_with_it_before_its_clients_are_billed()
    {
        const string otherAccount = "account 2000145399/0800 is stated with the IBAN of another account: 19-2000145399/0800";
        var account = new IssuerBankAccount("2000145399/0800", "CZ6508000000192000145399", null);
        var issuer = new Issuer(
            new IssuerId(41), 0, "Netz GmbH", new PostalAddress("Hauptstraße 1", "Berlin", "10115", "DE"), "12345", "DE123456789", null, Currency.Czk,
            new IssuerBankAccount(null, "DE89370400440532013000", null), null, null, null)
        {
            FurtherAccounts = [account],
        };
        await engine.Host.Services.GetRequiredService<SettingsDesk>().Change(store => store.PutIssuer(issuer, Authorship.OfSystem("test", DateTimeOffset.UnixEpoch), default), default);

        var view = (await _crm.Get("/v1/issuers/41")).Must(200);
        Assert.Equal(["address.country", "furtherAccounts[0].account"], view["problems"].EnumerateArray().Select(problem => problem.GetProperty("field").GetString()));
        Assert.Equal(otherAccount, view.Text("problems[1].reason"));
        Assert.Equal(
            [
                "Issuer 41: the VAT rates of 'DE' are not known, so that its clients cannot be billed; known: CZ, SK.",
                $"Issuer 41: {otherAccount}.",
            ],
            (await _crm.Get("/v1/checks/before-billing?issuer=41")).Must(200)["provider"].EnumerateArray().Select(problem => problem.GetString()));

        // It is as it says.
        (await _crm.Put("/v1/clients/P-DE", new { name = "Jan", issuer = 41, address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, delivery = "portal" })).Must(201);
        (await _crm.Put("/v1/clients/P-DE/services/S", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
        Assert.Equal(1, (await engine.Issue("P-DE", "2026-03-01"))["parked"].GetInt32());
        Assert.Empty((await _crm.Get("/v1/issuers/1")).Must(200)["problems"].EnumerateArray());
    }

    [Fact]
    public async Task A_client_whose_symbol_an_invoice_may_get_goes_on_with_it_and_is_listed()
    {
        await Store("P-SYM", country: "CZ", vatNumber: "CZ12345679", email: null, symbol: 2_600_700_000);
        var particulars = new { name = "Renamed", address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, delivery = "portal", accountSymbol = "2600700000" };
        (await _crm.Put("/v1/clients/P-SYM", particulars)).Must(200);

        var found = Assert.Single((await _crm.Get("/v1/checks/before-billing?check=symbolIsDocumentNumber")).Must(200)["items"].EnumerateArray());
        Assert.Equal("P-SYM", found.GetProperty("client").GetString());
        Assert.StartsWith("symbol 2600700000 lies among the numbers that invoices get", found.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task Store(string reference, string country, string vatNumber, string? email, long? symbol = null)
    {
        var account = await engine.Host.Services.GetRequiredService<ClientDirectory>().GetOrCreate(reference, default);
        var profile = new AccountProfile(
            IssuerId.Default, "Stored before", new PostalAddress("Dlouhá 1", "Praha", "110 00", country), null, vatNumber, email, null, "cs",
            DeliveryPreference.Portal, SymbolPolicy.PerDocument, symbol is { } own ? new VariableSymbol(own) : null, AllocationPolicy.NamedThenOldest, 14);
        var reply = await engine.Host.Services.GetRequiredService<IAccounts>()
            .Ask(account, new Envelope(CommandIds.Derive("test", reference), new SetProfile(profile), Actor.System("an earlier release")), default);
        Assert.IsType<ClientCreated>(reply);
    }

    private static object Client(string country, string? vatNumber, string name = "Jan Novák") => new
    {
        name, address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00", country }, vatNumber, delivery = "portal",
    };
}
