using IspBilling.Banking.Gpc;
using IspBilling.Domain;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

public sealed class HappyPath(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private static readonly CzechAccount Own = new(19, 2_000_145_399, 800);
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task A_client_is_connected_billed_and_pays()
    {
        (await _crm.Put("/v1/clients/C-1", RunningEngine.Client())).Must(201);
        (await _crm.Put("/v1/clients/C-1/services/S-1", new { tariff = "HOME", start = "2026-01-17" })).Must(200);

        var preview = await Run("preview");
        Assert.Equal("1239.45", preview.Amount("total"));
        Assert.Empty((await _crm.Get("/v1/clients/C-1/documents")).Must(200)["items"].EnumerateArray());

        var issue = await Run("issue", preview.Text("id"));
        Assert.Equal((1, 1), (issue["issued"].GetInt32(), issue["documents"].GetInt32()));
        Assert.Empty((await _crm.Get($"/v1/billing-runs/{issue.Text("id")}/deviations")).Must(200)["items"].EnumerateArray());
        var proof = (await _crm.Get($"/v1/billing-runs/{issue.Text("id")}/proof")).Must(200);
        Assert.True(proof["isComplete"].GetBoolean(), proof.Body);

        var number = (await _crm.Get("/v1/clients/C-1/documents")).Must(200).Text("items[0].number")!;
        var document = (await _crm.Get($"/v1/documents/{number}")).Must(200);
        var found = (await _crm.Get($"/v1/clients?search={document.Text("payment.variableSymbol")}")).Must(200);
        Assert.Equal("C-1", Assert.Single(found["items"].EnumerateArray()).GetProperty("reference").GetString());
        Assert.Equal("1239.45", document.Amount("open"));
        Assert.Equal("241.45", document.Amount("lines[0].amount"));
        Assert.Equal(number, document.Text("payment.variableSymbol"));

        var explanation = (await _crm.Get($"/v1/documents/{number}/lines/1/explanation")).Must(200);
        Assert.Equal("499.00 × 15/31 = 241.45161… → 241.45 CZK", explanation.Text("formula"));
        Assert.Equal("service-started.v1", explanation.Text("cause.what"));
        Assert.Equal("HOME", explanation.Text("tariff.code"));

        var statement = (await Upload(await Statement(1_239.45m, number))).Must(201);
        Assert.Equal(1, statement["matched"].GetInt32());
        Assert.Equal("1239.45", statement.Amount("matchedTotal"));

        var paid = (await _crm.Get($"/v1/documents/{number}")).Must(200);
        Assert.Equal("0.00", paid.Amount("open"));
        Assert.Equal("payment", paid.Text("settlements[0].source"));
        var payment = (await _crm.Get("/v1/clients/C-1/payments")).Must(200);
        Assert.Equal("exactDocument", payment.Text("items[0].rule"));
        Assert.Equal(number, payment.Text("items[0].allocations[0].document"));

        var card = (await _crm.Get("/v1/clients/C-1?through=2026-04-01")).Must(200);
        Assert.Equal("0.00", card.Amount("balance"));
        Assert.Equal("2026-04-01", card.Text("nextBillingOn"));
        Assert.Equal("499.00", card.Amount("nextDocuments.documents[0].total"));
        Assert.Equal("499.00", card.Amount("services[0].monthlyPrice"));

        // The same file again books nothing again.
        var again = (await Upload(await Statement(1_239.45m, number))).Must(201);
        Assert.Equal((1, 0), (again["alreadyKnown"].GetInt32(), again["matched"].GetInt32()));
    }

    [Fact]
    public async Task An_unknown_payment_waits_for_a_person()
    {
        (await _crm.Put("/v1/clients/C-2", RunningEngine.Client("Eva Malá"))).Must(201);
        (await _crm.Put("/v1/clients/C-3", RunningEngine.Client("Petr Malý"))).Must(201);
        (await Upload(await Statement(300m, "77", opening: 2_000))).Must(201);
        var waiting = (await _crm.Get("/v1/suspense")).Must(200)["items"].EnumerateArray().Single(entry => entry.GetProperty("variableSymbol").GetString() == "77");
        Assert.Equal("nobody carries symbol 77", waiting.GetProperty("reason").GetString());
        var id = waiting.GetProperty("id").GetInt64();

        (await _crm.Post($"/v1/entries/{id}/split", new
        {
            parts = new[] { new { client = "C-2", amount = RunningEngine.Czk("100.00") }, new { client = "C-3", amount = RunningEngine.Czk("100.00") } },
        })).MustBeProblem(400, "sum-differs");
        (await _crm.Post($"/v1/entries/{id}/assign", new { client = "C-2" })).Must(200);
        Assert.Equal("-300.00", (await _crm.Get("/v1/clients/C-2")).Must(200).Amount("balance"));
        (await _crm.Post($"/v1/entries/{id}/unassign", new { reason = "it is Petr's" })).Must(200);
        (await _crm.Post($"/v1/entries/{id}/split", new
        {
            parts = new[] { new { client = "C-2", amount = RunningEngine.Czk("100.00") }, new { client = "C-3", amount = RunningEngine.Czk("200.00") } },
        })).Must(200);
        Assert.Equal("-100.00", (await _crm.Get("/v1/clients/C-2")).Must(200).Amount("balance"));
        Assert.Equal("200.00", (await _crm.Get("/v1/clients/C-3")).Must(200).Amount("credit"));
    }

    [Fact]
    public async Task What_a_client_refuses_is_told_with_the_client_s_reference_and_not_with_the_engine_s_number()
    {
        (await _crm.Put("/v1/clients/C-4", RunningEngine.Client("Parked"))).Must(201);
        (await Upload(await Statement(40m, "79", opening: 3_000))).Must(201);
        var id = (await _crm.Get("/v1/suspense")).Must(200)["items"].EnumerateArray()
            .Single(entry => entry.GetProperty("variableSymbol").GetString() == "79").GetProperty("id").GetInt64();
        // As an earlier release has stored it.
        await engine.Database.Execute(
            $"UPDATE statement_entries SET reason = 'account ' || (SELECT account_id FROM client_references WHERE reference = 'C-4') || ': parked, x' WHERE id = {id}");

        var waiting = (await _crm.Get("/v1/suspense")).Must(200)["items"].EnumerateArray().Single(entry => entry.GetProperty("id").GetInt64() == id);

        Assert.Equal("client 'C-4': parked, x", waiting.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_statement_that_cannot_be_trusted_says_where_and_why()
    {
        var refused = (await Upload("not a statement of any bank"u8.ToArray())).MustBeProblem(422, "statement-refused");
        Assert.False(string.IsNullOrEmpty(refused.Text("expected")));
        Assert.False(string.IsNullOrEmpty(refused.Text("found")));
        Assert.Equal("march.gpc", refused.Text("fileName"));
    }

    [Fact]
    public async Task A_statement_may_come_as_a_form()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(await Statement(12m, "78", opening: 4_000)), "file", "form.gpc" } };
        var import = (await _crm.Send(HttpMethod.Post, "/v1/statements", form)).Must(201);
        Assert.Equal("form.gpc", import.Text("fileName"));
        Assert.Equal(1, import["suspense"].GetInt32());
    }

    private async Task<Answer> Run(string mode, string? comparedTo = null)
    {
        var started = (await _crm.Post("/v1/billing-runs", new { mode, through = "2026-03-31", clients = new[] { "C-1" }, comparedTo })).Must(202);
        Assert.Equal($"/v1/billing-runs/{started.Text("id")}", started.Headers.Location?.OriginalString);
        while (true)
        {
            var run = (await _crm.Get(started.Headers.Location!.OriginalString)).Must(200);
            if (run.Text("status") != "running") return run;
            await Task.Delay(20);
        }
    }

    private Task<Answer> Upload(byte[] file) => _crm.Send(HttpMethod.Post, "/v1/statements?fileName=march.gpc", new ByteArrayContent(file));

    /// <param name="opening">Balances that lie apart tell of different parts of the day.</param>
    private static async Task<byte[]> Statement(decimal amount, string symbol, decimal opening = 0)
    {
        var money = Money.Czk(amount);
        var day = new DateOnly(2026, 3, 1);
        var entry = new StatementEntry(
            Own.ToString(), null, money, EntryDirection.Credit, IsReversal: false, day, day, "1000000005/0300", "Payer",
            VariableSymbol.Read(symbol), null, null, null, null, "record 1");
        using var file = new MemoryStream();
        var heading = GpcHeading.Of(Own, "Provider", statementNumber: 1, day.AddDays(-1), day, Money.Czk(opening), [entry]);
        await GpcStatementWriter.Write(file, heading, [entry], CancellationToken.None);
        return file.ToArray();
    }
}
