using System.Collections.Immutable;
using System.Text;
using IspBilling.Demo;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Composing;
using IspBilling.Outreach.Dispatching;
using IspBilling.Outreach.Mail;
using IspBilling.Outreach.Returns;
using IspBilling.Outreach.Sending;
using IspBilling.Postgres.Journal;
using IspBilling.Postgres.Migrations;
using IspBilling.Postgres.Outgoing;
using IspBilling.Postgres.Reading;
using IspBilling.Postgres.Settings;
using IspBilling.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace IspBilling.Outreach.Tests.Returns;

/// <summary>A client on a real database who was reminded on 2026-03-02 of an invoice that had been due for five days, and all that a returned mail meets.</summary>
internal sealed class ReturnBench : IAsyncDisposable
{
    public const string Domain = "bounces.test";

    public static readonly AccountId Account = new(1);

    private static readonly DunningPolicy Policy = new(
        "standard", [new DunningStep("first", 5, [Money.Czk(100)], DunningActions.Email, 0), new DunningStep("second", 40, [Money.Czk(100)], DunningActions.Email, 7)], ThankOnClearing: true);

    private readonly TestDatabase _database;
    private readonly PostgresJournal _journal;

    private ReturnBench(TestDatabase database, string email)
    {
        _database = database;
        _journal = new PostgresJournal(database.Source, new PostgresJournalOptions());
        Contexts = new LiveContext(Clock, TimeZoneInfo.Utc, Settings());
        Accounts = new DirectAccounts(_journal, Contexts);
        Outbox = new PostgresOutbox(database.Source);
        Store = new PostgresMailReturns(database.Source);
        Intake = new ReturnIntake(Store, Mail, Clock, TimeZoneInfo.Utc);
        Reports = new MailReturnReports(Store, Outbox, Accounts, TimeZoneInfo.Utc, Clock);
        Facts = new PostgresMessageFacts(database.Source, Contexts);
        Email = email;
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 2, 10, 12, 0, 0, TimeSpan.Zero));

    public MadeUpSettings Mail { get; } = new();

    public string Email { get; }

    public LiveContext Contexts { get; }

    public DirectAccounts Accounts { get; }

    public PostgresOutbox Outbox { get; }

    public PostgresMailReturns Store { get; }

    public ReturnIntake Intake { get; }

    public MailReturnReports Reports { get; }

    public PostgresMessageFacts Facts { get; }

    public TestDatabase Database => _database;

    public BounceToken Token { get; } = new(MadeUpSettings.BounceKey);

    public static async Task<ReturnBench> Start(string email = "zofie@clients.test")
    {
        var bench = new ReturnBench(await new PostgresFixture().NewDatabase(MigrationSet.OfProgram), email);
        foreach (var channel in new[] { MessageChannel.Email, MessageChannel.Sms, MessageChannel.Print })
            await bench.Outbox.Switch(channel, isOn: true, Messages.Clerk, bench.Clock.GetUtcNow(), CancellationToken.None);
        Assert.Equal(Account, await new ClientDirectory(bench.Database.Source).GetOrCreate("C-1", CancellationToken.None));
        await bench.Put(email);
        await bench.Do(new PutService("net", new DateOnly(2026, 2, 10), new DateOnly(2026, 3, 10), new TariffId(1), Quantity.One, BillingCycle.Monthly, BillingTiming.InAdvance, null));
        await bench.Do(new Bill(new DateOnly(2026, 2, 10), null, PreviewOnly: false));
        bench.Clock.SetUtcNow(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        await bench.Do(new Review());
        return bench;
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        await _database.DisposeAsync();
    }

    public Task Put(string email) => Do(new SetProfile(new AccountProfile(
        IssuerId.Default, "Žofie Nováčková", new PostalAddress("Dlouhá 1", "Brno", "602 00", "CZ"), null, null, email, "+420777123456", "cs", DeliveryPreference.Email,
        SymbolPolicy.PerDocument, null, AllocationPolicy.NamedThenOldest, DueDays: 14)));

    public async Task<AccountReply> Do(AccountCommand command)
    {
        var reply = await Accounts.Ask(Account, new Envelope(new CommandId(Guid.NewGuid()), command, Messages.Clerk), CancellationToken.None);
        Assert.False(reply is Refused or Parked, $"{reply}");
        return reply;
    }

    /// <summary>Everything that waits on the channel is accepted, and the account is told.</summary>
    public async Task Deliver(MessageChannel channel = MessageChannel.Email)
    {
        var now = Clock.GetUtcNow();
        foreach (var delivery in await Outbox.Claim(channel, "test", now, now.AddMinutes(1), 100, CancellationToken.None))
        {
            Assert.True(await Outbox.BeginSending(delivery.Lease, now.AddMinutes(1), CancellationToken.None));
            Assert.True(await Outbox.End(delivery.Lease, DeliveryOutcome.Delivered, now, reason: null, receipt: "250 ok", CancellationToken.None));
        }

        await new DeliveryReports(Outbox, Accounts, TimeZoneInfo.Utc).Tell(CancellationToken.None);
    }

    /// <summary>What waits is sent as the engine sends it, both mails there are.</summary>
    public async Task Dispatch(byte[] pdf)
    {
        using var sender = new MailSender(Mail, ConnectPolicy.LoopbackOnly, Clock);
        var words = new MadeUpWords(pdf);
        var ports = new DispatcherPorts(Outbox, Accounts, words, Facts, words, words, words) { Returns = Store };
        var dispatcher = new Dispatcher(sender, ports, new DispatcherOptions { ShortRetries = 0 }, Clock, (failure, text) => Assert.Fail($"{text} {failure}"));
        Assert.Equal(2, await dispatcher.Pass(CancellationToken.None));
    }

    public async Task<ImmutableArray<Delivery>> Deliveries() =>
        [.. (await Outbox.History(Account, null, 100, CancellationToken.None)).OrderBy(delivery => delivery.Id.Version).ThenBy(delivery => delivery.Id.Ordinal)];

    public async Task<Delivery> Reminder() => (await Deliveries()).First(delivery => delivery.Message is SendReminder);

    public async Task<Delivery> Document() => (await Deliveries()).First(delivery => delivery.Message is DeliverDocument);

    public async Task<AccountState> State() => (await new AccountReading(_database.Source).Find(Account, CancellationToken.None))!.State;

    public async Task<ReturnEnding> Return(DeliveryId delivery, string status, string action = "failed", string? to = null, string? key = null)
    {
        var token = key is null ? Token : new BounceToken(key);
        var text = string.Join(
            "\r\n", "From: MAILER-DAEMON@mx.test", $"To: <{token.Address(delivery, Domain)}>", "MIME-Version: 1.0", "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"",
            "", "--b", "Content-Type: message/delivery-status", "", $"Original-Envelope-Id: {token.Of(delivery)}", "", $"Final-Recipient: rfc822; {to ?? Email}", $"Action: {action}",
            $"Status: {status}", $"Diagnostic-Code: smtp; 550 {status} so it is", "", "--b--", "");
        return await Intake.Take(IssuerId.Default, new MemoryStream(Encoding.ASCII.GetBytes(text)), "test", CancellationToken.None);
    }

    private static ProviderSettings Settings()
    {
        var issuer = new Issuer(
            IssuerId.Default, 1, "Příklad s.r.o.", new PostalAddress("Krátká 2", "Brno", "60200", "CZ"), "12345678", "CZ12345678", null,
            Currency.Czk, new IssuerBankAccount("123-4567890/0100", "CZ6508000000192000145399", null), null, null, null, SupplyDating: SupplyDating.BillingDay);
        var tariff = new Tariff(
            new TariffId(1), "HOME", "Internet", ServiceKind.Internet, PriceMode.Gross, VatCategory.Standard, [new TariffVersion(new DateOnly(2020, 1, 1), Money.Czk(499))]);
        return new ProviderSettings(
            TariffCatalogue.Of(1, tariff), VatRates.Known, ImmutableDictionary<IssuerId, Issuer>.Empty.Add(IssuerId.Default, issuer), Policy, CorrectionHorizonMonths: 24)
        {
            PostsLetters = true,
        };
    }
}

