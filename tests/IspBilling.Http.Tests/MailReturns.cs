using System.Text;
using IspBilling.Access.Ring;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Http.Mail;
using IspBilling.Http.Sms;
using IspBilling.Http.Tests.Support;
using IspBilling.Outreach.Mail;
using Microsoft.Extensions.DependencyInjection;

namespace IspBilling.Http.Tests;

/// <summary>Services tell which mails came back, and a clerk sees whom no mail reaches.</summary>
public sealed class MailReturns(RunningEngine engine) : IClassFixture<RunningEngine>
{
    private static readonly object Target = new
    {
        host = "127.0.0.1", port = 25, security = "none", from = "a@provider.example", bounceDomain = "bounces.provider.example", reason = "new", softReturns = 5, maxBytes = 5_000_000,
        returns = new { host = "127.0.0.1", port = 9, security = "none", user = "bounce", passwordSecret = "mail/mailbox" },
    };

    private readonly KeyHolder _clerk = engine.Operator;

    [Fact]
    public async Task A_mailbox_is_set_with_the_mail_server_and_what_is_wrong_with_it_is_said_at_once()
    {
        (await _clerk.Put("/v1/issuers/1/mail-target", Target)).Must(200);

        var set = (await _clerk.Get("/v1/issuers/1/mail-target")).Must(200);
        Assert.Equal(("INBOX", "Processed", "Aside"), (set.Text("returns.folder"), set.Text("returns.processed"), set.Text("returns.aside")));
        Assert.Equal((5, 5_000_000), (set["softReturns"].GetInt32(), set["maxBytes"].GetInt32()));
        var problem = (await _clerk.Put("/v1/issuers/1/mail-target", new
        {
            host = "127.0.0.1", port = 25, security = "none", from = "a@provider.example", bounceDomain = "bounces.provider.example", reason = "new", softReturns = 0, maxBytes = 1,
            returns = new { host = "no host", port = 0, security = "none", user = "bounce", passwordSecret = "no secret", aside = "INBOX" },
        })).MustBeProblem(400);
        foreach (var field in (string[])["softReturns", "maxBytes", "returns.host", "returns.port", "returns.passwordSecret", "returns.folder"]) Assert.Contains(field, problem.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_came_back_is_told_at_an_address_that_nobody_makes_up_and_the_clerk_sees_whom_no_mail_reaches()
    {
        (await _clerk.Put("/v1/issuers/1/mail-target", Target)).Must(200);
        (await _clerk.Put("/v1/clients/RET-1", RunningEngine.Client("Eva Malá"))).Must(201);
        var account = (await _clerk.Get("/v1/clients/RET-1")).Must(200)["account"].GetInt64();
        await engine.Database.Execute(
            $$"""
            INSERT INTO outbox (account_id, version, created_at, ordinal, kind, channel, status, payload, attempts, ended_at)
            VALUES ({{account}}, 900, now(), 1, 3, 1, 4, '{"$type":"send-thanks.v1"}', 1, now()), ({{account}}, 901, now(), 1, 3, 1, 4, '{"$type":"send-thanks.v1"}', 1, now())
            """);
        var secrets = engine.Host.Services.GetRequiredService<SecretStore>();
        var token = new BounceToken((await secrets.Find(IMailSettings.BounceSecret, default))!);
        var address = new Uri((await new ReturnAddresses(secrets, new PublicOrigin(engine.Host.Address)).Of(IssuerId.Default, default))!).PathAndQuery;
        using var stranger = engine.Stranger();
        var mail = token.Address(new DeliveryId(new AccountId(account), 900, 1), "bounces.provider.example");

        foreach (var path in (string[])[address[..^3] + (address.EndsWith("000", StringComparison.Ordinal) ? "111" : "000"), address.Replace("/1-", "/2-", StringComparison.Ordinal), "/v1/receipts/mail/x"])
        {
            (await stranger.Post(path, new { returns = new[] { new { mail, type = "hard" } } })).MustBeProblem(404);
            (await stranger.Text(HttpMethod.Post, $"{path}/message", "x", "message/rfc822")).MustBeProblem(404);
        }

        var problem = (await stranger.Post(address, new { returns = new[] { new { mail, type = "bounce", status = (string?)null }, new { mail, type = "hard", status = (string?)"never" } } })).MustBeProblem(400);
        Assert.Contains("returns[0].status", problem.Body, StringComparison.Ordinal);
        Assert.Contains("returns[1].status", problem.Body, StringComparison.Ordinal);
        (await stranger.Post(address, new { returns = Array.Empty<object>() })).MustBeProblem(400);
        var forged = mail.Replace("+", "+1", StringComparison.Ordinal);
        Assert.Equal("foreign,delayed", await Told(stranger, address, new[] { new { mail = forged, type = "hard", status = "5.1.1" }, new { mail, type = "delayed", status = "4.4.1" } }));
        Assert.Equal(0L, await engine.Database.Scalar<long>("SELECT count(*) FROM mail_returns WHERE told_at IS NULL"));

        Assert.Equal("hard", await Told(stranger, address, new[] { new { mail, type = "bounce", status = "5.1.1", reason = "no such user" } }));
        var report = string.Join(
            "\r\n", $"To: <{token.Address(new DeliveryId(new AccountId(account), 901, 1), "bounces.provider.example")}>",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "", "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx", "",
            "Final-Recipient: rfc822; eva@example.org", "Action: failed", "Status: 5.1.1", "", "--b--", "");
        var answered = (await stranger.Send(HttpMethod.Post, $"{address}/message", new ByteArrayContent(Encoding.ASCII.GetBytes(report)))).Must(200);
        Assert.Equal("hard", answered["endings"][0].GetString());
        await engine.Host.Services.GetRequiredService<MailReturnReports>().Tell(default);

        var card = (await _clerk.Get("/v1/clients/RET-1")).Must(200);
        Assert.Equal("undeliverable", card.Text("emailMark.fault"));
        Assert.Contains("no such user", card.Text("emailMark.reason"), StringComparison.Ordinal);
        var checks = (await _clerk.Get("/v1/checks/before-billing?check=noDelivery")).Must(200);
        Assert.Contains("the client cannot be reached", checks.Body, StringComparison.Ordinal);
        Assert.Contains("mails to the client", (await _clerk.Get("/v1/clients/RET-1/history")).Must(200).Body, StringComparison.Ordinal);
        var seen = (await _clerk.Get("/v1/issuers/1/mail-returns")).Must(200);
        Assert.Contains(seen["counts"].EnumerateArray(), count => count.GetProperty("source").GetString() == "webhook" && count.GetProperty("ending").GetString() == "Foreign");

        (await _clerk.Post("/v1/clients/RET-1/email-mark/clear", new { reason = " " })).MustBeProblem(400);
        (await _clerk.Post("/v1/clients/RET-1/email-mark/clear", new { reason = "wrote to us from it" })).Must(204);
        Assert.False((await _clerk.Get("/v1/clients/RET-1")).Must(200).Json.TryGetProperty("emailMark", out var mark) && mark.ValueKind != System.Text.Json.JsonValueKind.Null);
    }

    private static async Task<string> Told(KeyHolder service, string address, object returns) =>
        string.Join(',', (await service.Post(address, new { returns })).Must(200)["endings"].EnumerateArray().Select(ending => ending.GetString()));
}
