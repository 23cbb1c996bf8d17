using System.Text;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>A provider with a Czech and a Slovak company is told what each currency comes to.</summary>
public sealed class TwoCurrencies(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _clerk = engine.Operator;

    [Fact]
    public async Task Runs_and_statements_are_summed_by_currency()
    {
        (await _clerk.Put("/v1/issuers/2", new
        {
            name = "Naša sieť s.r.o.", address = new { street = "Dlhá 1", city = "Bratislava", postalCode = "811 01", country = "SK" }, companyNumber = "12345678",
            currency = "EUR", bankAccount = new { iban = "SK3112000000198742637541" },
        })).Must(201);
        (await _clerk.Put("/v1/tariffs/DOMA", new { name = "Doma", versions = new[] { new { validFrom = "2020-01-01", monthlyPrice = Eur("20.00") } } })).Must(201);
        (await _clerk.Put("/v1/dunning-policy", new { name = "nobody is reminded here", reason = "a provider that reminds nobody", steps = Array.Empty<object>() })).Must(200);
        await Client("CZ-1", 1, "HOME", "701");
        await Client("SK-1", 2, "DOMA", "702");
        await Client("SK-2", 2, "DOMA", "703");

        var started = (await _clerk.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-31" })).Must(202);
        var run = await engine.Ended(started.Text("id")!);

        Assert.Equal(System.Text.Json.JsonValueKind.Null, run["total"].ValueKind);
        Assert.Equal([("499.00", "CZK"), ("40.00", "EUR")], Amounts(run, "totals"));
        Assert.Equal([("499.00", "CZK"), ("40.00", "EUR")], Amounts((await _clerk.Get("/v1/billing-runs")).Must(200), "items[0].totals"));
        var items = (await _clerk.Get($"/v1/billing-runs/{run.Text("id")}/items")).Must(200)["items"].EnumerateArray()
            .Select(item => (item.GetProperty("client").GetString(), item.GetProperty("total").GetProperty("currency").GetString()));
        Assert.Equal([("CZ-1", "CZK"), ("SK-1", "EUR"), ("SK-2", "EUR")], items);

        var import = (await _clerk.Send(HttpMethod.Post, "/v1/statements", new ByteArrayContent(Statement("701", "600,00")))).Must(201);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, import["matchedTotal"].ValueKind);
        Assert.Equal([("600.00", "CZK")], Amounts(import, "matchedTotals"));
        Assert.Equal([("600.00", "CZK")], Amounts((await _clerk.Get("/v1/statements")).Must(200), "items[0].matchedTotals"));

        // What was paid too much is credit, in the report as on the card.
        Assert.Equal("101.00", (await _clerk.Get("/v1/clients/CZ-1")).Must(200).Amount("credit"));
        var receivables = (await _clerk.Get("/v1/reports/receivables")).Must(200);
        Assert.Equal(("101.00", "-101.00"), (receivables.Amount("totals[0].amounts.credit"), receivables.Amount("totals[0].amounts.total")));
        Assert.Equal(("0.00", "40.00"), (receivables.Amount("totals[1].amounts.credit"), receivables.Amount("totals[1].amounts.total")));
        Assert.Equal(["SK-1", "SK-2"], receivables["clients.items"].EnumerateArray().Select(row => row.GetProperty("client").GetString()));
    }

    private async Task Client(string reference, int issuer, string tariff, string symbol)
    {
        (await _clerk.Put($"/v1/clients/{reference}", new
        {
            name = reference, address = new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" }, issuer, symbolPolicy = "perAccount", accountSymbol = symbol,
        })).Must(201);
        (await _clerk.Put($"/v1/clients/{reference}/services/S", new { tariff, start = "2026-03-01" })).Must(200);
    }

    private static object Eur(string amount) => new { amount, currency = "EUR" };

    private static (string?, string?)[] Amounts(Answer answer, string path) =>
        [.. answer[path].EnumerateArray().Select(amount => (amount.GetProperty("amount").GetString(), amount.GetProperty("currency").GetString()))];

    private static byte[] Statement(string symbol, string amount) => Encoding.UTF8.GetBytes(
        $"""
        accountId;19-2000145399
        bankId;0800
        currency;CZK
        openingBalance;0,00
        closingBalance;{amount}
        dateStart;01.03.2026
        dateEnd;01.03.2026

        ID operace;Datum;Objem;Měna;Protiúčet;Kód banky;VS;Typ
        26000000001;01.03.2026;{amount};CZK;1000000005;0300;{symbol};Bezhotovostní příjem

        """);
}