/// <summary>Settings that a test makes up.</summary>
internal sealed class MadeUpSettings : IMailSettings
{
    public const string BounceKey = "not to be guessed";

    public MailTarget? Mail { get; set; } = new("127.0.0.1", 25, MailSecurity.None, null, null, "invoices@provider.test", null, ReturnBench.Domain);

    public Dictionary<string, string> Secrets { get; } = new() { [IMailSettings.BounceSecret] = BounceKey };

    public ValueTask<MailTarget?> Target(IssuerId issuer, CancellationToken cancellation) => ValueTask.FromResult(Mail);

    public ValueTask<string?> Secret(string name, CancellationToken cancellation) => ValueTask.FromResult(Secrets.GetValueOrDefault(name));
}

/// <summary>Says the same of everything, with the PDF that it is given.</summary>
internal sealed class MadeUpWords(byte[] pdf) : IMessageComposer, IDocumentPrints, ISendingTimes, IUnassignedMoney
{
    public ValueTask<Composition> Compose(Delivery delivery, MessageFacts facts, CancellationToken cancellation) => ValueTask.FromResult<Composition>(new Composition.Written(Messages.Text));

    public ValueTask<DocumentPrint?> Of(AccountId account, int document, CancellationToken cancellation) => ValueTask.FromResult<DocumentPrint?>(new DocumentPrint("2600000001", pdf));

    public SendingHours Of(MessageChannel channel) => new(window: null, dailyCap: null, FreeDays.None, TimeZoneInfo.Utc);

    public ValueTask<bool> MayBeOf(AccountId account, CancellationToken cancellation) => ValueTask.FromResult(false);
}
