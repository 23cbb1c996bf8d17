namespace IspBilling.Domain.Tests.Properties;

/// <summary>Plays a history on an account. What an account refuses simply does not happen.</summary>
internal sealed class Life
{
    private static readonly VariableSymbol AccountSymbol = Given.Client.AccountSymbol!.Value;
    private int _entries;

    public LiveAccount Account { get; } = new(
        "2027-11-20",
        Given.Gross(1, 499),
        Given.Net(2, 333.33m),
        Given.Tariff(3, PriceMode.Gross, ("2013-01-01", 699), ("2028-02-15", 749), ("2028-07-01", 689.90m)),
        Given.Gross(4, 100));

    public static Life Of(History history)
    {
        var life = new Life();
        foreach (var act in history.Acts) life.Play(act);
        return life;
    }

    /// <summary>What is asked in the place of a command.</summary>
    public Func<AccountCommand, AccountCommand> Rewrites { get; set; } = command => command;

    /// <summary>The command that the act led to; null when there was nothing to act on.</summary>
    public AccountCommand? Play(Act act)
    {
        Account.Today = Account.Today.AddDays(act.Later);
        if (act is EntersPrice entered) Enter(entered);
        var command = CommandOf(act);
        if (command is not null) Account.Do(Rewrites(command));
        return command;
    }

    public DateOnly Day(int offset) => Account.Today.AddDays(offset);

    private AccountCommand? CommandOf(Act act)
    {
        var state = Account.State;
        return act switch
        {
            Subscribes a when Find(a.Service) is null => new PutService(
                Reference(a.Service), Day(a.Start), Day(a.Start, a.Length), new TariffId(a.Tariff), new Quantity(a.Thousandths),
                new BillingCycle(a.Months, a.Anchor), Timing(a.Arrears), null),
            Ends a when Find(a.Service) is { } service => Put(service, service.Terms[^1] with { }, a.End is { } end ? Day(end) : null, null),
            ChangesTerms a when Find(a.Service) is { } service => Put(
                service,
                service.Terms[^1] with
                {
                    Tariff = new TariffId(a.Tariff),
                    Quantity = new Quantity(a.Thousandths),
                    Cycle = a.Months is { } months ? new BillingCycle(months, a.Anchor) : service.Terms[^1].Cycle,
                    Timing = a.Arrears is { } arrears ? Timing(arrears) : service.Terms[^1].Timing,
                },
                service.End,
                Day(a.From)),
            AgreesPrice a => new PutSpecialPrice(
                Reference(a.Service), $"p{a.Id}", Day(a.From), Day(a.From, a.Length), a.Price is { } price ? new Money(price, Currency.Czk) : null, a.Discount, ""),
            DropsPrice a => new RemoveSpecialPrice(Reference(a.Service), $"p{a.Id}"),
            Pauses a => new PutPause(Reference(a.Service), new Pause($"b{a.Id}", Day(a.From), Day(a.From, a.Length), a.Bills, "")),
            DropsPause a => new RemovePause(Reference(a.Service), $"b{a.Id}"),
            AddsItem a => new AddOneOff(
                $"i{a.Id}", Day(a.Date), "item", new Quantity(a.Thousandths), new Money(a.Price, Currency.Czk), a.Net ? PriceMode.Net : PriceMode.Gross,
                a.Id == 1 ? VatCategory.Reduced : VatCategory.Standard),
            CancelsItem a => new CancelOneOff($"i{a.Id}"),
            Bills a => new Bill(Day(a.Through), null, PreviewOnly: false),
            Domain.Tests.Properties.Pays a => Payment(a),
            Returns a when state.Payments.Length > 0 => Return(state.Payments[a.Payment % state.Payments.Length]),
            Unassigns a when state.Payments.Length > 0 => new UnassignPayment(state.Payments[a.Payment % state.Payments.Length].Entry, "elsewhere"),
            Refunds a => Refund(a.Share),
            GoesBack a when state.Payments.Length > 0 => GoBack(state.Payments[a.Payment % state.Payments.Length], a.Share),
            Undoes a when _entries > 0 => new UnassignPayment($"e{1 + (a.Entry % _entries)}", "a mistake"),
            Disputes a when state.Documents.Length > 0 => new SetDispute(state.Documents[a.Document % state.Documents.Length].Ordinal, a.Disputed, ""),
            Promises a => new PromiseToPay(a.Days is { } days ? Day(days) : null),
            Reviews => new Review(),
            _ => null,
        };
    }

    private void Enter(EntersPrice act)
    {
        var versions = Account.Context.Catalogue[new TariffId(act.Tariff)].Versions;
        var from = act.OnDayOf is { } index ? versions[index % versions.Length].ValidFrom : Day(act.From);
        Account.Priced(act.Tariff, from.ToString("yyyy-MM-dd"), act.Price / 100m, act.Reprices);
    }

    private BookPayment Payment(Pays act)
    {
        var documents = Account.State.Documents;
        var named = act.Named is { } index && documents.Length > 0 ? documents[index % documents.Length] : null;
        var amount = act.Amount is { } minor ? new Money(minor, Currency.Czk) : named is { Open.IsPositive: true } ? named.Open : Money.Czk(499);
        return new BookPayment($"e{++_entries}", amount, Account.Today, named?.Symbol ?? AccountSymbol, null, null, MatchRule.NamedDocument);
    }

    private BookRefund Refund(int share)
    {
        var state = Account.State;
        var credit = state.Payments.Sum(Currency.Czk, payment => payment.Unallocated)
            + state.Documents.Where(document => document.Kind == DocumentKind.CreditNote).Sum(Currency.Czk, note => note.Open);
        return new BookRefund($"e{++_entries}", credit.Times(share, 100), Account.Today, AccountSymbol, null, null, MatchRule.Clerk, "asked for");
    }

    private ReturnPayment GoBack(Payment payment, int share) =>
        new($"e{++_entries}", payment.Ordinal, payment.Left.Abs.Times(share, 100), Account.Today, "sent back");

    private ReversePayment Return(Payment payment) =>
        new($"e{++_entries}", payment.Amount, Account.Today, payment.Symbol, null, null);

    private static PutService Put(Service service, ServiceTerms terms, DateOnly? end, DateOnly? from) => new(
        service.Reference, service.Start, end, terms.Tariff, terms.Quantity, terms.Cycle, terms.Timing, from);

    private Service? Find(int number) => Account.State.FindService(Reference(number));

    private DateOnly? Day(int from, int? length) => length is { } days ? Day(from + days) : null;

    private static BillingTiming Timing(bool arrears) => arrears ? BillingTiming.InArrears : BillingTiming.InAdvance;

    private static string Reference(int number) => $"s{number}";
}
