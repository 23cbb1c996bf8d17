using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Mail;
using IspBilling.Outreach.Returns;
using IspBilling.Outreach.Sending;
using IspBilling.Outreach.Tests.Parts;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Security;
using Microsoft.Extensions.Time.Testing;
using MimeKit;

namespace IspBilling.Outreach.Tests.Returns;

/// <summary>Mails through a real postfix into real mailboxes of dovecot and back, with opendkim as the judge of signatures.</summary>
public sealed class RealMailTests
{
    private const string Client = "zofie@clients.test";
    private const string Bounces = "bounce@bounces.test";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [FactWithParts(RunningPostfix.Program, RunningDovecot.Program, OpenDkim, NeedsRoot = true)]
    public async Task A_document_arrives_with_its_pdf_as_it_was_and_a_signature_that_holds()
    {
        await using var dovecot = await RunningDovecot.Start(Client, Bounces);
        await using var postfix = await RunningPostfix.Start(dovecot.Lmtp);
        await using var bench = await ReturnBench.Start(Client);
        using var key = RSA.Create(2048);
        bench.Mail.Secrets["mail/dkim"] = key.ExportRSAPrivateKeyPem();
        bench.Mail.Mail = Target(postfix, dovecot) with { DkimDomain = "provider.test", DkimSelector = "s1", DkimSecret = "mail/dkim" };
        var pdf = RandomNumberGenerator.GetBytes(150_000);

        await bench.Dispatch(pdf);

        Assert.Equal(DeliveryStatus.Delivered, (await bench.Document()).Status);
        var mails = await Mailbox(dovecot, Client, count: 2);
        var document = Assert.Single(mails, mail => mail.Attachments.Any());
        var attachment = Assert.IsType<MimePart>(Assert.Single(document.Attachments));
        using var content = new MemoryStream();
        await attachment.Content!.DecodeToAsync(content);
        Assert.Equal(("2600000001.pdf", "application/pdf"), (attachment.FileName, attachment.ContentType.MimeType));
        Assert.True(pdf.AsSpan().SequenceEqual(content.ToArray()));
        Assert.Equal("Připomínka splatnosti č. 1 – žluťoučký kůň", document.Subject);

        foreach (var mail in mails) Assert.Contains("verification (s=s1, d=provider.test, 2048-bit key", await Judged(mail, key), StringComparison.Ordinal);

        // The judge is none who always says yes.
        document.Subject = "Another";
        Assert.DoesNotContain("succeeded", await Judged(document, key), StringComparison.Ordinal);
    }

    [FactWithParts(RunningPostfix.Program, RunningDovecot.Program, NeedsRoot = true)]
    public async Task A_refused_recipient_comes_back_as_a_real_report_and_takes_told_back()
    {
        await using var dovecot = await RunningDovecot.Start(Bounces);
        await using var postfix = await RunningPostfix.Start(dovecot.Lmtp);
        await using var bench = await ReturnBench.Start(Client);
        bench.Mail.Mail = Target(postfix, dovecot);
        await bench.Dispatch("%PDF-1.7"u8.ToArray());
        await new DeliveryReports(bench.Outbox, bench.Accounts, TimeZoneInfo.Utc).Tell(CancellationToken.None);
        Assert.Equal(new DateOnly(2026, 3, 2), (await bench.State()).Dunning.Last!.Value.ToldOn);
        await Mailbox(dovecot, Bounces, count: 2);
        var reader = Reader(bench);

        Assert.Equal(new MailboxPass(2, 0, null), await reader.Look(IssuerId.Default, CancellationToken.None));
        Assert.Equal(new MailboxPass(0, 0, null), await reader.Look(IssuerId.Default, CancellationToken.None));
        Assert.Equal(2, await bench.Reports.Tell(CancellationToken.None));

        var state = await bench.State();
        Assert.Null(state.Dunning.Last!.Value.ToldOn);
        Assert.Equal(EmailFault.Undeliverable, state.EmailMark!.Fault);
        Assert.Contains("User doesn't exist", state.EmailMark.Reason, StringComparison.Ordinal);
        Assert.Equal((DeliveryStatus.Failed, DeliveryStatus.Failed), ((await bench.Document()).Status, (await bench.Reminder()).Status));
        Assert.Equal(
            [MessageChannel.Sms, MessageChannel.Print],
            (await bench.Deliveries()).Where(delivery => delivery.Status == DeliveryStatus.Waiting).Select(delivery => delivery.Channel).Order());
        Assert.Equal((0, 2), (await Count(dovecot, "INBOX"), await Count(dovecot, "Processed")));
    }

