using System.Text;
using IspBilling.Domain;
using IspBilling.Outreach.Mail;
using MimeKit;

namespace IspBilling.Outreach.Tests.Mail;

public sealed class BounceReadingTests
{
    private static readonly BounceToken Token = new("not to be guessed");
    private static readonly DeliveryId Id = new(new AccountId(42), 17, 1);

    [Theory]
    [InlineData("failed", "5.1.1", true)]
    [InlineData("failed", "4.2.2", false)]
    [InlineData("delayed", "4.4.1", false)]
    public void A_report_says_which_delivery_came_back_and_whether_for_good(string action, string status, bool isHard)
    {
        var bounce = BounceReading.Read(Report(Token.Of(Id), "nobody@provider.test", action, status), Token)!;

        Assert.Equal(new Bounce(Id, isHard, status, "eva@example.test", "smtp; 550 no such user"), bounce);
    }

    [Fact]
    public void Where_the_server_knows_no_envelope_id_the_address_tells()
    {
        Assert.Equal(Id, BounceReading.Read(Report(null, Token.Address(Id, "bounces.provider.test"), "failed", "5.1.1"), Token)?.Delivery);
    }

    [Theory]
    [InlineData(null, "invoices@provider.test")]
    [InlineData("42-17-1-00000000000000000000", "invoices@provider.test")]
    [InlineData("42-17-1", "bounce+42-17-1@bounces.provider.test")]
    public void A_report_without_our_token_is_nobodys(string? envelope, string to) => Assert.Null(BounceReading.Read(Report(envelope, to, "failed", "5.1.1"), Token));

    [Theory]
    [InlineData("delivered")]
    [InlineData("relayed")]
    public void That_a_mail_arrived_is_no_bounce(string action) => Assert.Null(BounceReading.Read(Report(Token.Of(Id), "a@provider.test", action, "2.0.0"), Token));

    [Fact]
    public void A_mail_that_is_no_report_is_none_although_it_came_to_the_address()
    {
        var mail = new MimeMessage { Body = new TextPart("plain") { Text = "out of office" } };
        mail.To.Add(MailboxAddress.Parse(Token.Address(Id, "bounces.provider.test")));

        Assert.Null(BounceReading.Read(mail, Token));
    }

    private static MimeMessage Report(string? envelope, string to, string action, string status)
    {
        var lines = new[]
        {
            "From: MAILER-DAEMON@example.test", $"To: <{to}>", "Subject: Undelivered Mail", "MIME-Version: 1.0",
            "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"", "", "--b", "Content-Type: text/plain", "", "It did not go.",
            "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.test", envelope is null ? "X-Queue: 1" : $"Original-Envelope-Id: {envelope}",
            "", "Final-Recipient: rfc822; eva@example.test", $"Action: {action}", $"Status: {status}", "Diagnostic-Code: smtp; 550 no such user", "", "--b--", "",
        };
        using var content = new MemoryStream(Encoding.ASCII.GetBytes(string.Join("\r\n", lines)));
        return MimeMessage.Load(content);
    }
}
