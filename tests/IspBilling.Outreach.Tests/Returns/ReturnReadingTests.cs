using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Mail;
using IspBilling.Outreach.Returns;
using MimeKit;

namespace IspBilling.Outreach.Tests.Returns;

public sealed class ReturnReadingTests
{
    private const string Nobody = "invoices@provider.test";

    private static readonly BounceToken Token = new("not to be guessed");
    private static readonly DeliveryId Id = new(new AccountId(42), 17, 1);

    [Theory]
    [InlineData("failed", "5.1.1", "550 no such user", MailReturnKind.Hard, "5.1.1")]
    [InlineData("failed", "5.1.10", "550 no such domain", MailReturnKind.Hard, "5.1.10")]
    [InlineData("failed", "5.4.4", "host not found", MailReturnKind.Hard, "5.4.4")]
    [InlineData("failed", "5.2.1", "550 mailbox disabled", MailReturnKind.Hard, "5.2.1")]
    [InlineData("failed", "5.0.0", "550 no such user", MailReturnKind.Hard, "5.0.0")]
    [InlineData("failed", "5.0.0", "552 5.2.2 over quota", MailReturnKind.Soft, "5.2.2")]
    [InlineData("failed", "4.4.7", "delivery time expired", MailReturnKind.Soft, "4.4.7")]
    [InlineData("failed", "5.4.7", "delivery time expired", MailReturnKind.Soft, "5.4.7")]
    [InlineData("failed", "4.2.2", "452 over quota", MailReturnKind.Soft, "4.2.2")]
    [InlineData("failed", "5.2.2", "552 over quota", MailReturnKind.Soft, "5.2.2")]
    [InlineData("failed", "5.3.4", "552 message too big", MailReturnKind.Soft, "5.3.4")]
    [InlineData("failed", "5.7.1", "550 your server is on a block list", MailReturnKind.Soft, "5.7.1")]
    [InlineData("failed", "5.7.26", "550 unauthenticated", MailReturnKind.Soft, "5.7.26")]
    [InlineData("FAILED", "5.1.1 (no such user)", "550", MailReturnKind.Hard, "5.1.1")]
    [InlineData("failed", "nonsense", "550 5.1.1 no such user", MailReturnKind.Hard, "5.1.1")]
    [InlineData("delayed", "4.4.1", "connection timed out", MailReturnKind.Delayed, "4.4.1")]
    public void A_report_says_which_mail_came_back_and_of_which_kind(string action, string status, string said, MailReturnKind kind, string code)
    {
        var about = About(Report(Token.Of(Id), Nobody, action, status, said));

        Assert.Equal((Id, kind, code, $"smtp; {said}"), (about.Delivery, about.Kind, about.Status, about.Reason));
        Assert.Equal((string[])["eva@example.test"], about.Recipients.AsEnumerable());
    }

    [Fact]
    public void Where_the_server_knows_no_envelope_id_the_address_tells()
    {
        var address = Token.Address(Id, "bounces.provider.test");
        Assert.Equal(Id, About(Report(null, address, "failed", "5.1.1")).Delivery);
        Assert.Equal(Id, About(Report(null, Nobody, "failed", "5.1.1", headers: $"Delivered-To: postmaster@provider.test\r\nDelivered-To: {address}")).Delivery);
        Assert.Equal(Id, About(Report(null, Nobody, "failed", "5.1.1", headers: $"X-Original-To: <{address}>")).Delivery);
    }

    [Theory]
    [InlineData("message/rfc822")]
    [InlineData("text/rfc822-headers")]
    public void Where_nothing_else_tells_the_id_of_the_returned_mail_does(string type)
    {
        var about = About(Report(null, Nobody, "failed", "5.1.1", returned: $"Content-Type: {type}\r\n\r\nTo: Eva <eva.before@example.test>\r\nMessage-ID: <{Token.Of(Id)}@bounces.provider.test>\r\n\r\n"));

        Assert.Equal(Id, about.Delivery);
        Assert.Equal((string[])["eva@example.test", "eva.before@example.test"], about.Recipients.AsEnumerable());
    }

    [Theory]
    [InlineData(null, Nobody)]
    [InlineData("42-17-1-00000000000000000000", Nobody)]
    [InlineData("42-17-1", "bounce+42-17-1@bounces.provider.test")]
    public void A_report_without_our_signature_is_nobodys(string? envelope, string to)
    {
        Assert.IsType<ReturnReport.Foreign>(Read(Report(envelope, to, "failed", "5.1.1")));
        Assert.IsType<ReturnReport.Foreign>(Read(Report(envelope, to, "failed", "5.1.1", returned: "Content-Type: message/rfc822\r\n\r\nMessage-ID: <42-17-1@bounces.provider.test>\r\n\r\nx\r\n")));
        Assert.IsType<ReturnReport.Foreign>(Read(Complaint("bounce+42-17-1-00000000000000000000@bounces.provider.test", "abuse")));
    }

