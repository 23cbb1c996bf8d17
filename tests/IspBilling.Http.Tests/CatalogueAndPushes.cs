using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>Prices that are entered, and a CRM that pushes what it knows.</summary>
public sealed class CatalogueAndPushes(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task What_is_invoiced_keeps_its_price_unless_whoever_enters_another_says_otherwise_and_is_shown_before()
    {
        await Tariff("YEAR", new[] { Version("2020-01-01", "499.00") }, 201);
        await Invoiced("P-1", "YEAR", cycleMonths: 12);
        Assert.Equal("5988.00", (await LastDocument("P-1")).Amount("items[0].total"));

        var asked = new { name = "Year", reason = "indexation", versions = new[] { Version("2026-07-01", "599.00") } };
        var preview = (await _crm.Post("/v1/tariffs/YEAR/preview", asked)).Must(200);
        Assert.Equal((1, 1), (preview["versions[0].invoicedClients"].GetInt32(), preview["versions[0].invoicedServices"].GetInt32()));
        Assert.Equal("2027-01-01", preview.Text("versions[0].invoicedUpTo"));
        Assert.False(preview["versions[0].repriceInvoiced"].GetBoolean());
        (await _crm.Put("/v1/tariffs/YEAR", asked)).Must(200);
        await Issue("P-1");
        Assert.Single((await _crm.Get("/v1/clients/P-1/documents")).Must(200)["items"].EnumerateArray());

        // The same again asks for nothing; only the choice is new.
        var again = (await _crm.Post("/v1/tariffs/YEAR/preview", asked)).Must(200);
        Assert.Empty(again["versions"].EnumerateArray());
        var repriced = new { name = "Year", reason = "indexation for everybody", versions = new[] { Version("2026-07-01", "599.00", repriceInvoiced: true) } };
        Assert.True((await _crm.Post("/v1/tariffs/YEAR/preview", repriced)).Must(200)["versions[0].repriceInvoiced"].GetBoolean());
        var stored = (await _crm.Put("/v1/tariffs/YEAR", repriced)).Must(200);
        Assert.True(stored["versions[1].repriceInvoiced"].GetBoolean());
        await Issue("P-1");
        Assert.Equal("600.00", (await LastDocument("P-1")).Amount("items[0].total"));
    }

    [Fact]
    public async Task A_corrected_price_shows_the_one_it_corrects()
    {
        await Tariff("WRONG", new[] { Version("2020-01-01", "499.00") }, 201);

        var corrected = await Tariff("WRONG", new[] { Version("2020-01-01", "399.00") }, 200);

        Assert.Equal(("399.00", "499.00"), (corrected.Amount("versions[0].monthlyPrice"), corrected.Amount("correctedVersions[0].monthlyPrice")));
        Assert.Single(corrected["versions"].EnumerateArray());
    }

    [Fact]
    public async Task A_plan_stands_on_the_card_and_todays_push_leaves_it_there()
    {
        await Tariff("NEXT", new[] { Version("2020-01-01", "699.00") }, 201);
        (await _crm.Put("/v1/clients/P-2", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/P-2/services/S", new { tariff = "HOME", start = "2026-02-01" })).Must(200);
        (await _crm.Put("/v1/clients/P-2/services/S", new { tariff = "NEXT", start = "2026-02-01", effectiveFrom = "2026-07-01", quantity = 2 })).Must(200);

        (await _crm.Put("/v1/clients/P-2/services/S", new { tariff = "HOME", start = "2026-02-01" })).Must(200);

        var card = (await _crm.Get("/v1/clients/P-2")).Must(200);
        Assert.Equal("HOME", card.Text("services[0].tariff"));
        Assert.Equal(("2026-07-01", "NEXT", "1398.00"), (card.Text("services[0].planned[0].from"), card.Text("services[0].planned[0].tariff"), card.Amount("services[0].planned[0].monthlyPrice")));
    }

    [Fact]
    public async Task A_push_that_is_out_of_date_is_told_so()
    {
        var pushed = (await _crm.Put("/v1/clients/P-3", new { name = "Jan Nový", address = Address, revision = 5 })).Must(201);
        Assert.Equal(5, pushed["revision"].GetInt32());
        (await _crm.Put("/v1/clients/P-3/services/S", new { tariff = "HOME", start = "2026-02-01", revision = 5 })).Must(200);

        var client = (await _crm.Put("/v1/clients/P-3", new { name = "Jan Starý", address = Address, revision = 4 })).Must(200);
        var service = (await _crm.Put("/v1/clients/P-3/services/S", new { tariff = "HOME", start = "2026-02-01", end = "2026-03-01", revision = 4 })).Must(200);

        Assert.Equal((true, 5, "Jan Nový"), (client["stale"].GetBoolean(), client["knownRevision"].GetInt32(), client.Text("name")));
        Assert.Equal((true, 5), (service["stale"].GetBoolean(), service["knownRevision"].GetInt32()));
        var card = (await _crm.Get("/v1/clients/P-3")).Must(200);
        Assert.Equal("Jan Nový", card.Text("client.name"));
        Assert.Equal((5, 5), (card["client"].GetProperty("revision").GetInt32(), card["services"][0].GetProperty("revision").GetInt32()));
        (await _crm.Put("/v1/clients/P-3", new { name = "Jan Nový", address = Address, revision = -1 })).MustBeProblem(400, "invalid-request");
    }

    [Fact]
    public async Task A_service_that_never_began_is_credited_whole()
    {
        await Invoiced("P-4", "HOME", cycleMonths: 3);
        var invoiced = (await LastDocument("P-4")).Amount("items[0].total");

        (await _crm.Put("/v1/clients/P-4/services/S", new { tariff = "HOME", start = "2026-01-01", end = "2026-01-01", cycleMonths = 3 })).Must(200);
        await Issue("P-4");

        Assert.Equal($"-{invoiced}", (await LastDocument("P-4")).Amount("items[0].total"));
        var card = (await _crm.Get("/v1/clients/P-4")).Must(200);
        Assert.True(card["services[0].annulled"].GetBoolean());
        Assert.Equal("0.00", card.Amount("balance"));
    }

    [Fact]
    public async Task A_text_that_could_not_be_printed_is_refused_where_it_is_entered()
    {
        (await _crm.Put("/v1/clients/P-5", RunningEngine.Client("Jan \uE000"))).MustBeProblem(400);
        (await _crm.Put("/v1/tariffs/ODD", new { name = "Odd \uE000", versions = new[] { Version("2020-01-01", "1.00") } })).MustBeProblem(400, "invalid-request");
        (await _crm.Put("/v1/clients/P-6", RunningEngine.Client("王小明 🚀"))).Must(201);
        (await _crm.Put("/v1/clients/P-6/one-off-items/I", new { date = "2026-03-01", text = "\uE000", unitPrice = RunningEngine.Czk("1.00") })).MustBeProblem(400);
    }

    private static object Address => new { street = "Dlouhá 1", city = "Praha", postalCode = "110 00" };

    private static object Version(string from, string price, bool repriceInvoiced = false) =>
        new { validFrom = from, monthlyPrice = RunningEngine.Czk(price), repriceInvoiced };

    private async Task<Answer> Tariff(string code, object[] versions, int status) => (await _crm.Put($"/v1/tariffs/{code}", new { name = code, versions, reason = "a slip of the pen" })).Must(status);

    private async Task<Answer> LastDocument(string client) => (await _crm.Get($"/v1/clients/{client}/documents?limit=1")).Must(200);

    private async Task Invoiced(string client, string tariff, int cycleMonths)
    {
        (await _crm.Put($"/v1/clients/{client}", RunningEngine.Client())).Must(201);
        (await _crm.Put($"/v1/clients/{client}/services/S", new { tariff, start = "2026-01-01", cycleMonths })).Must(200);
        await Issue(client);
    }

    private async Task Issue(string client)
    {
        var started = (await _crm.Post("/v1/billing-runs", new { mode = "issue", through = "2026-03-01", clients = new[] { client } })).Must(202);
        while ((await _crm.Get($"/v1/billing-runs/{started.Text("id")}")).Must(200).Text("status") == "running") await Task.Delay(20);
    }
}
