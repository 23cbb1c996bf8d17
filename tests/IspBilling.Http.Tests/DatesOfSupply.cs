using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>The issuer's choice of the date of supply, and what follows from it.</summary>
public sealed class DatesOfSupply(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task A_new_issuer_dates_by_the_day_of_billing_until_somebody_says_otherwise()
    {
        Assert.Equal("billingDay", (await _crm.Put("/v1/issuers/31", Issuer())).Must(201).Text("supplyDating"));
        Assert.Equal("period", (await _crm.Put("/v1/issuers/31", Issuer("period"))).Must(200).Text("supplyDating"));
        Assert.Equal("period", (await _crm.Put("/v1/issuers/31", Issuer())).Must(200).Text("supplyDating"));
    }

    [Fact]
    public async Task By_the_period_two_months_billed_late_are_two_documents_and_each_months_tax_is_its_own()
    {
        (await _crm.Put("/v1/issuers/32", Issuer("period", "CZ6907101781240000004159"))).Must(201);
        (await _crm.Put("/v1/clients/DS-1", new { name = "Late", address = Address, issuer = 32 })).Must(201);
        (await _crm.Put("/v1/clients/DS-1/services/S", new { tariff = "HOME", start = "2026-01-01", end = "2026-03-01", timing = "inArrears" })).Must(200);
        var run = (await _crm.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-01", clients = new[] { "DS-1" } })).Must(202).Text("id");
        while ((await _crm.Get($"/v1/billing-runs/{run}")).Must(200).Text("status") == "running") await Task.Delay(20);

        var documents = (await _crm.Get("/v1/clients/DS-1/documents")).Must(200);
        Assert.Equal(["2026-02-28", "2026-01-31"], documents["items"].EnumerateArray().Select(document => document.GetProperty("suppliedOn").GetString()));
        Assert.Equal(2, (await _crm.Get($"/v1/billing-runs/{run}")).Must(200)["documents"].GetInt32());

        var revenue = (await _crm.Get("/v1/reports/revenue?from=2026-01-01&to=2026-03-01")).Must(200);
        var months = revenue["months"].EnumerateArray().Where(month => month.GetProperty("issuer").GetInt32() == 32).ToList();
        Assert.Equal(["2026-01-01", "2026-02-01", "2026-03-01"], months.Select(month => month.GetProperty("month").GetString()));
        Assert.Equal(["86.60", "86.60"], months.Take(2).Select(month => month.GetProperty("supplied")[0].GetProperty("vat").GetProperty("amount").GetString()));
        Assert.Equal([0, 0, 1], months.Select(month => month.GetProperty("rates").GetArrayLength()));
        Assert.Equal("173.20", months[2].GetProperty("vat").GetProperty("amount").GetString());
    }

    private static object Issuer(string? supplyDating = null, string iban = "CZ9320100000002000145399") => supplyDating is null
        ? new { name = "Third Net s.r.o.", address = Address, companyNumber = "12345679", vatNumber = "CZ12345679", bankAccount = new { iban } }
        : new { name = "Third Net s.r.o.", address = Address, companyNumber = "12345679", vatNumber = "CZ12345679", bankAccount = new { iban }, supplyDating, reason = "the tax office" };

    private static object Address => new { street = "Long 1", city = "Brno", postalCode = "602 00" };
}