    /// <summary>What is no report, forged or a stranger's is moved aside, never deleted; a look that ends between keeping and moving finds all again.</summary>
    [FactWithParts(RunningDovecot.Program, NeedsRoot = true)]
    public async Task Every_mail_of_a_mailbox_is_moved_and_none_is_lost()
    {
        await using var dovecot = await RunningDovecot.Start(Bounces);
        await using var bench = await ReturnBench.Start(Client);
        await bench.Deliver();
        bench.Mail.Mail = bench.Mail.Mail! with { Returns = Mailboxes(dovecot) };
        var reminder = await bench.Reminder();
        var token = bench.Token.Address(reminder.Id, ReturnBench.Domain);
        await Drop(dovecot, Report(bench.Token, reminder.Id, Client));
        await Drop(dovecot, Report(new BounceToken("guessed"), reminder.Id, Client));
        await Drop(dovecot, $"To: {token}\r\nAuto-Submitted: auto-replied\r\nSubject: away\r\n\r\nBack on Monday.\r\n");
        await Drop(dovecot, $"To: {token}\r\nSubject: a question\r\n\r\nWhy?\r\n");
        await Drop(dovecot, "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\r\n--b--\r\n");
        await Drop(dovecot, $"{Report(bench.Token, reminder.Id, Client)}{new string('x', 5_000_000)}\r\n");

        // It dies when the first report is kept.
        var dying = Reader(bench, new ReturnIntake(new DiesAfterKeeping(bench.Store), bench.Mail, bench.Clock, TimeZoneInfo.Utc));
        await Assert.ThrowsAsync<DiedException>(async () => Assert.Fail($"{await dying.Look(IssuerId.Default, CancellationToken.None)}"));
        Assert.Equal(6, await Count(dovecot, "INBOX"));
        bench.Clock.Advance(TimeSpan.FromMinutes(4));
        var pass = await Reader(bench).Look(IssuerId.Default, CancellationToken.None);

        Assert.Equal(new MailboxPass(3, 3, null), pass);
        Assert.Equal((0, 3, 3), (await Count(dovecot, "INBOX"), await Count(dovecot, "Processed"), await Count(dovecot, "Aside")));
        Assert.Equal(1, await bench.Database.Scalar<long>("SELECT count(*) FROM mail_returns"));
        Assert.Equal(
            "Answer 1, Foreign 2, Known 2, Unreadable 1",
            await bench.Database.Scalar<string>("SELECT string_agg(ending || ' ' || count, ', ' ORDER BY ending) FROM mail_return_counts"));
    }

    [FactWithParts("usr/lib/python3/dist-packages/aiosmtpd/main.py")]
    public async Task A_mail_that_is_larger_than_the_server_announces_is_not_sent()
    {
        var port = UnpackedParts.FreePort();
        var server = UnpackedParts.StartPython("-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", $"127.0.0.1:{port}", "-s", "60000");
        try
        {
            await UnpackedParts.Listens(port, server);
            var settings = new MadeUpSettings { Mail = new MailTarget("127.0.0.1", port, MailSecurity.None, null, null, "invoices@provider.test", null, ReturnBench.Domain) };
            using var sender = new MailSender(settings, ConnectPolicy.LoopbackOnly, new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero)));

