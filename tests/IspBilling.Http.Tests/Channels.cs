using IspBilling.Http.Tests.Support;

namespace IspBilling.Http.Tests;

/// <summary>Channels are switched, paused and stopped by a person; nothing here can deliver.</summary>
public sealed class Channels(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private readonly KeyHolder _crm = engine.Operator;

    [Fact]
    public async Task A_channel_is_off_until_a_person_switches_it_and_what_waits_can_be_paused_and_stopped()
    {
        Assert.All((await _crm.Get("/v1/channels")).Must(200).Json.EnumerateArray(), channel => Assert.Equal("off", channel.GetProperty("state").GetString()));
        await Issue("CH-1", "I-1");
        var before = (await _crm.Post("/v1/channels/email/effect", new { })).Must(200);
        Assert.Equal((1, 0), (before["beforeDelivery"].GetInt32(), before["waiting"].GetInt32()));

        (await _crm.Put("/v1/channels/email", new { state = "on", reason = "" })).MustBeProblem(400);
        (await _crm.Put("/v1/channels/pigeon", new { state = "on", reason = "why not" })).MustBeProblem(404);
        var on = (await _crm.Put("/v1/channels/email", new { state = "paused", reason = "to be looked at first" })).Must(200);
        Assert.Equal(("paused", "to be looked at first"), (on.Text("state"), on.Text("reason")));
        await Issue("CH-2", "I-1");

        var waiting = Assert.Single((await _crm.Get("/v1/messages?status=waiting&channel=email")).Must(200)["items"].EnumerateArray());
        Assert.Empty((await _crm.Get("/v1/messages?status=waiting&channel=sms")).Must(200)["items"].EnumerateArray());
        Assert.Empty((await _crm.Get("/v1/messages?status=dead")).Must(200)["items"].EnumerateArray());
        (await _crm.Get("/v1/messages?status=delivered")).MustBeProblem(400);
        (await _crm.Post($"/v1/messages/{waiting.GetProperty("id").GetString()}/resend", new { reason = "once more" })).MustBeProblem(409);
        (await _crm.Post("/v1/messages/9-9-9/resend", new { reason = "once more" })).MustBeProblem(404);
        Assert.Equal(1, (await _crm.Get("/v1/channels/email/progress")).Must(200)["waiting"].GetInt32());

        Assert.Equal(1, (await _crm.Post("/v1/channels/email/stop", new { reason = "wrong logo" })).Must(200)["stopped"].GetInt32());

        var stopped = Assert.Single((await _crm.Get("/v1/clients/CH-2/messages")).Must(200)["items"].EnumerateArray());
        Assert.Equal("superseded", stopped.GetProperty("status").GetString());
        Assert.EndsWith(": wrong logo", stopped.GetProperty("reason").GetString(), StringComparison.Ordinal);
        (await _crm.Put("/v1/channels/email", new { state = "off", reason = "done" })).Must(200);
    }

    [Fact]
    public async Task A_mail_server_is_set_for_an_issuer_and_what_is_wrong_with_it_is_said_at_once()
    {
        var target = new { host = "127.0.0.1", port = 25, security = "none", from = "a@provider.example", bounceDomain = "bounces.provider.example", reason = "new" };
        (await _crm.Get("/v1/issuers/1/mail-target")).MustBeProblem(404);

        (await _crm.Put("/v1/issuers/77/mail-target", target)).MustBeProblem(404);
        (await _crm.Put("/v1/issuers/1/mail-target", target with { port = 0, from = "nobody", bounceDomain = "no domain" })).MustBeProblem(400);
        (await _crm.Put("/v1/issuers/1/mail-target", target)).Must(200);

        Assert.Equal("bounces.provider.example", (await _crm.Get("/v1/issuers/1/mail-target")).Must(200).Text("bounceDomain"));
        Assert.Contains((await _crm.Get("/v1/secrets")).Must(200).Json.EnumerateArray(), secret => secret.GetProperty("name").GetString() == "mail/bounce-key");
    }

    private async Task Issue(string client, string item)
    {
        (await _crm.Put($"/v1/clients/{client}", RunningEngine.Client(client))).Must(201);
        (await _crm.Put($"/v1/clients/{client}/one-off-items/{item}", new { date = "2026-03-01", text = "Cable", unitPrice = RunningEngine.Czk("100.00") })).Must(204);
        await engine.Issue(client, "2026-03-01");
    }
}
