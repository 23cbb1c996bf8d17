using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>What changes after it was invoiced comes back as a credit note that explains itself.</summary>
public sealed class Corrections(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task A_lower_price_from_a_past_day_is_credited_and_explained()
    {
        await Invoiced("K-1");
        (await _crm.Put("/v1/clients/K-1/services/S/special-prices/VIP", new { from = "2026-02-01", monthlyPrice = RunningEngine.Czk("399.00"), reason = "promised in January" })).Must(204);
        await Issue("K-1");

        var note = (await _crm.Get("/v1/clients/K-1/documents?limit=1")).Must(200);
        Assert.Equal("creditNote", note.Text("items[0].kind"));
        Assert.Equal("-200.00", note.Amount("items[0].total"));
        var number = note.Text("items[0].number")!;
        var document = (await _crm.Get($"/v1/documents/{number}")).Must(200);
        Assert.Equal("price-changed", document.Text("correction"));

        var explanation = (await _crm.Get($"/v1/documents/{number}/lines/1/explanation")).Must(200);
        Assert.Equal("promised in January", explanation.Text("specialPrice.reason"));
        Assert.Equal("399.00 CZK; charged before 499.00; difference 399.00 − 499.00 = -100.00 CZK", explanation.Text("formula"));
        Assert.Equal(document.Text("lines[0].corrects.document"), explanation.Text("corrects.document"));
        Assert.Equal("the price of a period charged before turned out lower", explanation.Text("corrects.why"));
        Assert.Equal("special-price-agreed.v1", explanation.Text("cause.what"));
    }

    [Fact]
    public async Task A_special_price_that_was_removed_is_what_made_the_surcharge()
    {
        (await _crm.Put("/v1/clients/K-4", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/K-4/services/S", new { tariff = "HOME", start = "2026-02-01" })).Must(200);
        (await _crm.Put("/v1/clients/K-4/services/S/special-prices/VIP", new { from = "2026-02-01", monthlyPrice = RunningEngine.Czk("399.00"), reason = "loyal" })).Must(204);
        await Issue("K-4");
        (await _crm.Delete("/v1/clients/K-4/services/S/special-prices/VIP")).Must(204);
        await Issue("K-4");

        var invoice = (await _crm.Get("/v1/clients/K-4/documents?limit=1")).Must(200);
        Assert.Equal("200.00", invoice.Amount("items[0].total"));
        var explanation = (await _crm.Get($"/v1/documents/{invoice.Text("items[0].number")}/lines/1/explanation")).Must(200);
        Assert.Equal("special-price-removed.v1", explanation.Text("cause.what"));
        Assert.Equal("499.00 CZK; charged before 399.00; difference 499.00 − 399.00 = 100.00 CZK", explanation.Text("formula"));
        Assert.Equal("VIP", explanation.Text("before.specialPrice"));
    }

    [Fact]
    public async Task A_smaller_quantity_is_credited_for_that_reason()
    {
        (await _crm.Put("/v1/clients/K-6", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/K-6/services/S", new { tariff = "HOME", start = "2026-02-01", quantity = 3 })).Must(200);
        await Issue("K-6");
        (await _crm.Put("/v1/clients/K-6/services/S", new { tariff = "HOME", start = "2026-02-01", quantity = 1, effectiveFrom = "2026-03-01" })).Must(200);
        await Issue("K-6");

        var number = (await _crm.Get("/v1/clients/K-6/documents?limit=1")).Must(200).Text("items[0].number");
        var note = (await _crm.Get($"/v1/documents/{number}")).Must(200);
        Assert.Equal(("creditNote", "quantity-changed", "-998.00"), (note.Text("kind"), note.Text("correction"), note.Amount("total")));
        var explanation = (await _crm.Get($"/v1/documents/{number}/lines/1/explanation")).Must(200);
        Assert.Equal(("quantity-changed", "another quantity applies to a period charged before"), (explanation.Text("correction"), explanation.Text("because")));
    }

    [Fact]
    public async Task A_catalogue_that_reprices_what_was_invoiced_is_named_as_the_cause()
    {
        (await _crm.Put("/v1/clients/K-7", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/tariffs/DEARER", new { name = "Net", versions = new[] { new { validFrom = "2026-01-01", monthlyPrice = RunningEngine.Czk("499.00"), repriceInvoiced = false } } })).Must(200, 201, 204);
        (await _crm.Put("/v1/clients/K-7/services/S", new { tariff = "DEARER", start = "2026-03-01" })).Must(200);
        await Issue("K-7");
        (await _crm.Put("/v1/tariffs/DEARER", new { name = "Net", versions = new[] { new { validFrom = "2026-03-01", monthlyPrice = RunningEngine.Czk("399.00"), repriceInvoiced = true } }, reason = "cheaper since March" })).Must(200, 201, 204);
        await Issue("K-7");

        var number = (await _crm.Get("/v1/clients/K-7/documents?limit=1")).Must(200).Text("items[0].number");
        var explanation = (await _crm.Get($"/v1/documents/{number}/lines/1/explanation")).Must(200);
        Assert.Equal("the catalogue has another price for a period charged before", explanation.Text("because"));
        Assert.Equal(("tariff", "tariff DEARER costs 399.00 CZK from 2026-03-01, for what was invoiced before as well"), (explanation.Text("cause.what"), explanation.Text("cause.text")));
        Assert.Equal(("DEARER", "2026-03-01", "399.00"), (explanation.Text("catalogueVersion.tariff"), explanation.Text("catalogueVersion.validFrom"), explanation.Amount("catalogueVersion.monthlyPrice")));
        Assert.True(explanation["catalogueVersion"].GetProperty("repricesInvoiced").GetBoolean());
        Assert.True(explanation["catalogueVersion"].GetProperty("revision").GetInt64() > 0);
        Assert.Equal("tariff DEARER costs 399.00 CZK from 2026-03-01, for what was invoiced before as well", explanation.Text("catalogueVersion.text"));
    }

    [Fact]
    public async Task An_ended_service_is_credited_and_explained()
    {
        await Invoiced("K-2");
        (await _crm.Put("/v1/clients/K-2/services/S", new { tariff = "HOME", start = "2026-02-01", end = "2026-03-15" })).Must(200);
        await Issue("K-2");
        var note = (await _crm.Get("/v1/clients/K-2/documents?limit=1")).Must(200);
        Assert.Equal("-273.65", note.Amount("items[0].total"));
        var explanation = (await _crm.Get($"/v1/documents/{note.Text("items[0].number")}/lines/1/explanation")).Must(200);
        Assert.Equal("charged 499.00 × 17/31 = 273.64516… → 273.65 CZK, owed 0.00; difference -273.65 CZK", explanation.Text("formula"));
        Assert.Equal("499.00", explanation.Amount("before.monthlyPrice"));
        Assert.Equal("273.65", explanation.Amount("before.charged"));
        Assert.Equal("noLongerOwed", explanation.Text("reason"));
        Assert.Equal("the service ends on 2026-03-15", explanation.Text("cause.text"));
        Assert.Equal("a period charged before is no longer owed: the service ended", explanation.Text("because"));
    }

    [Fact]
    public async Task A_pause_and_an_end_that_adjoin_are_lines_of_their_own_each_with_its_one_cause()
    {
        await Invoiced("K-8");
        var first = (await _crm.Get("/v1/clients/K-8/documents?limit=1")).Must(200).Text("items[0].number");
        Assert.Equal("a period that no earlier document charges", (await _crm.Get($"/v1/documents/{first}/lines/1/explanation")).Must(200).Text("because"));
        (await _crm.Put("/v1/clients/K-8/services/S/pauses/P", new { from = "2026-03-11", to = "2026-03-21", reason = "away" })).Must(204);
        (await _crm.Put("/v1/clients/K-8/services/S", new { tariff = "HOME", start = "2026-02-01", end = "2026-03-21" })).Must(200);
        await Issue("K-8");

        var number = (await _crm.Get("/v1/clients/K-8/documents?limit=1")).Must(200).Text("items[0].number");
        var (rests, ended) = (
            (await _crm.Get($"/v1/documents/{number}/lines/1/explanation")).Must(200), (await _crm.Get($"/v1/documents/{number}/lines/2/explanation")).Must(200));
        Assert.Equal(("service-paused.v1", "a period charged before is no longer owed: the service rests"), (rests.Text("cause.what"), rests.Text("because")));
        Assert.Equal(("service-end-set.v1", "a period charged before is no longer owed: the service ended"), (ended.Text("cause.what"), ended.Text("because")));
    }

    [Fact]
    public async Task Days_that_come_back_are_charged_again_and_not_said_to_be_charged_first()
    {
        await Invoiced("K-9");
        (await _crm.Put("/v1/clients/K-9/services/S", new { tariff = "HOME", start = "2026-02-01", end = "2026-03-01" })).Must(200);
        await Issue("K-9");
        (await _crm.Put("/v1/clients/K-9/services/S", new { tariff = "HOME", start = "2026-02-01" })).Must(200);
        await Issue("K-9");

        var explanation = await LastExplained("K-9");
        Assert.Equal(
            ("chargedAgain", "days that earlier documents charged and took back are charged again: the service no longer ends before them"),
            (explanation.Text("reason"), explanation.Text("because")));
        Assert.Equal(("service-end-set.v1", "the end of the service was taken back"), (explanation.Text("cause.what"), explanation.Text("cause.text")));
        Assert.Equal("499.00", explanation.Amount("amount"));
    }

    [Fact]
    public async Task A_price_of_nothing_names_the_revision_of_the_catalogue_that_brought_it()
    {
        (await _crm.Put("/v1/clients/K-10", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/tariffs/FREE", new { name = "Net", versions = new[] { new { validFrom = "2026-01-01", monthlyPrice = RunningEngine.Czk("499.00"), repriceInvoiced = false } } })).Must(200, 201, 204);
        (await _crm.Put("/v1/clients/K-10/services/S", new { tariff = "FREE", start = "2026-03-01" })).Must(200);
        await Issue("K-10");
        (await _crm.Put("/v1/tariffs/FREE", new { name = "Net", versions = new[] { new { validFrom = "2026-03-01", monthlyPrice = RunningEngine.Czk("0.00"), repriceInvoiced = true } }, reason = "an apology" })).Must(200, 201, 204);
        await Issue("K-10");

        var explanation = await LastExplained("K-10");
        Assert.Equal(("priceChanged", "by the catalogue a period charged before costs nothing", "price-changed"), (explanation.Text("reason"), explanation.Text("because"), explanation.Text("correction")));
        Assert.Equal(("FREE", "2026-03-01", "0.00"), (explanation.Text("catalogueVersion.tariff"), explanation.Text("catalogueVersion.validFrom"), explanation.Amount("catalogueVersion.monthlyPrice")));
        Assert.Equal(("FREE", "an apology"), (explanation.Text("tariff.code"), explanation.Text("tariff.setting.reason")));
        Assert.Equal("499.00", explanation.Amount("before.charged"));
    }

    [Fact]
    public async Task A_quantity_and_a_special_price_of_one_day_are_both_named()
    {
        (await _crm.Put("/v1/clients/K-11", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/K-11/services/S", new { tariff = "HOME", start = "2026-03-01", quantity = 2 })).Must(200);
        await Issue("K-11");
        (await _crm.Put("/v1/clients/K-11/services/S/special-prices/VIP", new { from = "2026-03-16", monthlyPrice = RunningEngine.Czk("399.00"), reason = "loyal" })).Must(204);
        (await _crm.Put("/v1/clients/K-11/services/S", new { tariff = "HOME", start = "2026-03-01", quantity = 1, effectiveFrom = "2026-03-16" })).Must(200);
        await Issue("K-11");

        var explanation = await LastExplained("K-11");
        Assert.Equal("another quantity and another price apply to a period charged before", explanation.Text("because"));
        Assert.Equal(
            ("service-terms-changed.v1", "special-price-agreed.v1", "special price VIP from 2026-03-16: loyal"),
            (explanation.Text("cause.what"), explanation.Text("otherCauses[0].what"), explanation.Text("otherCauses[0].text")));
        Assert.Equal(1, explanation["otherCauses"].GetArrayLength());
    }

    [Fact]
    public async Task A_month_that_was_left_out_whole_names_what_made_it_due()
    {
        (await _crm.Put("/v1/clients/K-12", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/K-12/services/S", new { tariff = "HOME", start = "2026-02-01" })).Must(200);
        (await _crm.Put("/v1/clients/K-12/services/S/pauses/P", new { from = "2026-02-01", to = "2026-03-01", reason = "away" })).Must(204);
        await Issue("K-12");
        (await _crm.Put("/v1/clients/K-12/services/S/pauses/P", new { from = "2026-02-01", to = "2026-03-01", bills = true, reason = "away" })).Must(204);
        await Issue("K-12");

        var explanation = await LastExplained("K-12");
        Assert.Equal(("newPeriod", "a period that no earlier document charges: the service rests on it, and is charged all the same"), (explanation.Text("reason"), explanation.Text("because")));
        Assert.Equal("service-paused.v1", explanation.Text("cause.what"));
    }

    [Fact]
    public async Task A_tariff_that_cost_nothing_names_who_gave_it_a_price_on_the_first_bill_and_then_no_more()
    {
        (await _crm.Put("/v1/clients/K-13", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/tariffs/TRIAL", new { name = "Net", versions = new[] { new { validFrom = "2026-01-01", monthlyPrice = RunningEngine.Czk("0.00"), repriceInvoiced = false } } })).Must(200, 201, 204);
        (await _crm.Put("/v1/clients/K-13/services/S", new { tariff = "TRIAL", start = "2026-03-01" })).Must(200);
        (await _crm.Put("/v1/clients/K-13/services/later", new { tariff = "TRIAL", start = "2026-03-01", timing = "inArrears" })).Must(200);
        await Issue("K-13");
        engine.Clock.Now += TimeSpan.FromMinutes(1);
        (await _crm.Put("/v1/tariffs/TRIAL", new { name = "Net", versions = new[] { new { validFrom = "2026-03-01", monthlyPrice = RunningEngine.Czk("499.00"), repriceInvoiced = false } }, reason = "the trial is over" })).Must(200, 201, 204);
        engine.Clock.Now += TimeSpan.FromMinutes(1);
        (await _crm.Put("/v1/clients/K-14", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/K-14/services/S", new { tariff = "TRIAL", start = "2026-03-01" })).Must(200);
        await Issue("K-13", through: "2026-03-30");
        await Issue("K-14");

        var explanation = await LastExplained("K-13");
        Assert.Equal("a period that no earlier document charges: by the catalogue it costs something", explanation.Text("because"));
        Assert.Equal(("tariff", "tariff TRIAL costs 499.00 CZK from 2026-03-01"), (explanation.Text("cause.what"), explanation.Text("cause.text")));
        Assert.Equal(("2026-03-01", "the trial is over"), (explanation.Text("catalogueVersion.validFrom"), explanation.Text("tariff.setting.reason")));
        Assert.Equal(("service-started.v1", null), ((await LastExplained("K-14")).Text("cause.what"), (await LastExplained("K-14")).Text("catalogueVersion")));

        // The other service has come due by date, as any does: the price was known to the document before.
        engine.Clock.Now += TimeSpan.FromMinutes(1);
        await Issue("K-13");
        Assert.Equal(("service-started.v1", "a period that no earlier document charges"), ((await LastExplained("K-13")).Text("cause.what"), (await LastExplained("K-13")).Text("because")));
    }

    [Fact]
    public async Task What_the_formula_multiplies_by_is_the_quantity_also_where_the_document_prints_one()
    {
        (await _crm.Put("/v1/clients/K-15", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/K-15/services/S", new { tariff = "HOME", start = "2026-03-01", quantity = 2 })).Must(200);
        await Issue("K-15");
        (await _crm.Put("/v1/clients/K-15/services/S/special-prices/VIP", new { from = "2026-03-16", monthlyPrice = RunningEngine.Czk("450.00"), reason = "loyal" })).Must(204);
        (await _crm.Put("/v1/clients/K-15/services/S", new { tariff = "HOME", start = "2026-03-01", quantity = 3, effectiveFrom = "2026-03-16" })).Must(200);
        await Issue("K-15");

        var explanation = await LastExplained("K-15");
        Assert.StartsWith("450.00 × 3 × 16/31", explanation.Text("formula"), StringComparison.Ordinal);
        Assert.Equal((3m, 2m), (explanation["quantity"].GetDecimal(), explanation["before"].GetProperty("quantity").GetDecimal()));
    }

    private async Task<Answer> LastExplained(string client)
    {
        var number = (await _crm.Get($"/v1/clients/{client}/documents?limit=1")).Must(200).Text("items[0].number");
        return (await _crm.Get($"/v1/documents/{number}/lines/1/explanation")).Must(200);
    }

    [Fact]
    public async Task A_note_of_several_causes_names_and_explains_each()
    {
        await Invoiced("K-5");
        (await _crm.Put("/v1/clients/K-5/services/S/special-prices/VIP", new { from = "2026-02-01", monthlyPrice = RunningEngine.Czk("399.00"), reason = "promised" })).Must(204);
        (await _crm.Put("/v1/clients/K-5/one-off-items/SORRY", new { date = "2026-03-01", text = "Omluva", unitPrice = RunningEngine.Czk("-50.00") })).Must(204);
        await Issue("K-5");

        var number = (await _crm.Get("/v1/clients/K-5/documents?limit=1")).Must(200).Text("items[0].number")!;
        var note = (await _crm.Get($"/v1/documents/{number}")).Must(200);
        Assert.Null(note.Text("correction"));
        Assert.Equal(["price-changed", "allowance"], note["corrections"].EnumerateArray().Select(cause => cause.GetString()));
        Assert.Equal(["price-changed", "price-changed", "allowance"], note["lines"].EnumerateArray().Select(line => line.GetProperty("correction").GetString()));
        var sorry = (await _crm.Get($"/v1/documents/{number}/lines/3/explanation")).Must(200);
        Assert.Equal(("allowance", "a deduction that corrects no document"), (sorry.Text("correction"), sorry.Text("because")));
    }

    [FactWithRenderer]
    public async Task An_invoice_and_its_credit_note_are_printed()
    {
        await Invoiced("K-3");
        (await _crm.Put("/v1/clients/K-3/services/S", new { tariff = "HOME", start = "2026-02-01", end = "2026-03-15" })).Must(200);
        await Issue("K-3");
        foreach (var item in (await _crm.Get("/v1/clients/K-3/documents")).Must(200)["items"].EnumerateArray())
        {
            var pdf = (await _crm.Get($"/v1/documents/{item.GetProperty("number").GetString()}/pdf")).Must(200);
            Assert.Equal("application/pdf", pdf.MediaType);
            Assert.StartsWith("%PDF-", pdf.Body, StringComparison.Ordinal);
        }
    }

    private async Task Invoiced(string client)
    {
        (await _crm.Put($"/v1/clients/{client}", RunningEngine.Client())).Must(201);
        (await _crm.Put($"/v1/clients/{client}/services/S", new { tariff = "HOME", start = "2026-02-01" })).Must(200);
        await Issue(client);
    }

    private async Task Issue(string client, string through = "2026-03-31")
    {
        var started = (await _crm.Post("/v1/billing-runs", new { mode = "issue", through, clients = new[] { client } })).Must(202);
        while ((await _crm.Get($"/v1/billing-runs/{started.Text("id")}")).Must(200).Text("status") == "running") await Task.Delay(20);
    }
}
