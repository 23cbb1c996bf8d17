using System.Globalization;
using System.Security.Cryptography;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.LoadTests.Measuring;
using IspBilling.Outreach.Dispatching;
using IspBilling.Outreach.Mail;
using IspBilling.Outreach.Sending;
using IspBilling.Outreach.Templates;
using IspBilling.Postgres.Outgoing;
using IspBilling.Postgres.Reading;

namespace IspBilling.LoadTests.Scenarios;

/// <summary>Invoices by e-mail with a PDF that is ready, through one dispatcher and one mail server: claimed, asked for again, put into words, signed and sent.</summary>
/// <param name="port">Of a mail server on this machine that accepts what it is given; 0 for one in this process that keeps nothing.</param>
/// <param name="workers">Mails in hand at once.</param>
/// <param name="isSigned">By DKIM with a key of 2048 bits.</param>
public sealed class MailScenario(int count, int seed, int port, int workers, bool isSigned) : IScenario
{
    /// <summary>As large as an invoice with its payment code.</summary>
    private const int PdfBytes = 40 * 1024;

    private const int PageSize = 200;

    public string Name => "mail";

    public async Task<Figures> Run(LoadBed bed, Action<string, double, double> report, CancellationToken cancellation)
    {
        var outbox = new PostgresOutbox(bed.Database);
        await BillScenario.Seed(bed, count, seed, report, cancellation);
        await outbox.Switch(MessageChannel.Email, isOn: true, Actor.System("load test"), bed.Clock.GetUtcNow(), cancellation);
        await BillScenario.Bill(bed, report, count, cancellation);
        await bed.Settle(cancellation);
        var waiting = (await outbox.Count(MessageChannel.Email, null, cancellation)).Of(DeliveryStatus.Waiting);

        await using var sink = new SmtpSink();
        using var sender = new MailSender(new Settings(port == 0 ? sink.Port : port, isSigned), ConnectPolicy.LoopbackOnly, bed.Clock);
        var dispatcher = Dispatcher(bed, outbox, sender);
        // The first of a program are those while it is compiled.
        var warm = await dispatcher.Pass(cancellation);
        var before = (await outbox.Count(MessageChannel.Email, null, cancellation)).Of(DeliveryStatus.Delivered);
        using var meter = new Meter(bed.Database);
        await meter.Start();
        for (long done = warm; await dispatcher.Pass(cancellation) is > 0 and var claimed; report("sending", done, waiting)) done += claimed;
        var cost = await meter.Stop();

        var counts = await outbox.Count(MessageChannel.Email, null, cancellation);
        var delivered = counts.Of(DeliveryStatus.Delivered);
        var unaddressed = counts.Of(DeliveryStatus.Failed);
        if (delivered + unaddressed != waiting || await HasFailedOtherwise(outbox, cancellation)) throw new InvalidOperationException($"{delivered} of {waiting} mails were accepted");
        if (port == 0 && sink.Mails != delivered) throw new InvalidOperationException($"{sink.Mails} of {delivered} mails arrived");
        var measured = Math.Max(1, delivered - before);
        return new Figures("mail", measured, cost,
        [
            ("mail server", port == 0 ? string.Create(CultureInfo.InvariantCulture, $"in this process, {sink.Bytes / Math.Max(1, sink.Mails) / 1024.0:0} KiB each") : $"at port {port}"),
            ("in hand at once", $"{workers}"),
            ("clients without an address", $"{unaddressed}"),
            ("signed", isSigned ? "DKIM, RSA 2048" : "no"),
            ("processor each", string.Create(CultureInfo.InvariantCulture, $"{cost.EngineCpu / measured * 1e3:0.00} ms engine, {cost.PostgresCpu / measured * 1e3:0.00} ms PostgreSQL")),
            ("processors busy", string.Create(CultureInfo.InvariantCulture, $"{(cost.EngineCpu + cost.PostgresCpu) / cost.Seconds:0.0} of {Environment.ProcessorCount}")),
        ]);
    }

    /// <summary>Some made-up clients have no address; nothing else may stop a mail.</summary>
    private static async Task<bool> HasFailedOtherwise(PostgresOutbox outbox, CancellationToken cancellation)
    {
        DeliveryId? after = null;
        while (await outbox.Standing(DeliveryStatus.Failed, MessageChannel.Email, after, PageSize, cancellation) is { Count: > 0 } page)
        {
            if (page.Any(delivery => delivery.Reason != "no e-mail address is known")) return true;
            after = page[^1].Id;
        }

        return false;
    }

    private Dispatcher Dispatcher(LoadBed bed, PostgresOutbox outbox, MailSender sender)
    {
        var prints = new ReadyPrints();
        var ports = new DispatcherPorts(
            outbox, bed.Accounts, new PostgresUnassignedMoney(bed.Database), new PostgresMessageFacts(bed.Database, bed.Context),
            new TemplateBook(new SettingsTemplates(bed.Context), bed.Clock), prints, prints)
        {
            Returns = new PostgresMailReturns(bed.Database),
        };
        return new Dispatcher(
            sender, ports, new DispatcherOptions { Workers = workers, PerTarget = workers }, bed.Clock, (failure, text) => throw new InvalidOperationException(text, failure));
    }

    private sealed class ReadyPrints : IDocumentPrints, ISendingTimes
    {
        private static readonly byte[] Pdf = RandomNumberGenerator.GetBytes(PdfBytes);

        public ValueTask<DocumentPrint?> Of(AccountId account, int document, CancellationToken cancellation) =>
            ValueTask.FromResult<DocumentPrint?>(new DocumentPrint(string.Create(CultureInfo.InvariantCulture, $"26{account.Value:00000000}"), Pdf));

        public SendingHours Of(MessageChannel channel) => new(window: null, dailyCap: null, FreeDays.None, TimeZoneInfo.Utc);
    }

    private sealed class Settings : IMailSettings
    {
        private const string DkimSecret = "mail/dkim";

        private readonly MailTarget _target;
        private readonly string _key;

        public Settings(int port, bool isSigned)
        {
            using var key = RSA.Create(2048);
            _key = key.ExportRSAPrivateKeyPem();
            _target = new MailTarget(
                "127.0.0.1", port, MailSecurity.None, User: null, PasswordSecret: null, "invoices@provider.test", ReplyTo: null, "bounces.test",
                isSigned ? "provider.test" : null, isSigned ? "s1" : null, isSigned ? DkimSecret : null);
        }

        public ValueTask<MailTarget?> Target(IssuerId issuer, CancellationToken cancellation) => ValueTask.FromResult<MailTarget?>(_target);

        public ValueTask<string?> Secret(string name, CancellationToken cancellation) => ValueTask.FromResult<string?>(name == DkimSecret ? _key : "not to be guessed");
    }
}
