using IspBilling.Domain;
using IspBilling.Http.Sms;
using IspBilling.Http.Tests.Support;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>A gateway is set, a text is priced, and receipts come to addresses that nobody can make up.</summary>
public sealed class SmsGateways(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _clerk = engine.Operator;

    /// <summary>Seventy letters with accents are a part; one that is sent without its accents is part of a longer one.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public async Task A_template_is_measured_as_the_gateway_will_carry_it(bool plainLetters, int parts)
    {
        var (template, text) = ("/v1/templates/1/thanks/sms/cs", new string('ě', 71));
        await Set(maxParts: 2);
        Assert.Equal($"{parts}", (await _clerk.Post($"{template}/preview", new { text })).Must(200)["parts"].GetRawText());
        await Set(maxParts: 1);
        var put = await _clerk.Put(template, new { text, reason = "shorter" });
        if (parts == 1) put.Must(200);
        else Assert.Contains("at most 1 parts", put.MustBeProblem(400, "template-refused").Body, StringComparison.Ordinal);

        async Task Set(int maxParts) => (await _clerk.Put(
            "/v1/sms-gateway", new { gateway = new { name = "own", request = new { url = "http://127.0.0.1:1/send?to={to}&text={text}" }, callback = Callback, plainLetters, maxParts } })).Must(200);
    }

    [Fact]
    public async Task A_preset_is_set_a_text_is_priced_and_faults_are_named()
    {
        var presets = (await _clerk.Get("/v1/sms-gateway/presets")).Must(200);
        Assert.Equal(["gosms", "smsbrana", "smsmanager", "bulkgate", "twilio", "kannel"], presets.Json.EnumerateArray().Select(preset => preset.GetProperty("name").GetString()));
        var request = new { url = "http://127.0.0.1:1/send?to={to}&text={text}" };
        (await _clerk.Put("/v1/sms-gateway", new { gateway = new { name = "own", request, callback = Callback, maxParts = 2, priceOfHundred = RunningEngine.Czk("90.00") } })).Must(200);
        Assert.Equal(("own", "2"), ((await _clerk.Get("/v1/sms-gateway")).Must(200).Text("name"), (await _clerk.Get("/v1/sms-gateway")).Must(200)["maxParts"].GetRawText()));

        var quote = (await _clerk.Post("/v1/sms-gateway/quote", new { text = "Dluh 499 Kč, prosíme o úhradu." })).Must(200);
        Assert.Equal(("gsm7", "1", "0.90", "Dluh 499 Kc, prosime o uhradu."), (quote.Text("encoding"), quote["parts"].GetRawText(), quote.Amount("price"), quote.Text("text")));
        var refused = (await _clerk.Post("/v1/sms-gateway/quote", new { text = new string('x', 400) })).Must(200);
        Assert.Equal("the message has 3 parts, and 2 are allowed", refused.Text("refusal"));

        var problem = (await _clerk.Put("/v1/sms-gateway", new { gateway = new { name = "Own", request = new { url = "ftp://{to}/" } } })).MustBeProblem(400);
        Assert.Contains("gateway.name", problem.Body, StringComparison.Ordinal);
        Assert.Contains("gateway.request.url", problem.Body, StringComparison.Ordinal);
        Assert.Equal("sms-gateway", (await _clerk.Get("/v1/settings/sms-gateway/default/revisions")).Must(200).Text("items[0].kind"));
    }

    [Fact]
    public async Task A_receipt_is_kept_once_for_the_message_of_its_address_and_no_address_is_made_up()
    {
        var request = new { url = "http://127.0.0.1:1/send?to={to}&text={text}" };
        (await _clerk.Put("/v1/sms-gateway", new { gateway = new { name = "own", request, callback = Callback } })).Must(200);
        await engine.Database.Execute(
            """
            INSERT INTO outbox (account_id, version, created_at, ordinal, kind, channel, status, payload, receipt, ended_at)
            VALUES (9001, 1, now(), 1, 2, 2, 4, '{"$type":"send-thanks.v1"}', 'theirs-1', now()), (9001, 2, now(), 1, 2, 2, 4, '{"$type":"send-thanks.v1"}', 'theirs-2', now())
            """);
        var addresses = new ReceiptAddresses(engine.Host.Services.GetRequiredService<IDataProtectionProvider>(), new PublicOrigin(engine.Host.Address));
        using var stranger = engine.Stranger();
        var one = new Uri((await addresses.Of("own", new DeliveryId(new AccountId(9001), 1, 1), default))!).PathAndQuery;
        var all = new Uri(addresses.OfAll("own")!).PathAndQuery;

        (await stranger.Get($"{one}?status=2&id=theirs-2&why=absent")).Must(204);
        (await stranger.Get($"{one}?status=2&id=theirs-2&why=again")).Must(204);
        Assert.Equal("9001-1 2 absent", await Kept());
        (await stranger.Text(HttpMethod.Post, all, "status=1&id=theirs-2", "application/x-www-form-urlencoded")).Must(204);
        (await stranger.Text(HttpMethod.Post, all, "status=1&id=nobody-knows", "application/x-www-form-urlencoded")).Must(204);
        (await stranger.Text(HttpMethod.Post, all, "status=8&id=theirs-1", "application/x-www-form-urlencoded")).Must(204);
        Assert.Equal("9001-1 2 absent, 9001-2 1 ", await Kept());

        var wrong = all[..^3] + (all.EndsWith("AAA", StringComparison.Ordinal) ? "BBB" : "AAA");
        var others = new Uri(addresses.OfAll("another")!).PathAndQuery;
        foreach (var path in (string[])[wrong, others, "/v1/receipts/x", "/v1/receipts/" + new string('x', 2_000)]) (await stranger.Get($"{path}?status=1&id=theirs-1")).MustBeProblem(404);
        Assert.Equal("9001-1 2 absent, 9001-2 1 ", await Kept());
        Assert.Equal(4L, await engine.Database.Scalar<short>("SELECT status FROM outbox WHERE account_id = 9001 AND version = 1"));
    }

    private static object Callback => new { form = "parameters", idAt = "id", statusAt = "status", delivered = "1", undelivered = "2|16", reasonAt = "why" };

    private Task<string?> Kept() => engine.Database.Scalar<string>("SELECT string_agg(format('%s-%s %s %s', account_id, version, kind, reason), ', ' ORDER BY account_id, version, kind) FROM delivery_receipts WHERE account_id = 9001");
}