    [Theory]
    [InlineData("delivered")]
    [InlineData("relayed")]
    public void That_a_mail_arrived_is_no_return(string action) =>
        Assert.False(Assert.IsType<ReturnReport.Harmless>(Read(Report(Token.Of(Id), "a@provider.test", action, "2.0.0"))).IsAnswer);

    [Fact]
    public void A_complaint_says_which_mail_its_receiver_did_not_want()
    {
        var about = About(Complaint(Token.Address(Id, "bounces.provider.test"), "abuse"));

        Assert.Equal((Id, MailReturnKind.Complaint, "abuse"), (about.Delivery, about.Kind, about.Status));
        Assert.Equal((string[])["eva@example.test"], about.Recipients.AsEnumerable());
    }

    /// <summary>Reports about mails that are no complaints.</summary>
    [Theory]
    [InlineData("not-spam")]
    [InlineData("auth-failure")]
    public void That_a_mail_is_no_spam_is_no_complaint(string type) => Assert.IsType<ReturnReport.Harmless>(Read(Complaint(Token.Address(Id, "bounces.provider.test"), type)));

    [Theory]
    [InlineData("Auto-Submitted: auto-replied", true)]
    [InlineData("Auto-Submitted: auto-generated", true)]
    [InlineData("X-Autoreply: yes", true)]
    [InlineData("Precedence: auto_reply", true)]
    [InlineData("Auto-Submitted: no", false)]
    [InlineData("X-Mailer: a person's", false)]
    public void A_program_that_answers_says_nothing_of_the_mail(string header, bool isAnswer)
    {
        var mail = Mail($"From: eva@example.test\r\nTo: {Token.Address(Id, "bounces.provider.test")}\r\n{header}\r\nSubject: out of office\r\n\r\nBack on Monday.\r\n");

        if (isAnswer) Assert.True(Assert.IsType<ReturnReport.Harmless>(Read(mail)).IsAnswer);
        else Assert.IsType<ReturnReport.Unreadable>(Read(mail));
    }

    [Theory]
    [InlineData("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nIt did not go.\r\n--b--\r\n")]
    [InlineData("Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b--\r\n")]
    [InlineData("Content-Type: multipart/report; report-type=weather; boundary=b\r\n\r\n--b--\r\n")]
    public void What_cannot_be_read_says_so(string content) => Assert.IsType<ReturnReport.Unreadable>(Read(Mail(content)));

    /// <summary>Whatever stands there, reading ends, with a report or without.</summary>
    [Fact]
    public void Damaged_reports_are_read_as_something_and_nothing_else_happens()
    {
        var random = new Random(20261127);
        var sound = Encoding.ASCII.GetBytes(Text(Token.Of(Id), Nobody, "failed", "5.1.1", "550 no such user", null, null));
        for (var i = 0; i < 3_000; i++)
        {
            var damaged = sound[..random.Next(sound.Length)];
            for (var n = random.Next(0, 6); n > 0 && damaged.Length > 0; n--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Assert.NotNull(Read(MimeMessage.Load(new MemoryStream(damaged))));
            }
            catch (FormatException)
            {
                // The intake calls it unreadable.
            }
        }
    }

    private static ReturnReport Read(MimeMessage mail) => ReturnReading.Read(mail, Token);

    private static ReturnReport.About About(MimeMessage mail) => Assert.IsType<ReturnReport.About>(Read(mail));

    private static MimeMessage Report(string? envelope, string to, string action, string status, string said = "550 no such user", string? headers = null, string? returned = null) =>
        Mail(Text(envelope, to, action, status, said, headers, returned));

    private static string Text(string? envelope, string to, string action, string status, string said, string? headers, string? returned) => string.Join("\r\n", (string[])
    [
        "From: MAILER-DAEMON@example.test", $"To: <{to}>", .. headers is null ? [] : (string[])[headers], "Subject: Undelivered Mail", "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"", "", "--b", "Content-Type: text/plain", "", "It did not go.",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.test", envelope is null ? "X-Queue: 1" : $"Original-Envelope-Id: {envelope}",
        "", "Final-Recipient: rfc822; eva@example.test", $"Action: {action}", $"Status: {status}", $"Diagnostic-Code: smtp; {said}", "",
        .. returned is null ? [] : (string[])["--b", returned], "--b--", "",
    ]);

    private static MimeMessage Complaint(string from, string type) => Mail(string.Join("\r\n", (string[])
    [
        "From: fbl@mailbox.test", $"To: <{Nobody}>", "Subject: complaint", "MIME-Version: 1.0", "Content-Type: multipart/report; report-type=feedback-report; boundary=\"b\"", "",
        "--b", "Content-Type: text/plain", "", "A complaint.", "--b", "Content-Type: message/feedback-report", "",
        $"Feedback-Type: {type}", "User-Agent: Mailbox/1.0", "Version: 1", $"Original-Mail-From: <{from}>", "Original-Rcpt-To: <eva@example.test>", "",
        "--b", "Content-Type: message/rfc822", "", "To: eva@example.test", "Subject: Invoice", "", "x", "--b--", "",
    ]));

    private static MimeMessage Mail(string text) => MimeMessage.Load(new MemoryStream(Encoding.ASCII.GetBytes(text)));
}
