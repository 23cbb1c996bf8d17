using System.Text.Json;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Outgoing;
using IspBilling.Http.Tests.Support;
using IspBilling.Postgres.Settings;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>The whole story of one who pays late, and of the ticket that was about it.</summary>
public sealed class LatePayerStory(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _clerk = engine.Operator;

    [Fact]
    public async Task The_story_of_a_late_payer_stands_on_one_page_in_the_order_in_which_it_happened()
    {
        (await _clerk.Put("/v1/dunning-policy", new
        {
            name = "two", reason = "a beginning",
            steps = new object[]
            {
                new { code = "remind", daysOverdue = 5, minimumDebt = new[] { RunningEngine.Czk("100.00") }, actions = new[] { "email" } },
                new { code = "cut", daysOverdue = 15, minimumDebt = new[] { RunningEngine.Czk("100.00") }, actions = new[] { "sms", "block" } },
            },
        })).Must(200);
        At("2026-03-01T08:00");
        (await _clerk.Put("/v1/channels/email", new { state = "on", reason = "a beginning" })).Must(200);
        (await _clerk.Put("/v1/clients/L-1", RunningEngine.Client("Late"))).Must(201);
        (await _clerk.Put("/v1/clients/L-1/services/S", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
        await engine.Issue("L-1", "2026-03-01");
        var invoice = (await _clerk.Get("/v1/clients/L-1/documents")).Must(200).Text("items[0].number");

        At("2026-03-25T09:00");
        await Ask(new Review());
        await AcceptMails();
        At("2026-03-25T10:00");
        var called = (await _clerk.Post("/v1/clients/L-1/notes", new { kind = "call", text = "Will pay on Friday.\r\nAsks for the account.", ticket = "T-7" })).Must(201);
        Assert.Equal("Will pay on Friday.\nAsks for the account.", called.Text("text"));
        At("2026-03-25T10:05");
        (await _clerk.Post("/v1/clients/L-1/promise-to-pay", new { until = "2026-03-27" })).Must(204);
        At("2026-04-05T09:00");
        await Ask(new Review());
        At("2026-04-06T09:00");
        (await _clerk.Post("/v1/clients/L-1/notes", new { kind = "inbound", text = "Why is my line dead?", ticket = "T-7" })).Must(201);
        At("2026-04-06T12:00");
        await Ask(new BookPayment("cash-1", Money.Czk(499), new DateOnly(2026, 4, 6), null, null, null, MatchRule.Clerk));
        At("2026-06-01T09:00");
        (await _clerk.Post("/v1/clients/L-1/notes", new { kind = "note", text = "A good client by now." })).Must(201);

        var story = (await _clerk.Get("/v1/clients/L-1/history")).Must(200)["items"].EnumerateArray().Reverse().ToList();
        Assert.Equal(
            [
                "document", "message document email", "dunningStep remind", "reminderReached", "message reminder remind email", "call", "promise", "dunningStep cut", "levelChanged blocked",
                "message reminder cut sms", "message services: Blocked network", "inbound", "payment 499.00",
            ],
            story.Select(Told).Where(told => told != "messageEnded").TakeWhile(told => told is not ("debtCleared" or "levelChanged full")).ToList());
        // The document and the reminder, as the mail server took them.
        Assert.Equal(2, story.Select(Told).Count(told => told == "messageEnded"));
        Assert.Equal("note", Told(story[^1]));
        Assert.Contains("debtCleared", story.Select(Told));
        Assert.Equal(story.Count, story.Select(row => row.GetProperty("id").GetString()).Distinct().Count());
        Assert.Equal(story.Select(row => row.GetProperty("at").GetDateTimeOffset()), story.Select(row => row.GetProperty("at").GetDateTimeOffset()).Order());
        Assert.Equal(invoice, story[0].GetProperty("document").GetString());

        // The line was to be cut on 1 April, when nobody reviewed the client until the 5th. The promise ended before it mattered.
        var plan = (await _clerk.Get("/v1/clients/L-1/dunning-plan?from=2026-03-25&days=14")).Must(200);
        Assert.Equal(["2026-03-25 remind", "2026-04-01 cut"], plan["planned"].EnumerateArray().Select(Planned));
        var differences = plan["differences"].EnumerateArray().ToList();
        Assert.Equal(
            ["2026-04-01", "2026-04-02", "2026-04-03", "2026-04-04"],
            differences.Where(difference => difference.GetProperty("cause").GetString() == "notDone").Select(difference => difference.GetProperty("on").GetString()));
        Assert.Equal(["2026-04-01 cut"], differences[0].GetProperty("gone").EnumerateArray().Select(Planned));
        Assert.Equal(["2026-04-02 cut"], differences[0].GetProperty("come").EnumerateArray().Select(Planned));
        Assert.StartsWith("payment of 499.00", differences[^1].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Empty(plan["ahead"].EnumerateArray());
        (await _clerk.Get("/v1/clients/L-1/dunning-plan?from=2027-01-01")).MustBeProblem(400, "invalid-request");
        (await _clerk.Get("/v1/clients/L-1/dunning-plan?days=32")).MustBeProblem(400, "invalid-request");
        (await _clerk.Get("/v1/clients/nobody/dunning-plan")).MustBeProblem(404);

        var ticket = (await _clerk.Get("/v1/tickets/T-7/history")).Must(200)["items"].EnumerateArray().Reverse().Select(Told).Where(told => told != "messageEnded").ToList();
        Assert.Equal(["message reminder remind email", "call", "message reminder cut sms", "message services: Blocked network", "inbound", "payment 499.00"], ticket[..6]);
        Assert.DoesNotContain("note", ticket);
        Assert.DoesNotContain("document", ticket);
    }

    [Fact]
    public async Task A_story_is_leafed_through_without_a_gap_and_shows_what_targets_told()
    {
        At("2026-03-01T08:00");
        (await _clerk.Put("/v1/clients/L-2", RunningEngine.Client())).Must(201);
        (await _clerk.Put("/v1/clients/L-2/services/S", new { tariff = "HOME", start = "2026-03-01" })).Must(200);
        await engine.Issue("L-2", "2026-03-01");
        for (var i = 0; i < 5; i++) (await _clerk.Post("/v1/clients/L-2/notes", new { kind = "note", text = $"note {i}" })).Must(201);
        var message = (await _clerk.Get("/v1/clients/L-2/messages")).Must(200).Text("items[0].id")!;
        var receipts = engine.Host.Services.GetRequiredService<IDeliveryReceipts>();
        var receipt = new DeliveryReceipt(DeliveryId.Parse(message, null), ReceiptKind.Undelivered, "gateway", "3", "absent", engine.Clock.Now);
        Assert.Equal((true, false), (await receipts.Record(receipt, default), await receipts.Record(receipt with { Reason = "again" }, default)));

        var (rows, cursor) = (new List<string>(), "");
        do
        {
            var page = (await _clerk.Get($"/v1/clients/L-2/history?limit=2&cursor={cursor}")).Must(200);
            rows.AddRange(page["items"].EnumerateArray().Select(row => Told(row) + " " + (row.GetProperty("kind").GetString() == "note" ? row.GetProperty("text").GetString() : "")));
            cursor = page.Text("next") ?? "";
        }
        while (cursor.Length > 0);
        Assert.Equal(
            ["note note 4", "note note 3", "note note 2", "note note 1", "note note 0", "receipt False absent ", "message document email ", "document "],
            rows);
        (await _clerk.Get("/v1/clients/L-2/history?cursor=nonsense")).MustBeProblem(400);
        (await _clerk.Get("/v1/clients/nobody/history")).MustBeProblem(404);
        (await _clerk.Get("/v1/tickets/none/history")).MustBeProblem(404);
    }

    [Fact]
    public async Task A_note_is_written_once_found_by_no_search_and_erased_for_good()
    {
        (await _clerk.Put("/v1/clients/L-3", RunningEngine.Client("Petr Tichý"))).Must(201);
        var note = new { kind = "note", text = "Zvláštní hledatelné slovo", ticket = "T-9" };
        var first = (await _clerk.Post("/v1/clients/L-3/notes", note, "key-1")).Must(201);
        var again = (await _clerk.Post("/v1/clients/L-3/notes", note, "key-1")).Must(201);
        Assert.Equal(first.Text("id"), again.Text("id"));
        (await _clerk.Post("/v1/clients/L-3/notes", new { kind = "note", text = "another" }, "key-1")).MustBeProblem(409, "idempotency-key-reused");
        Assert.Single((await _clerk.Get("/v1/clients/L-3/history")).Must(200)["items"].EnumerateArray());
        Assert.DoesNotContain("L-3", (await _clerk.Get("/v1/search?q=hledateln%C3%A9")).Must(200).Body, StringComparison.Ordinal);

        (await _clerk.Post("/v1/clients/L-3/notes", new { kind = "note", text = " " })).MustBeProblem(400);
        (await _clerk.Post("/v1/clients/L-3/notes", new { kind = "note", text = new string('x', 4_001) })).MustBeProblem(400);
        (await _clerk.Post("/v1/clients/L-3/notes", new { kind = "poem", text = "x" })).MustBeProblem(400);
        (await _clerk.Post("/v1/clients/L-3/notes", new { kind = "note", text = "x", ticket = new string('x', 101) })).MustBeProblem(400);
        (await _clerk.Post("/v1/clients/L-3/notes", new { kind = "note", text = "a\u0000b" })).MustBeProblem(400);
        (await _clerk.Post("/v1/clients/nobody/notes", note)).MustBeProblem(404);

        (await _clerk.Put("/v1/clients/L-4", RunningEngine.Client())).Must(201);
        (await _clerk.Delete($"/v1/clients/L-4/notes/{first.Text("id")}")).MustBeProblem(404);
        (await _clerk.Delete($"/v1/clients/L-3/notes/{first.Text("id")}")).Must(204);
        var left = (await _clerk.Get("/v1/clients/L-3/history")).Must(200);
        Assert.Equal(("note", null, null), (left.Text("items[0].kind"), left.Text("items[0].text"), left.Text("items[0].ticket")));
        (await _clerk.Get("/v1/tickets/T-9/history")).MustBeProblem(404);
        Assert.Equal(0, await engine.Database.Scalar<long>("SELECT count(*) FROM client_notes WHERE text LIKE '%hledateln%' OR ticket = 'T-9'"));
    }

    private void At(string time) => engine.Clock.Now = DateTimeOffset.Parse(time + "Z", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A mail server accepts what is due, and the accounts hear of it.</summary>
    private async Task AcceptMails()
    {
        var outbox = engine.Host.Services.GetRequiredService<IOutbox>();
        var (now, until) = (engine.Clock.Now, engine.Clock.Now.AddMinutes(5));
        foreach (var delivery in await outbox.Claim(MessageChannel.Email, "test", now, until, OutboxLimits.MaxClaim, default))
        {
            Assert.True(await outbox.BeginSending(delivery.Lease, until, default));
            Assert.True(await outbox.End(delivery.Lease, DeliveryOutcome.Delivered, now, null, "250 ok", default));
        }

        await new DeliveryReports(outbox, engine.Host.Services.GetRequiredService<IAccounts>(), TimeZoneInfo.Utc).Tell(default);
    }

    private async Task Ask(AccountCommand command)
    {
        var account = (await engine.Host.Services.GetRequiredService<ClientDirectory>().Find("L-1", default))!.Value;
        var reply = await engine.Host.Services.GetRequiredService<IAccounts>().Ask(account, new Envelope(new CommandId(Guid.NewGuid()), command, Actor.System("test")), default);
        Assert.IsNotType<Refused>(reply);
    }

    private static string Told(JsonElement row)
    {
        var kind = Text(row, "kind")!;
        string?[] more = kind switch
        {
            "message" => [Text(row, "text")!.StartsWith("document", StringComparison.Ordinal) ? "document" : Text(row, "text"), Text(row, "channel")],
            "dunningStep" => [Text(row, "step")],
            "levelChanged" => [Text(row, "level")],
            "payment" => [row.GetProperty("amount").GetProperty("amount").GetString()],
            "receipt" => [row.GetProperty("arrived").GetBoolean().ToString(), Text(row, "reason")],
            _ => [],
        };
        return string.Join(' ', more.Prepend(kind));
    }

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Planned(JsonElement action) => $"{action.GetProperty("on").GetString()} {action.GetProperty("step").GetString()}";
}
