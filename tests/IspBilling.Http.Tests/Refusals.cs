using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>What is wrong is said with status, type and field.</summary>
public sealed class Refusals(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private const string Address = "\"address\":{\"street\":\"a\",\"city\":\"b\",\"postalCode\":\"c\"}";
    private readonly KeyHolder _crm = engine.Operator;

    [Theory]
    [InlineData("/v1/clients/X", """{"nam""", "body")]
    [InlineData("/v1/clients/X", """[]""", "body")]
    [InlineData("/v1/clients/X", """{"name":"a"}""", "address")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"address\":{\"street\":\"a\",\"city\":\"b\"}}", "address.postalCode")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"nick\":\"b\"," + Address + "}", "nick")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"name\":\"b\"," + Address + "}", "name")]
    [InlineData("/v1/clients/X", "{\"Name\":\"a\"," + Address + "}", "Name")]
    [InlineData("/v1/clients/X", "{\"name\":\" \"," + Address + "}", "name")]
    [InlineData("/v1/clients/X", "{\"name\":null," + Address + "}", "name")]
    [InlineData("/v1/clients/X", "{\"name\":\"\\ud83e\"," + Address + "}", "name")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\\uddfe b\"," + Address + "}", "name")]
    [InlineData("/v1/clients/X", "{\"name\":\"\\uddfe\\ud83e\"," + Address + "}", "name")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"dueDays\":\"14\"," + Address + "}", "dueDays")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"dueDays\":366," + Address + "}", "dueDays")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"delivery\":\"pigeon\"," + Address + "}", "delivery")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"delivery\":1," + Address + "}", "delivery")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"email\":\"nobody\"," + Address + "}", "email")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"symbolPolicy\":\"perAccount\"," + Address + "}", "accountSymbol")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"accountSymbol\":\"12345678901\"," + Address + "}", "accountSymbol")]
    [InlineData("/v1/clients/X/services/S", """{"tariff":"NONE","start":"2026-01-01"}""", "tariff")]
    [InlineData("/v1/clients/X/services/S", """{"tariff":"HOME","start":"2026-02-30"}""", "start")]
    [InlineData("/v1/clients/X/services/S", """{"tariff":"HOME","start":"1999-12-31"}""", "start")]
    [InlineData("/v1/clients/X/services/S", """{"tariff":"HOME","start":"2026-01-01","end":"2025-12-31"}""", "end")]
    [InlineData("/v1/clients/X/services/S", """{"tariff":"HOME","start":"2026-01-01","cycleMonths":5}""", "cycleMonths")]
    [InlineData("/v1/clients/X/services/S", """{"tariff":"HOME","start":"2026-01-01","anchorDay":32}""", "anchorDay")]
    [InlineData("/v1/clients/X/services/S", """{"tariff":"HOME","start":"2026-01-01","quantity":0.0001}""", "quantity")]
    [InlineData("/v1/clients/X/services/S/special-prices/P", """{"from":"2026-01-01","reason":"r"}""", "monthlyPrice")]
    [InlineData("/v1/clients/X/services/S/special-prices/P", """{"from":"2026-01-01","reason":"r","discountPercent":101}""", "discountPercent")]
    [InlineData("/v1/clients/X/services/S/special-prices/P", """{"from":"2026-01-01","reason":"r","monthlyPrice":{"amount":"1.005","currency":"CZK"}}""", "monthlyPrice")]
    [InlineData("/v1/clients/X/services/S/special-prices/P", """{"from":"2026-01-01","reason":"r","monthlyPrice":{"amount":1,"currency":"CZK"}}""", "monthlyPrice.amount")]
    [InlineData("/v1/clients/X/services/S/pauses/P", """{"from":"2026-02-01","to":"2026-02-01","reason":"r"}""", "to")]
    [InlineData("/v1/clients/X/one-off-items/I", """{"date":"2026-01-01","text":"t","unitPrice":{"amount":"1e3","currency":"CZK"}}""", "unitPrice")]
    [InlineData("/v1/clients/X/one-off-items/I", """{"date":"2026-01-01","text":"t","unitPrice":{"amount":"１２","currency":"CZK"}}""", "unitPrice")]
    [InlineData("/v1/tariffs/T", """{"name":"t","versions":[]}""", "versions")]
    [InlineData("/v1/tariffs/T", """{"name":"t","versions":[null]}""", "versions")]
    [InlineData("/v1/tariffs/T", """{"name":"t","versions":[{"validFrom":"2026-01-01","monthlyPrice":{"amount":"-1","currency":"CZK"}}]}""", "versions[0].monthlyPrice")]
    [InlineData("/v1/issuers/2", "{\"name\":\"i\",\"companyNumber\":\"1\",\"bankAccount\":{\"iban\":\"CZ00\"}," + Address + "}", "bankAccount.iban")]
    [InlineData("/v1/issuers/2", "{\"name\":\"i\",\"companyNumber\":\"1\",\"bankAccount\":{\"iban\":\"CZ6508000000192000145399\"},\"address\":{\"street\":\"a\",\"city\":\"b\",\"postalCode\":\"c\",\"country\":\"DE\"}}", "address.country")]
    [InlineData("/v1/issuers/2", "{\"name\":\"i\",\"companyNumber\":\"1\",\"supplyDating\":\"whenever\",\"bankAccount\":{\"iban\":\"CZ6508000000192000145399\"}," + Address + "}", "supplyDating")]
    [InlineData("/v1/tariffs/T", """{"name":"t","versions":[{"validFrom":"2026-01-01","monthlyPrice":{"amount":"20","currency":"EUR"}}]}""", "versions")]
    [InlineData("/v1/clients/X/one-off-items/I", """{"date":"2026-01-01","text":"t","unitPrice":{"amount":"9999999999999.99","currency":"CZK"}}""", "unitPrice")]
    [InlineData("/v1/dunning-policy", """{"name":"p","steps":[{"code":"b","daysOverdue":1,"minimumDebt":[{"amount":"0","currency":"CZK"}],"actions":["block"]}]}""", "steps[0].actions")]
    [InlineData("/v1/dunning-policy", """{"name":"p","steps":[{"code":"f","daysOverdue":1,"minimumDebt":[{"amount":"50","currency":"CZK"}],"actions":["fee"],"fee":[{"amount":"50","currency":"CZK"}]},{"code":"m","daysOverdue":5,"minimumDebt":[{"amount":"1000","currency":"CZK"}],"actions":["email"]},{"code":"b","daysOverdue":30,"minimumDebt":[{"amount":"200","currency":"CZK"}],"actions":["block"]}]}""", "steps[2].actions")]
    [InlineData("/v1/dunning-policy", """{"name":"p","steps":[{"code":"m","daysOverdue":1,"minimumDebt":[{"amount":"2","currency":"EUR"}],"actions":["email"]}]}""", "steps[0].minimumDebt")]
    [InlineData("/v1/dunning-policy", """{"name":"p","steps":[{"code":"m","daysOverdue":1,"minimumDebt":[{"amount":"2","currency":"CZK"},{"amount":"3","currency":"CZK"}],"actions":["email"]}]}""", "steps[0].minimumDebt")]
    [InlineData("/v1/dunning-policy", """{"name":"p","steps":[],"tolerance":[{"amount":"5","currency":"EUR"}]}""", "tolerance")]
    public async Task A_field_that_is_not_as_expected_is_named(string path, string body, string field)
    {
        var answer = (await _crm.Text(HttpMethod.Put, path, body)).MustBeProblem(400, "invalid-request");
        Assert.True(answer["errors"].TryGetProperty(field, out var reasons), answer.Body);
        Assert.NotEmpty(reasons.EnumerateArray());
        Assert.DoesNotContain("IspBilling.", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10000000.01", "up to 10000000.00 expected")]
    [InlineData("999999999999999.99", "an amount such as {\"amount\":\"499.00\",\"currency\":\"CZK\"}, up to 10000000.00, expected")]
    public async Task A_single_price_that_is_too_high_is_told_the_bound(string amount, string reason)
    {
        var body = $$$"""{"date":"2026-01-01","text":"t","unitPrice":{"amount":"{{{amount}}}","currency":"CZK"}}""";

        var answer = (await _crm.Text(HttpMethod.Put, "/v1/clients/X/one-off-items/I", body)).MustBeProblem(400, "invalid-request");

        Assert.Equal(reason, answer.Text("errors.unitPrice[0]"));
    }

    [Theory]
    [InlineData("/v1/reports/payments?from=2026-03-02&to=2026-03-01", "lies after the last day, to")]
    [InlineData("/v1/reports/clients?from=2026-04-01&to=2026-03-31", "lies after the last month, to")]
    [InlineData("/v1/reports/payments?from=2020-01-01&to=2026-03-01", "at most ")]
    public async Task Days_that_end_before_they_begin_are_told_so(string path, string reason)
    {
        var answer = (await _crm.Get(path)).MustBeProblem(400, "invalid-request");

        Assert.StartsWith(reason, answer["errors"].GetProperty("from").EnumerateArray().Single().GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/clients/X/services/S", """{"tariff":"HOME","start":"1. 1. 2026"}""", "start", "is not a date like 2026-12-31")]
    [InlineData("/v1/clients/X/services/S", """{"tariff":"HOME","start":"2026-01-01","end":"soon"}""", "end", "is not a date like 2026-12-31")]
    [InlineData("/v1/clients/X/services/S", """{"tariff":"HOME","start":"2026-01-01","cycleMonths":"1"}""", "cycleMonths", "is not a whole number")]
    [InlineData("/v1/clients/X/services/S", """{"tariff":7,"start":"2026-01-01"}""", "tariff", "is not a text")]
    [InlineData("/v1/clients/X/services/S/pauses/P", """{"from":"2026-02-01","reason":"r","bills":"yes"}""", "bills", "is neither true nor false")]
    [InlineData("/v1/clients/X", "{\"name\":\"a\",\"delivery\":\"pigeon\"," + Address + "}", "delivery", "is none of: email, portal, post")]
    public async Task What_would_have_been_right_is_said(string path, string body, string field, string reason)
    {
        var answer = (await _crm.Text(HttpMethod.Put, path, body)).MustBeProblem(400, "invalid-request");
        Assert.Equal(reason, Assert.Single(answer["errors"].GetProperty(field).EnumerateArray()).GetString());
    }

    [Theory]
    [InlineData("/v1/clients?limit=many", "limit", "is not a whole number")]
    [InlineData("/v1/reports/revenue?from=2026-13-01", "from", "is not a date like 2026-12-31")]
    [InlineData("/v1/reports/revenue?from=3/1/2026", "from", "is not a date like 2026-12-31")]
    [InlineData("/v1/reports/payments?to=2026-3-1", "to", "is not a date like 2026-12-31")]
    [InlineData("/v1/reports/recurring?on=1.3.2026", "on", "is not a date like 2026-12-31")]
    [InlineData("/v1/clients/X?through=2026-03-01T00:00:00", "through", "is not a date like 2026-12-31")]
    [InlineData("/v1/billing-runs/7f1c1a0e-0000-4000-8000-000000000000/items?outcome=1", "outcome", "is none of: issued, nothingToBill, skipped, parked")]
    [InlineData("/v1/clients?limit=1&limit=2", "limit", "stands there twice")]
    [InlineData("/v1/clients?serach=x", "serach", "is not known here; known: cursor, limit, search")]
    [InlineData("/v1/issuers?limit=1", "limit", "no query is known here")]
    public async Task What_would_have_been_right_in_a_query_is_said(string path, string field, string reason)
    {
        var answer = (await _crm.Get(path)).MustBeProblem(400, "invalid-request");
        Assert.Equal(reason, Assert.Single(answer["errors"].GetProperty(field).EnumerateArray()).GetString());
    }

    [Fact]
    public async Task The_id_that_a_problem_names_is_in_the_log_and_no_other_problem_names_one()
    {
        using var heard = new HeardLog();
        engine.Host.Listen(heard);
        Answer broken;
        await engine.Database.Execute("ALTER TABLE client_references RENAME TO client_references_elsewhere");
        try
        {
            broken = (await _crm.Get("/v1/clients/X")).MustBeProblem(500, "internal");
        }
        finally
        {
            await engine.Database.Execute("ALTER TABLE client_references_elsewhere RENAME TO client_references");
        }

        const string before = "The log has it under ";
        var detail = broken.Text("detail")!;
        Assert.StartsWith(before, detail, StringComparison.Ordinal);
        Assert.Equal([$"{detail[before.Length..^1]}: GET /v1/clients/X failed."], heard.Errors);
        foreach (var path in (string[])["/v1/clients/nobody", "/v1/nothing", "/v1/clients?limit=0"])
            Assert.False((await _crm.Get(path)).Json.TryGetProperty("traceId", out _), path);
    }

    [Fact]
    public async Task A_word_in_a_query_is_written_as_it_is_in_answers()
    {
        var started = (await _crm.Post("/v1/billing-runs", new { mode = "preview", through = "2026-03-01" })).Must(202);
        foreach (var outcome in (string[])["issued", "nothingToBill", "skipped", "parked"])
            (await _crm.Get($"/v1/billing-runs/{started.Text("id")}/items?outcome={outcome}")).Must(200);
    }

    [Theory]
    [InlineData(@"260\u00000000001")]
    [InlineData("")]
    [InlineData("26000000011")]
    [InlineData("d2600000001")]
    public async Task A_dispute_about_what_is_no_number_is_refused(string document)
    {
        var answer = await _crm.Text(HttpMethod.Post, "/v1/clients/R-1/disputes", $$"""{"document":"{{document}}","disputed":true,"reason":"r"}""");

        Assert.True(answer.MustBeProblem(400, "invalid-request")["errors"].TryGetProperty("document", out _), answer.Body);
    }

    [Theory]
    [InlineData("/v1/clients?limit=0", "limit")]
    [InlineData("/v1/clients?limit=501", "limit")]
    [InlineData("/v1/clients?limit=many", "limit")]
    [InlineData("/v1/clients?cursor=nonsense", "cursor")]
    [InlineData("/v1/documents/12", "number")]
    public async Task A_query_that_cannot_be_read_names_its_part(string path, string field)
    {
        var answer = (await _crm.Get(path)).MustBeProblem(400, "invalid-request");
        Assert.True(answer["errors"].TryGetProperty(field, out _), answer.Body);
    }

    [Theory]
    [InlineData("/v1/clients/nobody")]
    [InlineData("/v1/clients/nobody/documents")]
    [InlineData("/v1/clients/nobody/payments")]
    [InlineData("/v1/documents/2600099999")]
    [InlineData("/v1/documents/2600099999/lines/1/explanation")]
    [InlineData("/v1/tariffs/none")]
    [InlineData("/v1/issuers/99")]
    [InlineData("/v1/billing-runs/7f1c1a0e-0000-4000-8000-000000000000")]
    [InlineData("/v1/billing-runs/7f1c1a0e-0000-4000-8000-000000000000/proof")]
    [InlineData("/v1/statements/7f1c1a0e-0000-4000-8000-000000000000")]
    [InlineData("/v1/nothing/of/the/kind")]
    public async Task What_is_not_there_is_said_not_to_be(string path) => (await _crm.Get(path)).MustBeProblem(404);

    [Fact]
    public async Task A_value_that_no_account_accepts_is_named_too()
    {
        const string unprintable = "\uE000";
        (await _crm.Put("/v1/clients/V-1", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/V-1/services/S", new { tariff = "HOME", start = "2026-01-01" })).Must(200);
        (await _crm.Put("/v1/tariffs/DEAR", new { name = "Dear", versions = new[] { new { validFrom = "2020-01-01", monthlyPrice = RunningEngine.Czk("9000000.00") } } })).Must(201);

        await Named("name", "/v1/clients/V-1", RunningEngine.Client($"Jan {unprintable}"));
        await Named("address.street", "/v1/clients/V-1", new { name = "Jan", address = new { street = unprintable, city = "Praha", postalCode = "110 00" } });
        await Named("companyNumber", "/v1/clients/V-1", new { name = "Jan", companyNumber = unprintable, address = new { street = "a", city = "Praha", postalCode = "110 00" } });
        await Named("issuer", "/v1/clients/V-1", new { name = "Jan", issuer = 99, address = new { street = "a", city = "Praha", postalCode = "110 00" } });
        await Named("quantity", "/v1/clients/V-1/services/T", new { tariff = "DEAR", start = "2026-01-01", quantity = 1_000_000 });
        await Named("text", "/v1/clients/V-1/one-off-items/I", new { date = "2026-03-01", text = unprintable, unitPrice = RunningEngine.Czk("1.00") });
        await Named("unitPrice", "/v1/clients/V-1/one-off-items/I", new { date = "2026-03-01", text = "t", unitPrice = RunningEngine.Czk("0.00") });
        await Named("monthlyPrice", "/v1/clients/V-1/services/S/special-prices/P", new { from = "2026-03-01", reason = "r", monthlyPrice = RunningEngine.Czk("-1.00") });
        Assert.True((await _crm.Post("/v1/clients/V-1/promise-to-pay", new { until = "2026-02-01" })).MustBeProblem(400, "date-in-the-past")["errors"].TryGetProperty("until", out _));

        async Task Named(string field, string path, object body)
        {
            var refused = (await _crm.Put(path, body)).MustBeProblem(400, "invalid-value");
            Assert.Equal(refused.Text("detail"), Assert.Single(refused["errors"].GetProperty(field).EnumerateArray()).GetString());
        }
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_taken_back_and_what_was_taken_back_under_a_key_stays_so()
    {
        (await _crm.Put("/v1/clients/U-1", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/U-1/services/S", new { tariff = "HOME", start = "2026-01-01" })).Must(200);
        foreach (var (what, body, problem) in new (string, object, string)[]
        {
            ("services/S/pauses", new { from = "2026-04-01", reason = "r" }, "unknown-pause"),
            ("services/S/special-prices", new { from = "2026-04-01", discountPercent = 10, reason = "r" }, "unknown-special-price"),
            ("one-off-items", new { date = "2026-03-01", text = "t", unitPrice = RunningEngine.Czk("1.00") }, "unknown-item"),
        })
        {
            (await _crm.Delete($"/v1/clients/U-1/{what}/none")).MustBeProblem(404, problem);
            (await _crm.Put($"/v1/clients/U-1/{what}/X", body)).Must(204);
            (await _crm.Send(HttpMethod.Delete, $"/v1/clients/U-1/{what}/X", content: null, $"take back {what}".Replace(' ', '-'))).Must(204);
            var again = (await _crm.Send(HttpMethod.Delete, $"/v1/clients/U-1/{what}/X", content: null, $"take back {what}".Replace(' ', '-'))).Must(204);
            Assert.Equal("true", again.Header("Idempotency-Hit"));
        }

        (await _crm.Delete("/v1/clients/U-1/services/S/pauses/X")).MustBeProblem(404, "unknown-pause");
        (await _crm.Delete("/v1/clients/U-1/services/none/pauses/X")).MustBeProblem(404, "unknown-service");
        (await _crm.Delete("/v1/clients/nobody/services/S/pauses/X")).MustBeProblem(404, "unknown");
        (await _crm.Delete("/v1/api-keys/999999")).MustBeProblem(404, "unknown");
    }

    [Theory]
    [InlineData("/v1/billing-runs", """{"mode":"issue","through":"2026-12-31","confirm":{"count":-1,"sum":[]}}""", "confirm.count")]
    [InlineData("/v1/entries/1/return", """{"payments":[{"client":"X","payment":0,"amount":{"amount":"1.00","currency":"CZK"}}],"reason":"r"}""", "payments[0].payment")]
    [InlineData("/v1/entries/1/close", """{"reason":"r","with":-1}""", "with")]
    public async Task A_number_that_can_count_nothing_is_named(string path, string body, string field) =>
        Assert.True((await _crm.Text(HttpMethod.Post, path, body)).MustBeProblem(400, "invalid-request")["errors"].TryGetProperty(field, out _));

    [Fact]
    public async Task What_an_account_refuses_is_a_conflict()
    {
        (await _crm.Put("/v1/clients/R-1", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/R-1/services/S", new { tariff = "HOME", start = "2026-01-01" })).Must(200);
        (await _crm.Put("/v1/clients/R-1/services/S", new { tariff = "HOME", start = "2026-01-02" })).MustBeProblem(409, "start-cannot-change");
        (await _crm.Post("/v1/clients/R-1/close")).MustBeProblem(409, "service-still-runs");
        (await _crm.Post("/v1/clients/R-1/promise-to-pay", new { until = "2026-02-01" })).MustBeProblem(400, "date-in-the-past");
        (await _crm.Put("/v1/clients/R-1/services/T/pauses/P", new { from = "2026-01-01", reason = "r" })).MustBeProblem(404, "unknown-service");
        (await _crm.Put("/v1/tariffs/HOME", new
        {
            name = "Home", priceMode = "net", versions = new[] { new { validFrom = "2026-01-01", monthlyPrice = RunningEngine.Czk("1.00") } },
        })).MustBeProblem(409, "tariff-cannot-change-so");
    }

    [Theory]
    [InlineData("/v1/clients?search=%ED%A0%80")]
    [InlineData("/v1/clients/%ED%A0%80")]
    [InlineData("/v1/clients/%F0%9F")]
    [InlineData("/v1/documents/%ED%A0%80")]
    public async Task Bytes_that_are_no_text_are_the_callers_fault_or_find_nothing(string path) => (await _crm.Get(path)).Must(200, 400, 404);

    [Fact]
    public async Task A_file_name_is_cut_between_characters()
    {
        var bear = string.Concat(Enumerable.Repeat("\ud83d\udc3b", 150));
        var path = $"/v1/statements?fileName=x{Uri.EscapeDataString(bear)}{Uri.EscapeDataString(bear)}";

        (await _crm.Text(HttpMethod.Post, path, "no statement", "application/octet-stream")).MustBeProblem(422, "statement-refused");
    }

    [Fact]
    public async Task Other_types_and_sizes_are_refused()
    {
        (await _crm.Text(HttpMethod.Put, "/v1/clients/X", "name=a", "application/x-www-form-urlencoded")).MustBeProblem(415, "unsupported-media-type");
        (await _crm.Text(HttpMethod.Put, "/v1/clients/X", $"{{\"name\":\"{new string('a', 1_100_000)}\"}}")).MustBeProblem(413, "too-large");
        (await _crm.Text(HttpMethod.Put, "/v1/clients/X", new string('[', 100))).MustBeProblem(400);
        (await _crm.Send(HttpMethod.Patch, "/v1/clients/X", content: null)).MustBeProblem(405);
    }
}
