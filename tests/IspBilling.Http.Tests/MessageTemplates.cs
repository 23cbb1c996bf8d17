using System.Net.Http.Json;
using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>What messages say: looked at, changed, gone back from.</summary>
public sealed class MessageTemplates(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private const string Thanks = "/v1/templates/1/thanks/email/cs";

    private readonly KeyHolder _clerk = engine.Operator;

    [Fact]
    public async Task A_template_is_saved_with_its_versions_and_gone_back_from()
    {
        const string path = "/v1/templates/1/restored/email/en";
        var program = (await _clerk.Get(path)).Must(200);
        Assert.False(program["isOwn"].GetBoolean());

        var first = (await _clerk.Put(path, new { subject = "Back", text = "Welcome back, {{ client.name }}." })).Must(200);
        Assert.True(first["isOwn"].GetBoolean());
        Assert.Equal($"\"{first["version"].GetInt64()}\"", first.Header("ETag"));
        (await _clerk.Put(path, new { subject = "Back", text = "Other" })).MustBeProblem(400, "invalid-request");
        (await _clerk.Send(HttpMethod.Put, path, JsonContent.Create(new { subject = "Back", text = "Other", reason = "better" }), ifMatch: "\"0\"")).MustBeProblem(412, "setting-changed-meanwhile");
        var second = (await _clerk.Send(HttpMethod.Put, path, JsonContent.Create(new { subject = "Back", text = "Other", reason = "better" }), ifMatch: first.Header("ETag"))).Must(200);
        Assert.Equal("Other", (await _clerk.Post($"{path}/preview", new { })).Must(200).Text("text"));
        Assert.Equal($"restored/email/en@{second["version"].GetInt64()}", (await _clerk.Post($"{path}/preview", new { })).Text("template"));

        (await _clerk.Delete(path)).MustBeProblem(400);
        (await _clerk.Delete($"{path}?reason=theirs+was+fine")).Must(204);
        Assert.Equal(program.Text("text"), (await _clerk.Get(path)).Must(200).Text("text"));
        Assert.Equal([null, "Other", "Welcome back, {{ client.name }}."], (await _clerk.Get($"{path}/versions")).Must(200)["items"].EnumerateArray()
            .Select(entry => entry.GetProperty("after") is { ValueKind: System.Text.Json.JsonValueKind.Object } after ? after.GetProperty("text").GetString() : null));
    }

    [Fact]
    public async Task What_is_in_the_list_can_be_looked_at()
    {
        (await _clerk.Put("/v1/templates/1/reminder:first/sms/sk", new { text = "Zaplatte {{ debt }}." })).Must(200);

        var rows = (await _clerk.Get("/v1/templates?issuer=1")).Must(200).Json.EnumerateArray().ToList();

        foreach (var row in rows)
        {
            (await _clerk.Get($"/v1/templates/1/{row.GetProperty("occasion").GetString()}/{row.GetProperty("channel").GetString()}/{row.GetProperty("language").GetString()}")).Must(200);
        }

        Assert.Contains(rows, row => row.GetProperty("occasion").GetString() == "reminder:first" && row.GetProperty("isOwn").GetBoolean());
    }

    [Theory]
    [InlineData("{{ clent.name }}")]
    [InlineData("{% for i in (1..1000000000) %}x{% endfor %}")]
    [InlineData("{% include 'a' %}")]
    public async Task What_makes_no_message_is_not_stored_and_the_field_is_named(string text)
    {
        var refused = (await _clerk.Put(Thanks, new { subject = "s", text })).MustBeProblem(400, "template-refused");

        Assert.True(refused["errors"].TryGetProperty("text", out _));
        Assert.False((await _clerk.Get(Thanks)).Must(200)["isOwn"].GetBoolean());
        (await _clerk.Post($"{Thanks}/preview", new { subject = "s", text })).MustBeProblem(400, "template-refused");
    }

    [Fact]
    public async Task An_sms_of_too_many_parts_is_not_stored() =>
        Assert.Contains("at most 4 parts", (await _clerk.Put("/v1/templates/1/thanks/sms/cs", new { text = new string('x', 700) })).MustBeProblem(400, "template-refused").Body, StringComparison.Ordinal);

    [Theory]
    [InlineData("/v1/templates/99/thanks/email/cs")]
    [InlineData("/v1/templates/1/birthday/email/cs")]
    [InlineData("/v1/templates/1/thanks/network/cs")]
    [InlineData("/v1/templates/1/thanks/email/de")]
    public async Task What_is_none_is_unknown(string path) => (await _clerk.Get(path)).MustBeProblem(404, "unknown");

    [Fact]
    public async Task A_client_is_shown_what_they_would_read_and_only_to_those_who_may_see_money()
    {
        (await _clerk.Put("/v1/dunning-policy", new
        {
            name = "p", reason = "begin",
            steps = new object[]
            {
                new { code = "first", daysOverdue = 5, minimumDebt = new[] { RunningEngine.Czk("10.00") }, actions = new[] { "email" } },
                new { code = "block", daysOverdue = 15, minimumDebt = new[] { RunningEngine.Czk("10.00") }, actions = new[] { "email", "block" }, leastDaysSincePrevious = 7 },
            },
        })).Must(200);
        (await _clerk.Put("/v1/clients/T-1", RunningEngine.Client("Jana <b>& Petr</b>"))).Must(201);
        (await _clerk.Put("/v1/clients/T-1/one-off-items/I", new { date = "2026-03-01", text = "Cable", unitPrice = RunningEngine.Czk("1234.50") })).Must(204);
        await engine.Issue("T-1", "2026-03-01");
        engine.Clock.Now = new DateTimeOffset(2026, 3, 25, 8, 0, 0, TimeSpan.Zero);

        var shown = (await _clerk.Post("/v1/templates/1/document-invoice/email/cs/preview", new { client = "T-1" })).Must(200);
        var number = (await _clerk.Get("/v1/clients/T-1/documents")).Must(200).Text("items[0].number")!;
        Assert.Contains(number, shown.Text("subject"), StringComparison.Ordinal);
        Assert.Contains("1 234,50 Kč", shown.Text("text")!.Replace('\u00A0', ' '), StringComparison.Ordinal);
        Assert.Contains("19-2000145399/0800", shown.Text("html"), StringComparison.Ordinal);

        var draft = (await _clerk.Post("/v1/templates/1/reminder/email/en/preview", new
        {
            client = "T-1", subject = "s", text = "{{ debt }} {{ days_overdue }} {{ client.name }} {{ overdue.size }} {% if reminder.next %}{{ reminder.next.step }} {{ reminder.next.on }} {{ reminder.next.pay_by }}{% endif %}",
        })).Must(200);
        Assert.StartsWith("CZK 1,234.50", draft.Text("text")!.Replace('\u00A0', ' '), StringComparison.Ordinal);
        Assert.Contains("Jana <b>& Petr</b> 1 first 25 Mar 2026 24 Mar 2026", draft.Text("text")!.Replace('\u00A0', ' '), StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", draft.Text("html"), StringComparison.Ordinal);

        using var editor = await engine.CallerWith("settings");
        (await editor.Post("/v1/templates/1/document-invoice/email/cs/preview", new { client = "T-1" })).MustBeProblem(403);
        (await editor.Post("/v1/templates/1/document-invoice/email/cs/preview", new { sample = "no-debt" })).Must(200);
        (await _clerk.Post("/v1/templates/1/document-credit-note/email/cs/preview", new { client = "T-1" })).MustBeProblem(404);
        (await _clerk.Post("/v1/templates/1/document-invoice/email/cs/preview", new { client = "T-9" })).MustBeProblem(404);
        (await _clerk.Post("/v1/templates/1/document-invoice/email/cs/preview", new { sample = "none" })).MustBeProblem(400);
    }

    [Fact]
    public async Task A_brand_is_in_the_mail_and_its_colour_carries_white_letters()
    {
        Assert.False((await _clerk.Get("/v1/brands/1")).Must(200)["isOwn"].GetBoolean());
        foreach (var wrong in (object[])[new { colour = "red" }, new { colour = "#ffff00" }, new { logoUrl = "http://example.com/a.png" }, new { logoUrl = "javascript:alert(1)" }])
            (await _clerk.Put("/v1/brands/1", wrong)).MustBeProblem(400, "invalid-request");
        (await _clerk.Put("/v1/brands/1", new { colour = "#8a1538", name = "Rychlá síť", footerInCzech = "Zapsána v Brně" })).Must(200);

        var html = (await _clerk.Post($"{Thanks}/preview", new { })).Must(200).Text("html")!;

        Assert.Contains("#8a1538", html, StringComparison.Ordinal);
        Assert.Contains("Zapsána v Brně", html, StringComparison.Ordinal);
    }
}
