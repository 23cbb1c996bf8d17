using IspBilling.Banking.Gpc;
using IspBilling.Domain;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>A clerk's way out of everything that a statement brings.</summary>
public sealed class ClerkActions(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private static readonly CzechAccount Own = new(19, 2_000_145_399, 800);
    private readonly KeyHolder _crm = engine.Operator;
    private static int _tests;
    private int _statements;

    /// <summary>Each statement goes on where the one before it ends, and each test begins where no other does.</summary>
    private Money _balance = Money.Czk(100_000 * Interlocked.Increment(ref _tests));

    [Fact]
    public async Task A_payment_is_returned_with_a_fee_and_a_refund_is_booked()
    {
        (await _crm.Put("/v1/clients/R-1", RunningEngine.Client("Iva Malá"))).Must(201);
        var paid = await Waiting(Entry(500m, "9001"), "9001");
        (await _crm.Post($"/v1/entries/{paid}/assign", new { client = "R-1", reason = "says the client" })).Must(200);
        var returned = await Waiting(Entry(160m, "9002", EntryDirection.Debit, isReversal: true), "9002");

        (await _crm.Post($"/v1/entries/{returned}/return", new
        {
            payments = new[] { new { client = "R-1", payment = 1, amount = RunningEngine.Czk("100.00") } }, reason = "sent back",
        })).MustBeProblem(400, "sum-differs")["errors"].GetProperty("payments");
        (await _crm.Post($"/v1/entries/{returned}/return", new
        {
            payments = new[] { new { client = "R-1", payment = 1, amount = RunningEngine.Czk("100.00") } }, fee = RunningEngine.Czk("0.00"), reason = "sent back",
        })).MustBeProblem(400, "part-not-positive")["errors"].GetProperty("fee");
        (await _crm.Post($"/v1/entries/{returned}/return", new
        {
            payments = new[] { new { client = "R-1", payment = 9, amount = RunningEngine.Czk("100.00") } }, fee = RunningEngine.Czk("60.00"), reason = "sent back",
        })).MustBeProblem(409, "account-refused");
        (await _crm.Post($"/v1/entries/{returned}/return", new
        {
            payments = new[] { new { client = "R-1", payment = 1, amount = RunningEngine.Czk("100.00") } }, fee = RunningEngine.Czk("60.00"), reason = "sent back",
        })).Must(200);

        var payments = (await _crm.Get("/v1/clients/R-1/payments")).Must(200);
        Assert.Equal("-100.00", payments.Amount("items[0].amount"));
        Assert.Equal(("500.00", "100.00", "400.00"), (payments.Amount("items[1].amount"), payments.Amount("items[1].paidBack"), payments.Amount("items[1].credit")));

        var refund = await Opened(Entry(400m, "9003", EntryDirection.Debit), "9003");
        (await _crm.Post($"/v1/entries/{refund}/assign", new { client = "R-1" })).Must(200);
        Assert.Equal("0.00", (await _crm.Get("/v1/clients/R-1")).Must(200).Amount("credit"));
    }

    [Fact]
    public async Task What_is_no_client_s_is_closed_alone_or_with_its_storno_and_opened_again()
    {
        var interest = await Waiting(Entry(3m, "9011"), "9011");
        (await _crm.Post($"/v1/entries/{interest}/close", new { reason = " " })).MustBeProblem(400, "invalid-request");
        Assert.Equal("rejected", (await _crm.Post($"/v1/entries/{interest}/close", new { reason = "interest" })).Must(200).Text("state"));
        Assert.Equal("suspense", (await _crm.Post($"/v1/entries/{interest}/reopen", new { reason = "a client's" })).Must(200).Text("state"));
        var entry = (await _crm.Get($"/v1/entries/{interest}")).Must(200);
        Assert.Equal(
            [("closed", "interest"), ("reopened", "a client's")],
            entry["decisions"].EnumerateArray().Select(decision => (decision.GetProperty("action").GetString()!, decision.GetProperty("reason").GetString()!)));
        (await _crm.Get("/v1/entries/999999999")).MustBeProblem(404, "unknown");

        var payment = await Waiting(Entry(77m, "9012"), "9012");
        var storno = await Waiting(Entry(77m, "9013", EntryDirection.Debit, isReversal: true), "9013");
        (await _crm.Post($"/v1/entries/{payment}/close", new { reason = "they cancel", with = interest })).MustBeProblem(400, "no-pair")["errors"].GetProperty("with");
        (await _crm.Post($"/v1/entries/{payment}/close", new { reason = "they cancel", with = storno })).Must(200);
        (await _crm.Post($"/v1/entries/{storno}/close", new { reason = "once more" })).MustBeProblem(409, "not-in-suspense");
    }

    [Fact]
    public async Task An_entry_is_split_with_a_reason_and_booked_whole_where_its_own_amount_is_stated()
    {
        foreach (var client in new[] { "R-2", "R-3" }) (await _crm.Put($"/v1/clients/{client}", RunningEngine.Client(client))).Must(201);
        var entry = await Waiting(Entry(600m, "9031"), "9031");
        var part = await _crm.Post($"/v1/entries/{entry}/assign", new { client = "R-2", amount = RunningEngine.Czk("500.00"), reason = "the rest is another's" });
        part.MustBeProblem(400, "currency-differs");
        Assert.Contains("to book a part of the entry, split it", part.Body, StringComparison.Ordinal);

        (await _crm.Post($"/v1/entries/{entry}/split", new
        {
            parts = new[] { new { client = "R-2", amount = RunningEngine.Czk("500.00") }, new { client = "R-3", amount = RunningEngine.Czk("100.00") } }, reason = "two neighbours",
        })).Must(200);
        var detail = (await _crm.Get($"/v1/entries/{entry}")).Must(200);
        Assert.Equal(("two neighbours", "two neighbours"), (detail.Text("entry.reason"), detail.Text("decisions[0].reason")));

        (await _crm.Post($"/v1/entries/{entry}/unassign", new { reason = "one of them paid all" })).Must(200);
        (await _crm.Post($"/v1/entries/{entry}/assign", new { client = "R-2", amount = RunningEngine.Czk("600.00") })).Must(200);
        Assert.Equal("600.00", (await _crm.Get("/v1/clients/R-2")).Must(200).Amount("credit"));
    }

    [Fact]
    public async Task That_a_statement_does_not_add_up_is_seen_at_the_statement_and_in_the_list()
    {
        var content = await File(Entry(5m, "9041"));
        // One of the closing balance's digits.
        content[73] ^= 1;

        var import = (await _crm.Send(HttpMethod.Post, "/v1/statements?fileName=odd.gpc", new ByteArrayContent(content))).Must(201);

        var listed = (await _crm.Get("/v1/statements?limit=50")).Must(200)["items"].EnumerateArray().Single(item => item.GetProperty("fileName").GetString() == "odd.gpc");
        var shown = (await _crm.Get($"/v1/statements/{import.Text("id")}")).Must(200);
        Assert.Contains("the statement does not add up", listed.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("the statement does not add up", shown["warnings"][0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_entries_that_may_be_the_same_money_one_is_booked_until_a_person_tells_them_apart()
    {
        foreach (var client in new[] { "R-4", "R-5" }) (await _crm.Put($"/v1/clients/{client}", RunningEngine.Client(client))).Must(201);
        var opening = _balance;
        var first = await Waiting(Entry(700m, "9051"), "9051");
        // The same day again, from the same balance to the same balance, with another symbol.
        _balance = opening;
        var second = await Waiting(Entry(700m, "9052"), "9052");
        var waiting = (await _crm.Get($"/v1/entries/{first}")).Must(200);
        Assert.True(waiting["entry"].GetProperty("isDoubtful").GetBoolean());
        Assert.Equal([second], waiting["entry"].GetProperty("mayBe").EnumerateArray().Select(other => other.GetInt64()));
        Assert.EndsWith($"it may be the same money as entry {second}", waiting.Text("entry.reason"), StringComparison.Ordinal);

        (await _crm.Post($"/v1/entries/{second}/assign", new { client = "R-5" })).Must(200);
        var refused = await _crm.Post($"/v1/entries/{first}/assign", new { client = "R-4" });
        refused.MustBeProblem(409, "counterpart-booked");
        Assert.Contains($"entry {first} may be the same money as entry {second}, which is booked on client 'R-5'", refused.Body, StringComparison.Ordinal);
        (await _crm.Post($"/v1/entries/{first}/split", new { parts = new[] { new { client = "R-4", amount = RunningEngine.Czk("700.00") } } })).MustBeProblem(409, "counterpart-booked");

        (await _crm.Post($"/v1/entries/{first}/tell-apart", new { from = new[] { second }, reason = " " })).MustBeProblem(400, "invalid-request");
        (await _crm.Post($"/v1/entries/{first}/tell-apart", new { from = Array.Empty<long>(), reason = "two payments" })).MustBeProblem(400, "invalid-request");
        (await _crm.Post($"/v1/entries/{first}/tell-apart", new { from = new[] { 999_999_999L }, reason = "two payments" })).MustBeProblem(404, "unknown-entry");
        Assert.Equal("suspense", (await _crm.Post($"/v1/entries/{first}/tell-apart", new { from = new[] { second }, reason = "two payments" })).Must(200).Text("state"));
        (await _crm.Post($"/v1/entries/{first}/tell-apart", new { from = new[] { second }, reason = "two payments" })).MustBeProblem(409, "not-in-doubt");
        (await _crm.Post($"/v1/entries/{first}/assign", new { client = "R-4" })).Must(200);

        var decided = (await _crm.Get($"/v1/entries/{second}")).Must(200);
        Assert.Equal(("toldApart", "two payments"), (decided.Text("decisions[1].action"), decided.Text("decisions[1].reason")));
        Assert.False(decided["entry"].GetProperty("isDoubtful").GetBoolean());
    }

    [Fact]
    public async Task A_file_of_no_format_stands_in_the_list_of_statements()
    {
        (await _crm.Send(HttpMethod.Post, "/v1/statements?fileName=page.html", new ByteArrayContent("<html><body>sign in</body></html>"u8.ToArray())))
            .MustBeProblem(422, "statement-refused");

        var listed = (await _crm.Get("/v1/statements?limit=50")).Must(200)["items"].EnumerateArray().Single(import => import.GetProperty("fileName").GetString() == "page.html");
        Assert.Equal("refused", listed.GetProperty("status").GetString());
        Assert.Contains("a web page", listed.GetProperty("refusal").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_booked_long_after_today_refuses_its_file()
    {
        var far = Entry(1m, "9021") with { BookedOn = new DateOnly(2026, 9, 1), ValueOn = new DateOnly(2026, 9, 1) };

        (await _crm.Send(HttpMethod.Post, "/v1/statements?fileName=far.gpc", new ByteArrayContent(await File(far)))).MustBeProblem(422, "statement-refused");
    }

    private async Task<long> Waiting(StatementEntry entry, string symbol)
    {
        (await _crm.Send(HttpMethod.Post, "/v1/statements?fileName=desk.gpc", new ByteArrayContent(await File(entry)))).Must(201);
        return (await _crm.Get("/v1/suspense?limit=200")).Must(200)["items"].EnumerateArray().Single(waiting => waiting.GetProperty("variableSymbol").GetString() == symbol)
            .GetProperty("id").GetInt64();
    }

    /// <summary>What went out to somebody nobody knows is closed by rule.</summary>
    private async Task<long> Opened(StatementEntry entry, string symbol)
    {
        var import = (await _crm.Send(HttpMethod.Post, "/v1/statements?fileName=desk.gpc", new ByteArrayContent(await File(entry)))).Must(201);
        var id = (await _crm.Get($"/v1/statements/{import.Text("id")}/entries")).Must(200)["items"].EnumerateArray()
            .Single(brought => brought.GetProperty("variableSymbol").GetString() == symbol).GetProperty("id").GetInt64();
        (await _crm.Post($"/v1/entries/{id}/reopen", new { reason = "a refund" })).Must(200);
        return id;
    }

    private static StatementEntry Entry(decimal amount, string symbol, EntryDirection direction = EntryDirection.Credit, bool isReversal = false) => new(
        Own.ToString(), null, Money.Czk(amount), direction, isReversal, new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 1), "1000000005/0300", "Payer",
        VariableSymbol.Read(symbol), null, null, null, null, "record 1");

    private async Task<byte[]> File(StatementEntry entry)
    {
        using var file = new MemoryStream();
        var heading = GpcHeading.Of(Own, "Provider", ++_statements, entry.BookedOn.AddDays(-1), entry.BookedOn, _balance, [entry]);
        _balance += entry.Direction == EntryDirection.Credit ? entry.Amount : -entry.Amount;
        await GpcStatementWriter.Write(file, heading, [entry], CancellationToken.None);
        return file.ToArray();
    }
}
