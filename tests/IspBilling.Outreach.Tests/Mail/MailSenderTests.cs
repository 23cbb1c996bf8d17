using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Mail;
using IspBilling.Outreach.Sending;
using Microsoft.Extensions.Time.Testing;
using MimeKit;

namespace IspBilling.Outreach.Tests.Mail;

public sealed class MailSenderTests : IAsyncLifetime, IDisposable
{
    private static readonly DeliveryId Id = new(new AccountId(42), 17, 1);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
    private readonly ScriptedSmtp _server = new();
    private readonly Settings _settings = new();
    private MailSender _sender = null!;
    private int _begun;

    public Task InitializeAsync()
    {
        _settings.Mail = Target();
        _sender = new MailSender(_settings, ConnectPolicy.LoopbackOnly, _clock);
        return Task.CompletedTask;
    }

    public void Dispose() => _sender.Dispose();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_mail_says_in_two_forms_what_its_template_says_and_who_it_is_from()
    {
        var accepted = Assert.IsType<SendResult.Accepted>(await Send(attachments: [new Attachment("2600000001.pdf", "application/pdf", "%PDF-1.7"u8.ToArray())]));

        Assert.Contains("queued as 4711", accepted.Receipt, StringComparison.Ordinal);
        Assert.Equal(1, _begun);
        var mail = await Received();
        Assert.Equal("Připomínka splatnosti č. 1 – žluťoučký kůň", mail.Subject);
        Assert.Equal(("Žofie Nováčková", "zofie@example.test"), (mail.To.Mailboxes.Single().Name, mail.To.Mailboxes.Single().Address));
        Assert.Equal(("Příklad s.r.o.", "invoices@provider.test"), (mail.From.Mailboxes.Single().Name, mail.From.Mailboxes.Single().Address));
        Assert.Equal($"{new BounceToken(Settings.BounceKey).Of(Id)}@bounces.provider.test", mail.MessageId);
        Assert.Equal("auto-generated", mail.Headers[HeaderId.AutoSubmitted]);
        Assert.Contains("prosíme o úhradu", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("<p>Dobrý den", mail.HtmlBody, StringComparison.Ordinal);
        var attachment = Assert.IsType<MimePart>(Assert.Single(mail.Attachments));
        Assert.Equal("2600000001.pdf", attachment.FileName);
        Assert.All(_server.Contents[0], character => Assert.True(character < 128, "seven bits"));
    }

    [Fact]
    public async Task Who_returns_it_says_which_delivery_it_was_and_nobody_else_can()
    {
        await Send();

        var token = new BounceToken(Settings.BounceKey);
        var from = _server.Commands.Single(command => command.StartsWith("MAIL FROM", StringComparison.Ordinal));
        Assert.Equal(Id, token.ReadAddress(from[(from.IndexOf('<', StringComparison.Ordinal) + 1)..from.IndexOf('>', StringComparison.Ordinal)]));
        Assert.Equal(Id, token.Read(from[(from.IndexOf("ENVID=", StringComparison.Ordinal) + 6)..].Split(' ')[0]));
        Assert.Contains(_server.Commands, command => command.StartsWith("RCPT TO", StringComparison.Ordinal) && command.Contains("NOTIFY=FAILURE,DELAY", StringComparison.Ordinal));
        Assert.Null(token.Read("42-17-1-00000000000000000000"));
        Assert.Null(token.Read(token.Of(Id).Replace("42-", "43-", StringComparison.Ordinal)));
        Assert.Null(new BounceToken("another").Read(token.Of(Id)));
        Assert.Null(token.ReadAddress("invoices@provider.test"));
    }

    /// <summary>When the server answers so to a command, that became of the message.</summary>
    [Theory]
    [InlineData("RCPT", "550 5.1.1 no such user", "failed")]
    [InlineData("RCPT", "450 4.2.0 greylisted", "later")]
    [InlineData(".", "554 5.7.1 spam", "failed")]
    [InlineData(".", "451 4.3.0 try again", "later")]
    [InlineData(".", null, "unknown")]
    [InlineData("MAIL", "530 5.7.0 authenticate first", "later")]
    [InlineData("MAIL", "421 4.3.2 going down", "later")]
    [InlineData("MAIL", null, "later")]
    [InlineData("RCPT", null, "later")]
    [InlineData("DATA", null, "later")]
    public async Task What_a_server_answers_decides_what_became_of_it(string command, string? answer, string expected)
    {
        _server.Answer = said => said.StartsWith(command, StringComparison.OrdinalIgnoreCase) ? answer : ScriptedSmtp.Usual(said);

        var result = await Send();

        Assert.Equal(expected, result switch
        {
            SendResult.Refused { IsPermanent: true } => "failed",
            SendResult.Refused => "later",
            SendResult.Unknown => "unknown",
            _ => "accepted",
        });
        if (answer is not null) Assert.Contains(answer[4..], ((SendResult.Refused)result).Reason, StringComparison.Ordinal);
        Assert.Equal(command == "." ? 1 : 0, _server.Contents.Count);
    }

    [Fact]
    public async Task A_connection_is_used_again_shortly_and_not_after_it_may_have_been_dropped()
    {
        await Send();
        await Send();
        Assert.Equal(1, _server.Connections);

        _clock.Advance(TimeSpan.FromSeconds(6));
        await Send();

        Assert.Equal((2, 3), (_server.Connections, _server.Contents.Count));
    }

    [Fact]
    public async Task A_mail_that_nobody_may_begin_is_not_sent()
    {
        var message = Message();

        Assert.IsType<SendResult.Refused>(await _sender.Send(message, _ => ValueTask.FromResult(false), CancellationToken.None));

        Assert.DoesNotContain(_server.Commands, command => command.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Eva\r\nBcc: everybody@example.test", "eva@example.test")]
    [InlineData("Eva", "eva@example.test\r\nRCPT TO:<everybody@example.test>")]
    [InlineData("Eva", "eva@example.test, everybody@example.test")]
    [InlineData("Eva", "no address")]
    [InlineData("Eva", null)]
    public async Task What_would_be_another_header_or_another_recipient_is_refused_for_good(string name, string? email)
    {
        Assert.True(Assert.IsType<SendResult.Refused>(await Send(name, email)).IsPermanent);

        Assert.Equal((0, 0), (_server.Connections, _begun));
    }

    [Fact]
    public async Task Only_this_machine_is_reached_unless_the_program_is_live()
    {
        _settings.Mail = Target() with { Host = "192.0.2.1" };

        var refused = Assert.IsType<SendResult.Refused>(await Send());

        Assert.Contains("--live", refused.Reason, StringComparison.Ordinal);
        Assert.Equal((false, 0), (refused.IsPermanent, _begun));
    }

    [Fact]
    public async Task Where_nobody_listens_or_nothing_is_set_it_is_tried_later()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        _settings.Mail = Target() with { Port = port };
        Assert.False(Assert.IsType<SendResult.Refused>(await Send()).IsPermanent);
        _settings.Mail = Target() with { Security = MailSecurity.StartTls };
        Assert.False(Assert.IsType<SendResult.Refused>(await Send()).IsPermanent);
        _settings.Mail = null;
        Assert.Contains("no mail server", Assert.IsType<SendResult.Refused>(await Send()).Reason, StringComparison.Ordinal);
        Assert.Equal(0, _begun);
    }

    [Fact]
    public async Task A_mail_that_is_larger_than_the_setting_or_the_server_allows_is_not_sent_and_says_so()
    {
        var attachment = new Attachment("2600000001.pdf", "application/pdf", new byte[100_000]);
        _settings.Mail = Target() with { MaxBytes = 120_000 };
        var refused = Assert.IsType<SendResult.Refused>(await Send(attachments: [attachment]));
        Assert.True(refused.IsPermanent);
        Assert.Contains("the setting allows 120000", refused.Reason, StringComparison.Ordinal);
        Assert.Null(refused.Address);
        Assert.Equal((0, 0), (_server.Connections, _begun));

        _settings.Mail = Target();
        _server.Answer = said => said.StartsWith("EHLO", StringComparison.Ordinal) ? "250-test\r\n250-SIZE 130000\r\n250 DSN" : ScriptedSmtp.Usual(said);
        refused = Assert.IsType<SendResult.Refused>(await Send(attachments: [attachment]));
        Assert.Contains("127.0.0.1 takes 130000", refused.Reason, StringComparison.Ordinal);
        Assert.Equal((0, 0), (_server.Contents.Count, _begun));
        Assert.IsType<SendResult.Accepted>(await Send());

        // No limit is announced by a server that says 0 (RFC 1870).
        _settings.Mail = Target() with { ReplyTo = "other@provider.test" };
        _server.Answer = said => said.StartsWith("EHLO", StringComparison.Ordinal) ? "250-test\r\n250-SIZE 0\r\n250 DSN" : ScriptedSmtp.Usual(said);
        Assert.IsType<SendResult.Accepted>(await Send(attachments: [attachment]));
    }

    /// <summary>The signature as RFC 6376 describes it, computed here from what arrived.</summary>
    [Fact]
    public async Task A_signed_mail_has_the_hash_of_the_body_that_arrives()
    {
        using var key = RSA.Create(2048);
        _settings.Secrets["mail/dkim"] = key.ExportRSAPrivateKeyPem();
        _settings.Mail = Target() with { DkimDomain = "provider.test", DkimSelector = "s1", DkimSecret = "mail/dkim" };

        Assert.IsType<SendResult.Accepted>(await Send());

        var content = _server.Contents[0];
        var cut = content.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var (head, body) = (content[..cut].Replace("\r\n\t", " ", StringComparison.Ordinal).Replace("\r\n ", " ", StringComparison.Ordinal), content[(cut + 4)..]);
        var fields = head.Split("\r\n").ToList();
        var signature = fields.Single(field => field.StartsWith("DKIM-Signature:", StringComparison.OrdinalIgnoreCase));
        var tags = signature[(signature.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(';').Select(tag => tag.Split('=', 2)).Where(tag => tag.Length == 2)
            .ToDictionary(tag => tag[0].Trim(), tag => tag[1].Replace(" ", "", StringComparison.Ordinal).Replace("\t", "", StringComparison.Ordinal));
        Assert.Equal(("provider.test", "s1", "rsa-sha256", "relaxed/relaxed"), (tags["d"], tags["s"], tags["a"], tags["c"]));
        var lines = body.Split("\r\n").Select(Relaxed).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0) lines.RemoveAt(lines.Count - 1);
        Assert.Equal(Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(lines.Select(line => line + "\r\n"))))), tags["bh"]);

        var signed = new StringBuilder();
        foreach (var name in tags["h"].Split(':')) signed.Append(Canonical(fields.Last(field => field.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)))).Append("\r\n");
        var bare = System.Text.RegularExpressions.Regex.Replace(signature, "(?<tag>[;\\s]b=)[^;]*", "${tag}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(10));
        signed.Append(Canonical(bare));
        Assert.True(key.VerifyData(Encoding.ASCII.GetBytes(signed.ToString()), Convert.FromBase64String(tags["b"]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        static string Canonical(string field)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            return $"{field[..colon].Trim().ToLowerInvariant()}:{Relaxed(field[(colon + 1)..]).Trim()}";
        }

        static string Relaxed(string line) => System.Text.RegularExpressions.Regex.Replace(line, "[ \\t]+", " ", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(10)).TrimEnd(' ');
    }

    private MailTarget Target() => new("127.0.0.1", _server.Port, MailSecurity.None, null, null, "invoices@provider.test", null, "bounces.provider.test");

    private ValueTask<SendResult> Send(string name = "Žofie Nováčková", string? email = "zofie@example.test", params Attachment[] attachments) => _sender.Send(
        Message(name, email, attachments),
        _ =>
        {
            _begun++;
            return ValueTask.FromResult(true);
        },
        CancellationToken.None);

    private static ReadyMessage Message(string name = "Žofie Nováčková", string? email = "zofie@example.test", params Attachment[] attachments) => new(
        new Delivery(Id, MessageChannel.Email, Messages.Reminder, DeliveryStatus.Claimed, default, 1, Owner: "test"),
        Messages.Facts(Id.Account, name, email), Messages.Text, [.. attachments]);

    private async Task<MimeMessage> Received()
    {
        using var content = new MemoryStream(Encoding.Latin1.GetBytes(Assert.Single(_server.Contents)));
        return await MimeMessage.LoadAsync(content);
    }

    private sealed class Settings : IMailSettings
    {
        public const string BounceKey = "not to be guessed";

        public MailTarget? Mail { get; set; }

        public Dictionary<string, string> Secrets { get; } = new() { [IMailSettings.BounceSecret] = BounceKey };

        public ValueTask<MailTarget?> Target(IssuerId issuer, CancellationToken cancellation) => ValueTask.FromResult(Mail);

        public ValueTask<string?> Secret(string name, CancellationToken cancellation) => ValueTask.FromResult(Secrets.GetValueOrDefault(name));
    }
}