            var refused = Assert.IsType<SendResult.Refused>(await Send(sender, 100_000));
            Assert.True(refused.IsPermanent);
            Assert.Contains("127.0.0.1 takes 60000", refused.Reason, StringComparison.Ordinal);
            Assert.IsType<SendResult.Accepted>(await Send(sender, 20_000));
        }
        finally
        {
            await UnpackedParts.End(server);
        }

        static ValueTask<SendResult> Send(MailSender sender, int bytes) => sender.Send(
            new ReadyMessage(
                new Delivery(new DeliveryId(ReturnBench.Account, 3, 1), MessageChannel.Email, Messages.Reminder, DeliveryStatus.Claimed, default, 1, Owner: "test"),
                Messages.Facts(ReturnBench.Account), Messages.Text, [new Attachment("1.pdf", "application/pdf", new byte[bytes])]),
            _ => ValueTask.FromResult(true), CancellationToken.None);
    }

    private const string OpenDkim = "usr/sbin/opendkim";

    private static MailTarget Target(RunningPostfix postfix, RunningDovecot dovecot) =>
        new("127.0.0.1", postfix.Port, MailSecurity.None, null, null, "invoices@provider.test", null, ReturnBench.Domain) { Returns = Mailboxes(dovecot) };

    private static MailboxTarget Mailboxes(RunningDovecot dovecot) => new("127.0.0.1", dovecot.Imap, MailSecurity.None, Bounces, "mail/mailbox");

    private static MailboxReader Reader(ReturnBench bench, ReturnIntake? intake = null)
    {
        bench.Mail.Secrets["mail/mailbox"] = RunningDovecot.Password;
        return new MailboxReader(bench.Mail, intake ?? bench.Intake, bench.Store, ConnectPolicy.LoopbackOnly, bench.Clock);
    }

    /// <summary>Waits until there are so many mails, and reads them as they are.</summary>
    private static async Task<List<MimeMessage>> Mailbox(RunningDovecot dovecot, string user, int count)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            using var client = await Connected(dovecot, user);
            var inbox = client.Inbox!;
            await inbox.OpenAsync(FolderAccess.ReadOnly);
            if (inbox.Count < count && since.Elapsed < Patience) continue;
            Assert.Equal(count, inbox.Count);
            var mails = new List<MimeMessage>();
            for (var i = 0; i < inbox.Count; i++) mails.Add(await inbox.GetMessageAsync(i));
            return mails;
        }
    }

    private static async Task<int> Count(RunningDovecot dovecot, string folder)
    {
        using var client = await Connected(dovecot, Bounces);
        var found = await client.GetFolderAsync(folder);
        await found.OpenAsync(FolderAccess.ReadOnly);
        return found.Count;
    }

    private static async Task Drop(RunningDovecot dovecot, string mail)
    {
        using var client = await Connected(dovecot, Bounces);
        await client.Inbox!.AppendAsync(await MimeMessage.LoadAsync(new MemoryStream(Encoding.ASCII.GetBytes(mail))));
    }

    private static async Task<ImapClient> Connected(RunningDovecot dovecot, string user)
    {
        var client = new ImapClient();
        await client.ConnectAsync("127.0.0.1", dovecot.Imap, SecureSocketOptions.None);
        await client.AuthenticateAsync(user, RunningDovecot.Password);
        return client;
    }

    private static string Report(BounceToken token, DeliveryId delivery, string recipient) => string.Join(
        "\r\n", "From: MAILER-DAEMON@mx.test", $"To: <{token.Address(delivery, ReturnBench.Domain)}>", "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"", "", "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.test", "",
        $"Final-Recipient: rfc822; {recipient}", "Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 no such user", "", "--b--", "");

    /// <summary>What opendkim says of a mail, with the public key in a file instead of the DNS.</summary>
    private static async Task<string> Judged(MimeMessage mail, RSA key)
    {
        var folder = Directory.CreateTempSubdirectory("ispbilling-opendkim-");
        try
        {
            var (keys, settings, message) = (Path.Combine(folder.FullName, "keys"), Path.Combine(folder.FullName, "opendkim.conf"), Path.Combine(folder.FullName, "mail"));
            await File.WriteAllTextAsync(keys, $"s1._domainkey.provider.test v=DKIM1; k=rsa; p={Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}\n");
            await File.WriteAllTextAsync(settings, $"TestPublicKeys {keys}\nMode v\nAllowSHA1Only no\n");
            await using (var written = File.Create(message)) await mail.WriteToAsync(written);
            var start = new ProcessStartInfo(UnpackedParts.Find(OpenDkim)!, ["-x", settings, "-vvv", "-t", message]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["LD_LIBRARY_PATH"] = UnpackedParts.Libraries;
            using var judge = Process.Start(start)!;
            var (said, complained) = (judge.StandardOutput.ReadToEndAsync(), judge.StandardError.ReadToEndAsync());
            await judge.WaitForExitAsync().WaitAsync(Patience);
            return $"{await said}{await complained}";
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class DiedException : Exception;

    private sealed class DiesAfterKeeping(IMailReturns returns) : IMailReturns
    {
        public async ValueTask<KeptReturn> Keep(MailReturn returned, CancellationToken cancellation)
        {
            await returns.Keep(returned, cancellation);
            throw new DiedException();
        }

        public ValueTask<IReadOnlyList<UntoldReturn>> Untold(UntoldReturn? after, int max, CancellationToken cancellation) => returns.Untold(after, max, cancellation);

        public ValueTask Told(UntoldReturn returned, DateTimeOffset at, CancellationToken cancellation) => returns.Told(returned, at, cancellation);

        public ValueTask Count(DateOnly day, string source, string ending, CancellationToken cancellation) => returns.Count(day, source, ending, cancellation);

        public ValueTask<IReadOnlyList<ReturnCount>> Counts(int max, CancellationToken cancellation) => returns.Counts(max, cancellation);
    }
}
