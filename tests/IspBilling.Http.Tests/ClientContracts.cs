using System.Text.Json;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>Contracts come from the CRM, stand on the card and in explanations, and say what an early end may cost.</summary>
public sealed class ClientContracts(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    private static object Signed(string number, string? end = null, int months = 24, long? revision = null, object? earlyEnd = null) => new
    {
        number, start = "2026-02-01", end, signedOn = "2026-01-28", minimumMonths = months, noticeDays = 30, document = "drawer 3", revision,
        earlyEnd = months == 0 ? null : earlyEnd ?? new { sharePercent = 5, shareMonths = 3, equipmentDiscount = RunningEngine.Czk("2400.00") },
    };

    [Fact]
    public async Task A_contract_stands_on_the_card_with_its_term_its_notice_and_its_services()
    {
        await Client("C-1");
        Assert.False((await _crm.Put("/v1/clients/C-1/contracts/A", Signed("2026/0117"))).Must(200)["stale"].GetBoolean());
        (await _crm.Put("/v1/clients/C-1/services/S", new { tariff = "HOME", start = "2026-02-01", contract = "A" })).Must(200);

        var card = (await _crm.Get("/v1/clients/C-1")).Must(200);

        Assert.Equal(("A", "2026/0117"), (card.Text("contracts[0].reference"), card.Text("contracts[0].number")));
        Assert.Equal(("2028-02-01", "2026-03-31"), (card.Text("contracts[0].termEnd"), card.Text("contracts[0].endByNotice")));
        Assert.Equal(("drawer 3", "2026-01-28"), (card.Text("contracts[0].document"), card.Text("contracts[0].signedOn")));
        Assert.Equal(5m, card["contracts[0].earlyEnd.sharePercent"].GetDecimal());
        Assert.Equal("2400.00", card.Amount("contracts[0].earlyEnd.equipmentDiscount"));
        Assert.Equal("S", card["contracts[0].services"][0].GetString());
        Assert.Equal("A", card.Text("services[0].contract"));
        Assert.Equal(JsonSerializer.Serialize(card["contracts"][0]), JsonSerializer.Serialize((await _crm.Get("/v1/clients/C-1/contracts/A")).Must(200).Json));
    }

    [Fact]
    public async Task A_push_that_is_out_of_date_says_so()
    {
        await Client("C-2");
        (await _crm.Put("/v1/clients/C-2/contracts/A", Signed("1", revision: 5))).Must(200);

        var stale = (await _crm.Put("/v1/clients/C-2/contracts/A", Signed("2", revision: 4))).Must(200);

        Assert.Equal((true, 5), (stale["stale"].GetBoolean(), stale["knownRevision"].GetInt64()));
        Assert.Equal("1", (await _crm.Get("/v1/clients/C-2/contracts/A")).Must(200).Text("number"));
    }

    [Fact]
    public async Task Contracts_of_a_batch_come_before_the_services_that_name_them()
    {
        var report = (await _crm.Post("/v1/clients:batch", new
        {
            clients = new object[]
            {
                new
                {
                    reference = "C-3", client = RunningEngine.Client(),
                    services = new object[]
                    {
                        new { reference = "S1", service = new { tariff = "HOME", start = "2026-03-01", contract = "A" } },
                        new { reference = "S2", service = new { tariff = "HOME", start = "2026-03-01", contract = "none" } },
                    },
                    contracts = new object[]
                    {
                        new { reference = "A", contract = Signed("1") },
                        new { reference = "B", contract = Signed("1") },
                        new { reference = "A", contract = Signed("3") },
                    },
                },
                new { reference = "C-3-nobody", contracts = new[] { new { reference = "A", contract = Signed("1") } } },
            },
        })).Must(200);

        Assert.Equal(["done", "refused", "refused"], report["clients[0].contracts"].EnumerateArray().Select(contract => contract.GetProperty("outcome").GetString()!));
        Assert.Equal("urn:ispbilling:problem:already-exists-differently", report.Text("clients[0].contracts[1].problem.type"));
        Assert.Equal(["done", "refused"], report["clients[0].services"].EnumerateArray().Select(service => service.GetProperty("outcome").GetString()!));
        Assert.Equal("urn:ispbilling:problem:unknown-contract", report.Text("clients[0].services[1].problem.type"));
        Assert.Equal("notTried", report.Text("clients[1].contracts[0].outcome"));
        Assert.Equal(2, report["refused"].GetInt32());
    }

    [Fact]
    public async Task A_line_names_the_contract_as_it_was_when_it_was_issued()
    {
        await Client("C-4");
        (await _crm.Put("/v1/clients/C-4/contracts/A", Signed("2026/4"))).Must(200);
        (await _crm.Put("/v1/clients/C-4/services/S", new { tariff = "HOME", start = "2026-03-01", contract = "A" })).Must(200);
        await engine.Issue("C-4", "2026-03-31");
        var number = (await _crm.Get("/v1/clients/C-4/documents?limit=1")).Must(200).Text("items[0].number");
        (await _crm.Put("/v1/clients/C-4/services/S", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
        (await _crm.Delete("/v1/clients/C-4/contracts/A")).Must(204);

        var explanation = (await _crm.Get($"/v1/documents/{number}/lines/1/explanation")).Must(200);

        Assert.Equal(("A", "2026/4"), (explanation.Text("contract.reference"), explanation.Text("contract.number")));
        Assert.Equal(("2026-02-01", "2028-02-01"), (explanation.Text("contract.start"), explanation.Text("contract.termEnd")));
        Assert.Equal("apiKey", explanation.Text("contract.agreedBy.kind"));
        Assert.Empty((await _crm.Get("/v1/clients/C-4")).Must(200)["contracts"].EnumerateArray());
    }

    [Fact]
    public async Task An_early_end_is_worked_out_and_becomes_a_charge_only_when_somebody_adds_it()
    {
        await Client("C-5");
        (await _crm.Put("/v1/clients/C-5/contracts/A", Signed("2026/5"))).Must(200);
        (await _crm.Put("/v1/clients/C-5/services/S", new { tariff = "HOME", start = "2026-02-01", contract = "A" })).Must(200);

        var early = (await _crm.Get("/v1/clients/C-5/contracts/A/early-end?on=2026-04-01")).Must(200);

        Assert.Equal(("2026-04-01", "2028-02-01"), (early.Text("on"), early.Text("termEnd")));
        Assert.Equal(("10978.00", "548.90", "2200.00", "2748.90"), (early.Amount("remainingTotal"), early.Amount("share"), early.Amount("equipment"), early.Amount("total")));
        Assert.Equal("CZK", early["total"].GetProperty("currency").GetString());
        Assert.Equal(("standard", 21m, "1905.27"), (early.Text("vat[0].category"), early["vat[0].ratePercent"].GetDecimal(), early.Amount("vat[0].tax")));
        Assert.Equal(("S", "2026-04-01"), (early.Text("remaining[0].service"), early.Text("remaining[0].period.from")));
        Assert.Contains("share: 5 % × 10978.00 CZK = 548.90 CZK", Lines(early));
        Assert.Contains("discount on equipment: 2400.00 CZK × 22 of 24 months = 2200.00 CZK", Lines(early));
        Assert.Equal("together: 2748.90 CZK", Lines(early)[^1]);

        Assert.Empty((await _crm.Get("/v1/clients/C-5")).Must(200)["waitingItems"].EnumerateArray());
        (await _crm.Put("/v1/clients/C-5/one-off-items/early-end", new { date = "2026-04-01", text = "Early end of contract 2026/5", unitPrice = early["total"] })).Must(204);
        Assert.Equal("2748.90", (await _crm.Get("/v1/clients/C-5")).Must(200).Amount("waitingItems[0].unitPrice"));
    }

    [Fact]
    public async Task An_end_after_the_term_and_a_contract_without_a_term_cost_nothing_and_say_why()
    {
        await Client("C-6");
        (await _crm.Put("/v1/clients/C-6/contracts/A", Signed("1"))).Must(200);
        (await _crm.Put("/v1/clients/C-6/contracts/B", Signed("2", months: 0))).Must(200);

        var late = (await _crm.Get("/v1/clients/C-6/contracts/A/early-end?on=2028-02-01")).Must(200);
        Assert.Equal(("0.00", "the minimum term ends on 2028-02-01, so that an end on 2028-02-01 is not early"), (late.Amount("total"), Assert.Single(Lines(late))));
        var free = (await _crm.Get("/v1/clients/C-6/contracts/B/early-end")).Must(200);
        Assert.Equal(("0.00", "2026-03-31"), (free.Amount("total"), free.Text("on")));
        Assert.Equal("the contract has no minimum term, so that no end is early", Assert.Single(Lines(free)));
    }

    [Fact]
    public async Task What_is_unknown_in_use_or_still_running_is_refused_with_its_reason()
    {
        await Client("C-7");
        (await _crm.Get("/v1/clients/C-7/contracts/A")).MustBeProblem(404, "unknown");
        (await _crm.Get("/v1/clients/C-7/contracts/A/early-end")).MustBeProblem(404, "unknown");
        (await _crm.Get("/v1/clients/nobody/contracts/A")).MustBeProblem(404, "unknown");
        (await _crm.Delete("/v1/clients/C-7/contracts/A")).MustBeProblem(404, "unknown-contract");
        (await _crm.Put("/v1/clients/C-7/services/S", new { tariff = "HOME", start = "2026-02-01", contract = "A" })).MustBeProblem(404, "unknown-contract");
        (await _crm.Put("/v1/clients/C-7/contracts/A", Signed("1"))).Must(200);
        (await _crm.Put("/v1/clients/C-7/contracts/B", Signed("1"))).MustBeProblem(409, "already-exists-differently");
        (await _crm.Put("/v1/clients/C-7/services/S", new { tariff = "HOME", start = "2026-02-01", end = "2026-02-20", contract = "A" })).Must(200);
        (await _crm.Delete("/v1/clients/C-7/contracts/A")).MustBeProblem(409, "contract-has-services");
        (await _crm.Post("/v1/clients/C-7/close")).MustBeProblem(409, "contract-still-runs");
        (await _crm.Put("/v1/clients/C-7/contracts/A", Signed("1", end: "2026-02-20"))).Must(200);
        (await _crm.Post("/v1/clients/C-7/close")).Must(204);
        (await _crm.Put("/v1/clients/C-7/contracts/A", Signed("1"))).MustBeProblem(409, "account-is-closed");
    }

    [Theory]
    [InlineData("""{"start":"2026-02-01"}""", "number")]
    [InlineData("""{"number":"","start":"2026-02-01"}""", "number")]
    [InlineData("""{"number":"1","start":"1999-02-01"}""", "start")]
    [InlineData("""{"number":"1","start":"2026-02-01","end":"2026-01-31"}""", "end")]
    [InlineData("""{"number":"1","start":"2026-02-01","signedOn":"2100-01-02"}""", "signedOn")]
    [InlineData("""{"number":"1","start":"2026-02-01","minimumMonths":121}""", "minimumMonths")]
    [InlineData("""{"number":"1","start":"2026-02-01","noticeDays":367}""", "noticeDays")]
    [InlineData("""{"number":"1","start":"2026-02-01","noticeDays":-1}""", "noticeDays")]
    [InlineData("""{"number":"1","start":"2026-02-01","revision":-1}""", "revision")]
    [InlineData("""{"number":"1","start":"2026-02-01","earlyEnd":{"sharePercent":5}}""", "earlyEnd")]
    [InlineData("""{"number":"1","start":"2026-02-01","minimumMonths":24,"earlyEnd":{"sharePercent":101}}""", "earlyEnd.sharePercent")]
    [InlineData("""{"number":"1","start":"2026-02-01","minimumMonths":24,"earlyEnd":{"sharePercent":0.001}}""", "earlyEnd.sharePercent")]
    [InlineData("""{"number":"1","start":"2026-02-01","minimumMonths":24,"earlyEnd":{"shareMonths":25}}""", "earlyEnd.shareMonths")]
    [InlineData("""{"number":"1","start":"2026-02-01","minimumMonths":24,"earlyEnd":{"equipmentDiscount":{"amount":"-1.00","currency":"CZK"}}}""", "earlyEnd.equipmentDiscount")]
    public async Task A_field_that_is_not_as_expected_is_named(string body, string field)
    {
        var answer = (await _crm.Text(HttpMethod.Put, "/v1/clients/X/contracts/A", body)).MustBeProblem(400, "invalid-request");

        Assert.True(answer["errors"].TryGetProperty(field, out _), answer.Body);
    }

    [Fact]
    public async Task A_document_reference_and_a_day_are_bounded()
    {
        await Client("C-8");
        var body = new { number = "1", start = "2026-02-01", document = new string('x', 201) };
        Assert.True((await _crm.Put("/v1/clients/C-8/contracts/A", body)).MustBeProblem(400, "invalid-request")["errors"].TryGetProperty("document", out _));
        Assert.True((await _crm.Get("/v1/clients/C-8/contracts/A/early-end?on=1999-12-31")).MustBeProblem(400, "invalid-request")["errors"].TryGetProperty("on", out _));
    }

    [Theory]
    [InlineData("2026/ŽLU-9")]
    [InlineData("2026/zlu-9")]
    [InlineData("2026zlu9")]
    public async Task A_client_is_found_by_the_number_of_a_contract_and_the_hit_says_why(string text)
    {
        await Client("C-9");
        (await _crm.Put("/v1/clients/C-9/contracts/A", Signed("2026/ŽLU-9"))).Must(200);
        (await _crm.Put("/v1/clients/C-9", RunningEngine.Client("Changed Since"))).Must(200);

        var hit = Assert.Single((await _crm.Get($"/v1/search?q={Uri.EscapeDataString(text)}")).Must(200)["items"].EnumerateArray());

        Assert.Equal("C-9", hit.GetProperty("reference").GetString());
        Assert.Contains(
            ("contractNumber", "2026/ŽLU-9"), hit.GetProperty("why").EnumerateArray().Select(why => (why.GetProperty("field").GetString()!, why.GetProperty("matched").GetString()!)));
    }

    private async Task Client(string reference) => (await _crm.Put($"/v1/clients/{reference}", RunningEngine.Client(reference))).Must(200, 201);

    private static string[] Lines(Answer early) => [.. early["arithmetic"].EnumerateArray().Select(line => line.GetString()!)];
}
