namespace IspBilling.Domain.Tests;

/// <summary>An account that lives in a test as it would in the engine: it decides, its documents get numbers, its events are folded.</summary>
internal sealed class LiveAccount
{
    private readonly Dictionary<SeriesKey, long> _series = [];

    public LiveAccount(string today, params Tariff[] tariffs)
    {
        Context = Given.Context(Given.Day(today), tariffs);
        State = AccountState.New(new AccountId(1));
        Do(new SetProfile(Given.Client));
    }

    public DecisionContext Context { get; set; }

    public AccountState State { get; private set; }

    public List<AccountEvent> Events { get; } = [];

    public List<OutgoingMessage> Messages { get; } = [];

    public List<Document> Documents { get; } = [];

    public Decision Last { get; private set; } = null!;

    /// <summary>Each reminder is accepted on the day on which it is decided.</summary>
    public bool Accepts { get; set; } = true;

    public DateOnly Today
    {
        get => Context.Today;
        set => Context = Context with { Today = value };
    }

    public LiveAccount On(string day)
    {
        Today = Given.Day(day);
        return this;
    }

    /// <summary>The issuer is another from now on.</summary>
    public LiveAccount Of(Func<Issuer, Issuer> change)
    {
        Context = Context with { Issuers = Context.Issuers.SetItem(IssuerId.Default, change(Context.Issuers[IssuerId.Default])) };
        return this;
    }

    public AccountReply Do(AccountCommand command)
    {
        Last = AccountDecider.Decide(State, command, Context);
        foreach (var happened in Last.Events) State = State.Evolve(Numbered(happened));
        Messages.AddRange(Last.Messages);
        if (Accepts) Accept(Last.Messages.OfType<SendReminder>().Where(reminder => reminder.On == Today));
        return Last.Reply;
    }

    /// <summary>What a delivery is called: each of a reminder has a place of its own behind the version at which it was decided.</summary>
    public DeliveryId Delivery(SendReminder reminder, MessageChannel channel) => new(State.Id, State.Version, reminder.GoesBy().IndexOf(channel) + 1);

    private void Accept(IEnumerable<SendReminder> reminders)
    {
        foreach (var reminder in reminders)
        {
            foreach (var channel in reminder.GoesBy())
            {
                var report = new RecordDelivery(Delivery(reminder, channel), channel, reminder, DeliveryOutcome.Delivered, Today);
                foreach (var happened in AccountDecider.Decide(State, report, Context).Events) State = State.Evolve(Numbered(happened));
            }
        }
    }

    /// <summary>What happened under an earlier release, which decided otherwise.</summary>
    public LiveAccount Happened(AccountCommand command, Func<AccountEvent, AccountEvent> otherwise)
    {
        foreach (var happened in AccountDecider.Decide(State, command, Context).Events) State = State.Evolve(Numbered(otherwise(happened)));
        return this;
    }

    /// <summary>The command is carried out.</summary>
    public LiveAccount Does(AccountCommand command)
    {
        var reply = Do(command);
        Assert.False(reply is Refused, (reply as Refused)?.Detail);
        return this;
    }

    public RefusalReason Refuses(AccountCommand command)
    {
        var refused = Assert.IsType<Refused>(Do(command));
        Assert.All(Last.Events, happened => Assert.IsType<ReversalFoundNothing>(happened));
        Assert.Empty(Last.Messages);
        Assert.True(refused.Detail.Length > 10, refused.Detail);
        return refused.Reason;
    }

    public LiveAccount Has(
        string service, string start, int tariff, string? end = null, int months = 1, int? anchor = null,
        BillingTiming timing = BillingTiming.InAdvance, decimal quantity = 1, string? from = null, long? revision = null) =>
        Does(Subscription(service, start, tariff, end, months, anchor, timing, quantity, from) with { Revision = revision });

    public static PutService Subscription(
        string service, string start, int tariff, string? end = null, int months = 1, int? anchor = null,
        BillingTiming timing = BillingTiming.InAdvance, decimal quantity = 1, string? from = null) => new(
            service, Given.Day(start), Given.DayOrNull(end), new TariffId(tariff), Quantity.From(quantity), new BillingCycle(months, anchor), timing,
            Given.DayOrNull(from));

    /// <summary>Somebody enters a price: the catalogue gets a new revision.</summary>
    public LiveAccount Priced(int tariff, string from, decimal price, bool reprices = false)
    {
        var catalogue = Context.Catalogue;
        var entered = new TariffVersion(Given.Day(from), Money.Czk(price), catalogue.Revision + 1, reprices);
        var before = catalogue[new TariffId(tariff)];
        var after = before with { Versions = [.. before.Versions.Append(entered).OrderBy(version => version.ValidFrom)] };
        Context = Context with { Catalogue = new TariffCatalogue(catalogue.Revision + 1, catalogue.Tariffs.SetItem(after.Id, after)) };
        return this;
    }

    public LiveAccount Discount(string service, string id, string from, string? to, int percent) =>
        Does(new PutSpecialPrice(service, id, Given.Day(from), Given.DayOrNull(to), null, percent * 100, "agreed"));

    public LiveAccount SpecialPrice(string service, string id, string from, string? to, decimal price) =>
        Does(new PutSpecialPrice(service, id, Given.Day(from), Given.DayOrNull(to), Money.Czk(price), null, "agreed"));

    public LiveAccount Pause(string service, string id, string from, string? to, bool bills = false) =>
        Does(new PutPause(service, new Pause(id, Given.Day(from), Given.DayOrNull(to), bills, "away")));

    public static AddOneOff Item(
        string id, string date, decimal price, decimal quantity = 1, PriceMode mode = PriceMode.Gross, VatCategory vat = VatCategory.Standard) =>
        new(id, Given.Day(date), $"item {id}", Quantity.From(quantity), Money.Czk(price), mode, vat);

    /// <summary>Bills up to a date and gives the documents issued.</summary>
    public List<Document> Bill(string through) => Bill(Given.Day(through));

    public List<Document> Bill(DateOnly through)
    {
        var before = Documents.Count;
        Does(new Bill(through, null, PreviewOnly: false));
        return Documents[before..];
    }

    public PaymentReceipt Pays(
        string entry, decimal amount, VariableSymbol? symbol, MatchRule rule = MatchRule.NamedDocument, string? payer = null, string? order = null) =>
        Assert.IsType<PaymentReceipt>(Do(new BookPayment(entry, Money.Czk(amount), Today, symbol, payer, order, rule)));

    public Money Open(int document) => State.FindDocument(document)!.Open;

    public VariableSymbol Symbol(int document) => State.FindDocument(document)!.Symbol!.Value;

    public Service Service(string reference) => State.FindService(reference)!;

    private AccountEvent Numbered(AccountEvent happened)
    {
        if (happened is DocumentIssued issued)
        {
            var sequence = _series.GetValueOrDefault(issued.Document.Series) + 1;
            _series[issued.Document.Series] = sequence;
            happened = issued with { Document = issued.Document.Numbered(sequence) };
            Documents.Add(((DocumentIssued)happened).Document);
        }

        Events.Add(happened);
        return happened;
    }
}
