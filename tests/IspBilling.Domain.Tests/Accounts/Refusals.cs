using System.Collections.Immutable;

namespace IspBilling.Domain.Tests.Accounts;

/// <summary>Everything an account refuses, with its reason; a refusal changes and tells nothing.</summary>
public class Refusals
{
    /// <summary>An open account with one service that runs, one that ended, and one invoice.</summary>
    private static LiveAccount Account()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499), Given.Gross(2, 699), Euros(3, 20), Given.Gross(4, 10_000_000)).Has("net", "2026-03-01", 1)
            .Has("old", "2026-01-01", 1, end: "2026-03-01").Does(LiveAccount.Item("install", "2026-03-01", 990));
        account.Bill("2026-03-01");
        account.Pays("e1", 100, null, MatchRule.Clerk);
        return account;
    }

    private static Tariff Euros(int id, decimal price)
    {
        var tariff = Given.Gross(id, price);
        return tariff with { Versions = [tariff.Versions[0] with { MonthlyPrice = Money.Eur(price) }] };
    }

    private static LiveAccount Closed() =>
        Account().Has("net", "2026-03-01", 1, end: "2026-03-02").On("2026-03-05").Does(new CloseAccount());

    private static PutSpecialPrice Special(decimal? price, int? discount, string? to = null, Currency? currency = null) => new(
        "net", "s", Given.Day("2026-03-01"), Given.DayOrNull(to), price is { } major ? Money.FromMajor(major, currency ?? Currency.Czk) : null, discount, "");

    private static BookPayment Payment(decimal amount, Currency currency) =>
        new("e9", Money.FromMajor(amount, currency), Given.Day("2026-03-02"), null, null, null, MatchRule.Clerk);

    private static PutContract Contract(Func<Contract, Contract> change) => new(change(new Contract(
        "C1", "2026/1", null, Given.Day("2026-03-01"), null, 24, 30, null, new EarlyEndTerms(500, 3, Money.Czk(2_400)))));

    public static TheoryData<RefusalReason, AccountCommand> OfAnOpenAccount()
    {
        var rows = new TheoryData<RefusalReason, AccountCommand>
        {
            { RefusalReason.UnknownService, new PutPause("tv", new Pause("p", Given.Day("2026-03-01"), null, false, "")) },
            { RefusalReason.UnknownService, new RemovePause("tv", "p") },
            { RefusalReason.UnknownService, Special(1, null) with { Service = "tv" } },
            { RefusalReason.UnknownService, new RemoveSpecialPrice("tv", "s") },
            { RefusalReason.UnknownDocument, new SetDispute(99, true, "") },
            { RefusalReason.UnknownPayment, new UnassignPayment("e99", "") },
            { RefusalReason.UnknownPayment, new ReversePayment("e9", Money.Czk(101), Given.Day("2026-03-02"), null, null, null) },
            { RefusalReason.UnknownPayment, new ReturnPayment("e9", 99, Money.Czk(1), Given.Day("2026-03-02"), "sent back") },
            { RefusalReason.UnknownPayment, new ReturnPayment("e9", 99, Money.Czk(-1), Given.Day("2026-03-02"), "came back") },
            { RefusalReason.AmountNotPositive, new ReturnPayment("e9", 99, Money.Czk(0), Given.Day("2026-03-02"), "nothing") },
            { RefusalReason.NotEnoughCredit, new BookRefund("e9", Money.Czk(1_000_000), Given.Day("2026-03-02"), null, null, null, MatchRule.Clerk) },
            { RefusalReason.UnknownItem, new CancelOneOff("nothing") },
            { RefusalReason.UnknownPause, new RemovePause("net", "nothing") },
            { RefusalReason.UnknownSpecialPrice, new RemoveSpecialPrice("net", "nothing") },
            { RefusalReason.UnknownContract, new RemoveContract("nothing") },
            { RefusalReason.UnknownContract, LiveAccount.Subscription("net", "2026-03-01", 1) with { Contract = "nothing" } },
            { RefusalReason.InvalidValue, Contract(signed => signed with { Reference = ".." }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { Number = "" }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { Number = new string('9', 65) }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { Start = Given.Day("1999-12-31") }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { Start = Given.Day("2100-01-02") }) },
            { RefusalReason.EndBeforeStart, Contract(signed => signed with { End = Given.Day("2026-02-28") }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { MinimumMonths = -1 }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { MinimumMonths = 121 }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { MinimumMonths = 0 }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { NoticeDays = -1 }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { NoticeDays = 367 }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { Document = "" }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { Document = new string('x', 201) }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { EarlyEnd = new EarlyEndTerms(-1, null, null) }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { EarlyEnd = new EarlyEndTerms(10_001, null, null) }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { EarlyEnd = new EarlyEndTerms(500, 0, null) }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { EarlyEnd = new EarlyEndTerms(500, 25, null) }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { EarlyEnd = new EarlyEndTerms(500, null, Money.Czk(0)) }) },
            { RefusalReason.InvalidValue, Contract(signed => signed with { EarlyEnd = new EarlyEndTerms(500, null, Money.Czk(10_000_001)) }) },
            { RefusalReason.CurrencyDiffers, Contract(signed => signed with { EarlyEnd = new EarlyEndTerms(500, null, Money.Eur(100)) }) },
            { RefusalReason.InvalidValue, LiveAccount.Subscription("..", "2026-03-01", 1) },
            { RefusalReason.InvalidValue, LiveAccount.Subscription("a%2fb", "2026-03-01", 1) },
            { RefusalReason.StartCannotChange, LiveAccount.Subscription("net", "2026-03-02", 1) },
            { RefusalReason.EndBeforeStart, LiveAccount.Subscription("net", "2026-03-01", 1, end: "2026-02-28") },
            { RefusalReason.EndBeforeStart, LiveAccount.Subscription("new", "2026-03-01", 1, end: "2026-02-01") },
            { RefusalReason.ServiceStillRuns, new CloseAccount() },
            { RefusalReason.InvalidValue, LiveAccount.Item("i", "2026-03-01", 10) with { Text = "\uE000" } },
            { RefusalReason.InvalidValue, new SetProfile(Given.Client with { Name = "\uE000" }) },
            { RefusalReason.CurrencyDiffers, Payment(10, Currency.Eur) },
            { RefusalReason.CurrencyDiffers, Special(10, null, currency: Currency.Eur) },
            { RefusalReason.CurrencyDiffers, LiveAccount.Item("i", "2026-03-01", 10) with { UnitPrice = Money.Eur(10) } },
            { RefusalReason.DateInThePast, new PromiseToPay(Given.Day("2026-02-28")) },
            { RefusalReason.AmountNotPositive, Payment(0, Currency.Czk) },
            { RefusalReason.AmountNotPositive, Payment(-1, Currency.Czk) },
            { RefusalReason.AlreadyExistsDifferently, LiveAccount.Item("install", "2026-03-01", 991) },
            { RefusalReason.IssuerCannotChange, new SetProfile(Given.Client with { Issuer = new IssuerId(2) }) },
            { RefusalReason.InvalidValue, new SetProfile(Given.Client with { Issuer = new IssuerId(3) }) },
            { RefusalReason.InvalidValue, new SetProfile(Given.Client with { SymbolPolicy = SymbolPolicy.PerAccount, AccountSymbol = null }) },
            { RefusalReason.InvalidValue, new SetProfile(Given.Client with { DueDays = -1 }) },
            { RefusalReason.InvalidValue, new SetProfile(Given.Client with { DueDays = 366 }) },
            { RefusalReason.InvalidValue, LiveAccount.Subscription("new", "2026-03-01", 77) },
            { RefusalReason.InvalidValue, LiveAccount.Subscription("new", "1999-12-31", 1) },
            { RefusalReason.InvalidValue, LiveAccount.Subscription("new", "2100-01-02", 1) },
            { RefusalReason.InvalidValue, LiveAccount.Subscription("new", "2026-03-01", 1, quantity: 0) },
            { RefusalReason.InvalidValue, LiveAccount.Subscription("new", "2026-03-01", 1, quantity: -1) },
            { RefusalReason.InvalidValue, LiveAccount.Subscription("new", "2026-03-01", 1, quantity: 1_000_001) },
            { RefusalReason.CurrencyDiffers, LiveAccount.Subscription("new", "2026-03-01", 3) },
            { RefusalReason.CurrencyDiffers, LiveAccount.Subscription("net", "2026-03-01", 3) },
            { RefusalReason.InvalidValue, LiveAccount.Subscription("new", "2026-03-01", 4, quantity: 1_000) },
            { RefusalReason.InvalidValue, LiveAccount.Item("i", "2026-03-01", 10_000_000, quantity: 1_000) },
            { RefusalReason.InvalidValue, new PutPause("net", new Pause("p", Given.Day("2026-03-10"), Given.Day("2026-03-10"), false, "")) },
            { RefusalReason.InvalidValue, Special(null, null) },
            { RefusalReason.InvalidValue, Special(100, 1000) },
            { RefusalReason.InvalidValue, Special(null, 0) },
            { RefusalReason.InvalidValue, Special(null, 10_001) },
            { RefusalReason.InvalidValue, Special(-1, null) },
            { RefusalReason.InvalidValue, Special(10_000_001, null) },
            { RefusalReason.InvalidValue, Special(100, null, to: "2026-03-01") },
            { RefusalReason.InvalidValue, LiveAccount.Item("i", "2026-03-01", 0) },
            { RefusalReason.InvalidValue, LiveAccount.Item("i", "2026-03-01", 10_000_001) },
            { RefusalReason.InvalidValue, LiveAccount.Item("i", "2026-03-01", -10_000_001) },
            { RefusalReason.InvalidValue, LiveAccount.Item("i", "2026-03-01", 10, quantity: 0) },
            { RefusalReason.InvalidValue, LiveAccount.Item("i", "2026-03-01", 0.01m, quantity: 0.001m) },
            { RefusalReason.InvalidValue, new PromiseToPay(Given.Day("9999-12-31")) },
            { RefusalReason.InvalidValue, new Bill(Given.Day("1999-12-31"), null, false) },
            { RefusalReason.InvalidValue, new Bill(Given.Day("2100-01-02"), null, true) },
        };
        return rows;
    }

    [Theory]
    [MemberData(nameof(OfAnOpenAccount))]
    public void An_open_account_refuses_with_a_reason(RefusalReason reason, AccountCommand command)
    {
        var account = Account();
        account.Context = account.Context with { Issuers = account.Context.Issuers.Add(new IssuerId(2), Given.Provider with { Id = new IssuerId(2) }) };

        Assert.Equal(reason, account.Refuses(command));
    }

    /// <summary>What no account could accept says which value it is about, by a name that the command has; what this account does not accept has none.</summary>
    [Theory]
    [MemberData(nameof(OfAnOpenAccount))]
    public void A_value_that_no_account_accepts_is_named(RefusalReason reason, AccountCommand command)
    {
        var account = Account();
        account.Context = account.Context with { Issuers = account.Context.Issuers.Add(new IssuerId(2), Given.Provider with { Id = new IssuerId(2) }) };
        var isValue = reason is RefusalReason.InvalidValue or RefusalReason.EndBeforeStart or RefusalReason.DateInThePast or RefusalReason.AmountNotPositive;

        var member = Assert.IsType<Refused>(account.Do(command)).Member;

        Assert.Equal(isValue, member is not null);
        var holder = command switch { SetProfile => typeof(AccountProfile), PutPause => typeof(Pause), PutContract => typeof(Contract), _ => command.GetType() };
        if (isValue) Assert.NotNull(holder.GetProperty(member!.Split('.')[0]));
    }

    [Theory]
    [MemberData(nameof(OfAnOpenAccount))]
    public void An_account_without_a_client_refuses_everything_but_a_client(RefusalReason reason, AccountCommand command)
    {
        var decision = AccountDecider.Decide(AccountState.New(new AccountId(7)), command, Given.Context(Given.Day("2026-03-01"), Given.Gross(1, 499)));

        if (command is SetProfile { Profile.DueDays: 14, Profile.AccountSymbol: not null }) reason = RefusalReason.InvalidValue;
        else if (command is not SetProfile) reason = RefusalReason.UnknownAccount;
        Assert.Equal(reason, Assert.IsType<Refused>(decision.Reply).Reason);
        Assert.True(decision.ChangesNothing);
    }

    [Fact]
    public void A_closed_account_takes_no_service_and_prolongs_none()
    {
        var account = Closed();

        Assert.Equal(RefusalReason.AccountIsClosed, account.Refuses(LiveAccount.Subscription("new", "2026-03-05", 1)));
        Assert.Equal(RefusalReason.AccountIsClosed, account.Refuses(LiveAccount.Subscription("net", "2026-03-01", 1)));
        Assert.Equal(RefusalReason.AccountIsClosed, account.Refuses(LiveAccount.Subscription("net", "2026-03-01", 1, end: "2026-03-06")));
        account.Has("net", "2026-03-01", 1, end: "2026-03-03").Does(new ReopenAccount()).Has("new", "2026-03-05", 1);
    }

    [Fact]
    public void Closing_reopening_and_setting_what_is_so_already_changes_nothing()
    {
        var account = Closed();

        account.Does(new CloseAccount());
        Assert.True(account.Last.ChangesNothing);
        account.Does(new ReopenAccount()).Does(new ReopenAccount());
        Assert.True(account.Last.ChangesNothing);
        account.Does(new SetProfile(Given.Client));
        Assert.True(account.Last.ChangesNothing);
        account.Does(new SetDunningExemption(false, ""));
        Assert.True(account.Last.ChangesNothing);
    }

    [Fact]
    public void A_payment_the_bank_took_back_cannot_be_taken_off_by_a_clerk()
    {
        var account = Account();
        account.Pays("e2", 200, new VariableSymbol(5));
        account.Does(new ReversePayment("e3", Money.Czk(200), account.Today, new VariableSymbol(5), null, null));

        Assert.Equal(RefusalReason.UnknownPayment, account.Refuses(new UnassignPayment("e2", "")));
    }

    [Fact]
    public void Only_invoices_are_disputed()
    {
        var account = Account().Has("net", "2026-03-01", 1, end: "2026-03-15");
        account.Bill("2026-03-01");

        Assert.Equal(DocumentKind.CreditNote, account.State.Documents[^1].Kind);
        Assert.Equal(RefusalReason.UnknownDocument, account.Refuses(new SetDispute(account.State.LastDocument, true, "")));
    }

    [Fact]
    public void Everything_that_grows_has_a_bound()
    {
        var account = Account();
        var day = Given.Day("2026-03-01");
        var pauses = Enumerable.Range(0, AccountLimits.MaxPausesPerService).Select(i => new Pause($"p{i}", day, null, true, ""));
        var prices = Enumerable.Range(0, AccountLimits.MaxSpecialPricesPerService).Select(i => new SpecialPrice($"s{i}", day, null, null, 100, "", i));
        var items = Enumerable.Range(0, AccountLimits.MaxUnbilledOneOffs)
            .Select(i => new OneOff($"i{i}", day, "", Quantity.One, Money.Czk(1), PriceMode.Net, VatCategory.Standard, i));
        var terms = Enumerable.Range(0, AccountLimits.MaxTermsPerService)
            .Select(i => new ServiceTerms(day.AddDays(i), new TariffId(1 + (i % 2)), Quantity.One, BillingCycle.Monthly, BillingTiming.InAdvance, i));
        var full = account.Service("net") with { Pauses = [.. pauses], SpecialPrices = [.. prices], Terms = [.. terms] };
        var services = Enumerable.Range(3, AccountLimits.MaxServices - 2).Select(i => full with { Number = i, Reference = $"r{i}" });
        var state = account.State with { OneOffs = [.. items], Services = [full, account.Service("old"), .. services] };

        foreach (var command in new AccountCommand[]
        {
            LiveAccount.Subscription("one more", "2026-03-01", 1),
            LiveAccount.Subscription("net", "2026-03-01", 1, from: "2030-01-01"),
            new PutPause("net", new Pause("one more", day, null, true, "")),
            Special(null, 100) with { Id = "one more" },
            LiveAccount.Item("one more", "2026-03-01", 1),
        })
        {
            var refused = Assert.IsType<Refused>(AccountDecider.Decide(state, command, account.Context).Reply);
            Assert.Equal(RefusalReason.TooMany, refused.Reason);
            Assert.Contains("at most", refused.Detail, StringComparison.Ordinal);
        }

        var longLived = account.State with { PastItems = [.. Enumerable.Range(0, AccountLimits.MaxOneOffs).Select(i => PastItem.OfCancelled($"i{i}"))] };
        var tooMany = Assert.IsType<Refused>(AccountDecider.Decide(longLived, LiveAccount.Item("one more", "2026-03-01", 1), account.Context).Reply);
        Assert.Equal(RefusalReason.TooMany, tooMany.Reason);

        // What is there already may still change.
        foreach (var command in new AccountCommand[]
        {
            new PutPause("net", new Pause("p3", day, day.AddDays(9), true, "")),
            Special(null, 200) with { Id = "s3" },
        })
        {
            Assert.IsType<Done>(AccountDecider.Decide(state, command, account.Context).Reply);
        }
    }

    [Fact]
    public void A_document_has_a_bounded_number_of_lines()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499));
        var terms = ImmutableArray.Create(new ServiceTerms(
            Given.Day("2026-03-01"), new TariffId(1), Quantity.One, BillingCycle.Monthly, BillingTiming.InAdvance, 1));
        var services = Enumerable.Range(1, AccountLimits.MaxServices)
            .Select(i => new Service(i, $"s{i}", Given.Day("2026-03-01"), null, terms, [], [], []));
        var state = account.State with { Services = [.. services] };

        var refused = Assert.IsType<Refused>(AccountDecider.Decide(state, new Bill(Given.Day("2026-07-01"), null, false), account.Context).Reply);
        Assert.Equal(RefusalReason.TooMany, refused.Reason);
        Assert.IsType<Billed>(AccountDecider.Decide(state, new Bill(Given.Day("2026-06-01"), null, false), account.Context).Reply);
    }

    [Fact]
    public void Every_reason_is_covered_here_or_belongs_to_the_journal()
    {
        var covered = OfAnOpenAccount().Select(row => (RefusalReason)row[0]).ToHashSet();
        covered.UnionWith([RefusalReason.UnknownAccount, RefusalReason.AccountIsClosed, RefusalReason.TooMany]);
        covered.Add(RefusalReason.PeriodIsSettledHistory); // SettledHistoryCases
        covered.Add(RefusalReason.PaidBackAlready); // MoneyBack
        covered.UnionWith([RefusalReason.ContractStillRuns, RefusalReason.ContractHasServices]); // Contracts
        covered.Add(RefusalReason.IssueDateBeforeSeries); // only the commit knows the series
        covered.Add(RefusalReason.CannotBePrinted); // PrintableDocuments
        covered.Add(RefusalReason.SampleIssuer); // SampleIssuers

        Assert.Equal(Enum.GetValues<RefusalReason>().Order(), covered.Order());
    }
}
