using System.Net.Http.Json;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Audit;

namespace IspBilling.Http.Tests;

/// <summary>Who changed which setting, and whom it affects before it is saved.</summary>
public sealed class SettingsChanges(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _clerk = engine.Operator;

    [Fact]
    public async Task A_change_is_told_with_its_author_reason_and_both_versions_and_costs_nothing_when_it_is_none()
    {
        (await _clerk.Put("/v1/tariffs/TOLD", Tariff("499.00"))).Must(201);
        (await _clerk.Put("/v1/tariffs/TOLD", Tariff("549.00"))).MustBeProblem(400, "invalid-request");
        var changed = (await _clerk.Put("/v1/tariffs/TOLD", Tariff("549.00", "indexation"))).Must(200);
        (await _clerk.Put("/v1/tariffs/TOLD", Tariff("549.00", "once more"))).Must(200);

        var revisions = (await _clerk.Get("/v1/settings/tariff/TOLD/revisions")).Must(200);
        Assert.Equal(2, revisions["items"].GetArrayLength());
        var revision = revisions["items[0].revision"].GetInt64();
        Assert.Equal($"\"{revision}\"", (await _clerk.Get("/v1/tariffs/TOLD")).Must(200).Header("ETag"));
        Assert.Equal(revision, changed["versions[0].revision"].GetInt64());
        Assert.Equal(("indexation", "apiKey", "test 1"), (revisions.Text("items[0].reason"), revisions.Text("items[0].by.kind"), revisions.Text("items[0].by.name")));
        Assert.Equal(revisions["items[1].after"].GetRawText(), revisions["items[0].before"].GetRawText());
        var page = (await _clerk.Get("/v1/settings/journal?kind=tariff&key=TOLD&limit=1")).Must(200);
        Assert.Equal(revision, page["items[0].revision"].GetInt64());
        var next = (await _clerk.Get($"/v1/settings/journal?kind=tariff&key=TOLD&limit=1&cursor={page.Text("next")}")).Must(200);
        Assert.Equal((revisions["items[1].revision"].GetInt64(), null), (next["items[0].revision"].GetInt64(), next.Text("next")));
        (await _clerk.Get("/v1/settings/tariff/NEVER/revisions")).MustBeProblem(404, "unknown");
        (await (await engine.CallerWith("billing")).Get("/v1/settings/journal")).MustBeProblem(403);
    }

    [Fact]
    public async Task Whoever_is_overtaken_is_shown_both_versions()
    {
        (await _clerk.Put("/v1/tariffs/RACE", Tariff("499.00"))).Must(201);
        var seen = (await _clerk.Get("/v1/tariffs/RACE")).Must(200).Header("ETag")!;
        (await Put("/v1/tariffs/RACE", Tariff("549.00", "mine"), seen)).Must(200);

        var late = (await Put("/v1/tariffs/RACE", Tariff("599.00", "too late"), seen)).MustBeProblem(412, "setting-changed-meanwhile");

        Assert.Equal(seen, $"\"{late["basedOn"].GetProperty("revision").GetInt64()}\"");
        Assert.Equal("mine", late["current"].GetProperty("reason").GetString());
        Assert.Equal("549.00", (await _clerk.Get("/v1/tariffs/RACE")).Must(200).Amount("versions[0].monthlyPrice"));
        (await Put("/v1/tariffs/RACE", Tariff("599.00", "in time"), $"\"{late["current"].GetProperty("revision").GetInt64()}\"")).Must(200);
        (await Put("/v1/tariffs/RACE", Tariff("699.00", "unreadable"), "W/1")).MustBeProblem(400, "invalid-request");
    }

    [Fact]
    public async Task What_a_price_will_change_is_what_the_run_after_it_bills_and_its_lines_name_who_set_it()
    {
        (await _clerk.Put("/v1/tariffs/EFFECT", Tariff("500.00"))).Must(201);
        foreach (var client in (string[])["E-1", "E-2", "E-3"])
        {
            (await _clerk.Put($"/v1/clients/{client}", RunningEngine.Client())).Must(201);
            (await _clerk.Put($"/v1/clients/{client}/services/S", new { tariff = "EFFECT", start = "2026-03-01" })).Must(200);
        }

        (await _clerk.Put("/v1/clients/E-3/services/S/special-prices/A", new { from = "2026-03-01", monthlyPrice = RunningEngine.Czk("399.00"), reason = "loyalty" })).Must(204);
        await engine.Issue("E-1", "2026-03-01");
        var draft = new { name = "Effect", reason = "half-year indexation", versions = new[] { new { validFrom = "2020-01-01", monthlyPrice = RunningEngine.Czk("600.00"), repriceInvoiced = true } } };

        var effect = (await _clerk.Post("/v1/tariffs/EFFECT/effect?through=2026-03-01", draft)).Must(200);

        Assert.Equal((3, 3), (effect["accounts"].GetInt32(), effect["services"].GetInt32()));
        Assert.Equal(2, effect["nextBill"].GetProperty("accounts").GetInt32());
        Assert.Equal(("899.00", "1099.00", "200.00"), (Total("before"), Total("after"), Total("difference")));
        Assert.Equal("165.29", effect["recurring"].GetProperty("monthly").GetProperty("difference")[0].GetProperty("amount").GetString());
        Assert.Equal(["E-1", "E-2"], effect["nextBill"].GetProperty("examples").EnumerateArray().Select(example => example.GetProperty("client").GetString()));
        using (var setter = await engine.CallerWith("writeSettings"))
        {
            var nobody = (await setter.Post("/v1/tariffs/EFFECT/effect?through=2026-03-01", draft)).Must(200);
            Assert.Equal((2, 0), (nobody["nextBill"].GetProperty("accounts").GetInt32(), nobody["nextBill"].GetProperty("examples").GetArrayLength()));
        }

        var before = await Recurring();
        (await Put("/v1/tariffs/EFFECT", draft, $"\"{effect["revision"].GetInt64()}\"")).Must(200);
        foreach (var client in (string[])["E-1", "E-2", "E-3"]) await engine.Issue(client, "2026-03-01");
        Assert.Equal(165.29m, await Recurring() - before);
        var billed = 0m;
        foreach (var client in (string[])["E-1", "E-2", "E-3"])
            billed += decimal.Parse((await _clerk.Get($"/v1/clients/{client}/documents?limit=1")).Must(200).Amount("items[0].total")!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(1099.00m, billed);

        var number = (await _clerk.Get("/v1/clients/E-2/documents?limit=1")).Must(200).Text("items[0].number");
        var told = (await _clerk.Get($"/v1/documents/{number}/lines/1/explanation")).Must(200);
        var revision = (await _clerk.Get("/v1/settings/tariff/EFFECT/revisions")).Must(200)["items[0].revision"].GetInt64();
        Assert.Equal($"tariff EFFECT, revision {revision}, set by test 1 on 2026-03-01, half-year indexation", told["tariff"].GetProperty("setting").GetProperty("text").GetString());

        string? Total(string which) => effect["nextBill"].GetProperty("total").GetProperty(which)[0].GetProperty("amount").GetString();

        async Task<decimal> Recurring() => decimal.Parse(
            (await _clerk.Get("/v1/reports/recurring")).Must(200)["tariffs"].EnumerateArray().Single(row => row.GetProperty("tariff").GetString() == "EFFECT")
                .GetProperty("monthly").GetProperty("amount").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task An_issuer_that_ceases_to_pay_VAT_is_shown_what_its_next_bills_lose()
    {
        (await _clerk.Put("/v1/issuers/41", Issuer("CZ12345679"))).Must(201);
        (await _clerk.Put("/v1/clients/I-1", new { name = "Jan", address = Address, issuer = 41 })).Must(201);
        (await _clerk.Put("/v1/clients/I-1/services/S", new { tariff = "HOME", start = "2026-03-01" })).Must(200);

        var effect = (await _clerk.Post("/v1/issuers/41/effect?through=2026-03-01", Issuer(null))).Must(200);

        Assert.Equal((1, "vatNumber"), (effect["accounts"].GetInt32(), effect["changes"][0].GetProperty("field").GetString()));
        var tax = effect["nextBill"].GetProperty("tax");
        Assert.Equal(("86.60", "0.00"), (tax.GetProperty("before")[0].GetProperty("amount").GetString(), tax.GetProperty("after")[0].GetProperty("amount").GetString()));
        (await _clerk.Put("/v1/issuers/41", Issuer(null))).MustBeProblem(400, "invalid-request");
        (await _clerk.Put("/v1/issuers/41", Issuer(null, "below the limit"))).Must(200);
        await engine.Issue("I-1", "2026-03-01");
        Assert.Empty((await LedgerAudit.Run(engine.Database.Source, null, default)).Findings);
        Assert.Equal("499.00", (await _clerk.Get("/v1/clients/I-1/documents?limit=1")).Must(200).Amount("items[0].total"));
        Assert.Equal(0, await engine.Database.Scalar<long>("SELECT count(*) FROM document_lines l JOIN client_references r USING (account_id) WHERE r.reference = 'I-1' AND l.vat_rate <> 0"));
    }

    [Fact]
    public async Task A_role_is_changed_and_removed_by_the_revision_that_was_seen()
    {
        var made = (await Put("/v1/roles/seen", Role("readMoney"), "\"0\"")).Must(200);
        var seen = made.Header("ETag")!;
        Assert.Equal($"\"{made["revision"].GetInt64()}\"", seen);
        (await Put("/v1/roles/seen", Role("readReports"), seen)).Must(200);

        var late = (await Put("/v1/roles/seen", Role("readClients"), seen)).MustBeProblem(412, "setting-changed-meanwhile");
        (await _clerk.Send(HttpMethod.Delete, "/v1/roles/seen", null, ifMatch: seen)).MustBeProblem(412, "setting-changed-meanwhile");

        var current = $"\"{late["current"].GetProperty("revision").GetInt64()}\"";
        Assert.Contains(
            (await _clerk.Get("/v1/roles")).Must(200).Json.EnumerateArray(),
            role => role.GetProperty("code").GetString() == "seen" && $"\"{role.GetProperty("revision").GetInt64()}\"" == current);
        (await _clerk.Send(HttpMethod.Delete, "/v1/roles/seen", null, ifMatch: current)).Must(204);

        static object Role(string right) => new { name = "Seen", rights = new[] { right } };
    }

    [Fact]
    public async Task Another_bank_account_to_pay_to_needs_a_reason()
    {
        (await _clerk.Put("/v1/issuers/42", Payee("CZ6508000000192000145399"))).Must(201);
        (await _clerk.Put("/v1/issuers/42", Payee("CZ9455000000001011038930"))).MustBeProblem(400, "invalid-request");
        (await _clerk.Put("/v1/issuers/42", Payee("CZ9455000000001011038930", "another bank"))).Must(200);
        (await _clerk.Put("/v1/issuers/42", Payee("CZ94 5500 0000 0010 1103 8930"))).Must(200);

        static object Payee(string iban, string? reason = null) => new
        {
            name = "Payee s.r.o.", address = Address, companyNumber = "12345679", currency = "EUR", reason, bankAccount = new { iban },
        };
    }

    [Theory]
    [InlineData("\u200B")]
    [InlineData("\u200B\u200D\u2060")]
    [InlineData("\uFEFF")]
    [InlineData("\u00AD")]
    [InlineData("\u202E\u202C")]
    [InlineData("\u0301")]
    [InlineData("\u3164")]
    [InlineData("\u2800")]
    [InlineData("\uE000")]
    public async Task What_nobody_can_see_is_no_reason(string reason) =>
        (await _clerk.Put("/v1/roles/unseen", new { name = "Unseen", rights = new[] { "readMoney" }, reason })).MustBeProblem(400, "invalid-request");

    [Fact]
    public async Task A_kind_of_setting_that_there_is_not_is_refused_with_those_there_are() =>
        Assert.Contains(
            "tariff, issuer", (await _clerk.Get("/v1/settings/journal?kind=nonsense")).MustBeProblem(400)["errors"].GetProperty("kind")[0].GetString(), StringComparison.Ordinal);

    private Task<Answer> Put(string path, object body, string ifMatch)
    {
        var content = JsonContent.Create(body);
        return _clerk.Send(HttpMethod.Put, path, content, ifMatch: ifMatch);
    }

    private static object Tariff(string price, string? reason = null) => new
    {
        name = "Told", reason, versions = new[] { new { validFrom = "2020-01-01", monthlyPrice = RunningEngine.Czk(price) } },
    };

    private static object Issuer(string? vatNumber, string? reason = null) => new
    {
        name = "Fourth Net s.r.o.", address = Address, companyNumber = "12345679", vatNumber, reason, bankAccount = new { iban = "CZ6907101781240000004159" },
    };

    private static object Address => new { street = "Long 1", city = "Brno", postalCode = "602 00" };
}
