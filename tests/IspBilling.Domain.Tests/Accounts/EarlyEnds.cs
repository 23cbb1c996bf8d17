namespace IspBilling.Domain.Tests.Accounts;

/// <summary>What ending a contract early may cost, worked out by hand.</summary>
public class EarlyEnds
{
    private static readonly Contract Signed = new(
        "C1", "2026/0117", null, Given.Day("2026-01-01"), End: null, MinimumMonths: 24, NoticeDays: 30, null, new EarlyEndTerms(500, null, Money.Czk(2_400)));

    private static LiveAccount Account(Contract? contract = null, string? end = null) =>
        new LiveAccount("2026-01-01", Given.Gross(1, 499), Given.Net(2, 400), Given.Gross(3, 299)).Does(new PutContract(contract ?? Signed))
            .Does(LiveAccount.Subscription("net", "2026-01-01", 1, end: end) with { Contract = "C1" });

    private static EarlyEndProposal Propose(LiveAccount account, string on) =>
        EarlyEnd.Propose(account.State, account.State.FindContract("C1")!, Given.Day(on), account.Context);

    /// <summary>499 a month for 24 months; 5 % of what is left, and of 2,400 an equal part for each month that has not wholly passed.</summary>
    [Theory]
    [InlineData("2025-06-01", "11976.00", "598.80", 24, "2400.00")]
    [InlineData("2026-01-01", "11976.00", "598.80", 24, "2400.00")]
    [InlineData("2026-07-01", "8982.00", "449.10", 18, "1800.00")]
    [InlineData("2026-07-16", "8740.55", "437.03", 18, "1800.00")]
    [InlineData("2027-12-31", "16.10", "0.81", 1, "100.00")]
    [InlineData("2028-01-01", "0.00", "0.00", 0, "0.00")]
    [InlineData("2030-01-01", "0.00", "0.00", 0, "0.00")]
    public void The_share_and_the_discount_fall_to_the_end_of_the_term(string on, string remaining, string share, int months, string equipment)
    {
        var proposal = Propose(Account(), on);

        Assert.Equal(
            (Given.Czk(remaining), Given.Czk(share), months, Given.Czk(equipment), Given.Czk(share) + Given.Czk(equipment)),
            (proposal.RemainingGross, proposal.Share, proposal.MonthsLeft, proposal.Equipment, proposal.Total));
    }

    [Theory]
    [InlineData("2026-03-31", true)]
    [InlineData("2026-04-01", false)]
    public void A_share_that_is_due_in_the_first_months_only_is_not_due_later(string on, bool isDue)
    {
        var proposal = Propose(Account(Signed with { EarlyEnd = new EarlyEndTerms(500, ShareMonths: 3, null) }), on);

        Assert.Equal(isDue, proposal.IsShareDue);
        Assert.Equal(isDue, proposal.Total.IsPositive);
        Assert.True(proposal.RemainingGross.IsPositive);
    }

    [Fact]
    public void What_is_agreed_for_later_counts_and_so_does_a_special_price()
    {
        var account = Account().Has("tv", "2026-01-01", 1)
            .Does(LiveAccount.Subscription("net", "2026-01-01", 3, from: "2027-01-01") with { Contract = "C1" }).Discount("net", "d", "2027-07-01", null, 50);

        Assert.Equal(Money.Czk((6 * 499) + (6 * 299) + (6 * 149.50m)), Propose(account, "2026-07-01").RemainingGross);
    }

    [Fact]
    public void Tax_is_added_to_net_prices_and_told_by_rate()
    {
        var account = Account().Does(LiveAccount.Subscription("line", "2026-01-01", 2) with { Contract = "C1" });

        var proposal = Propose(account, "2027-11-01");

        Assert.Equal([(PriceMode.Gross, Money.Czk(998)), (PriceMode.Net, Money.Czk(800))], proposal.Remaining.Select(charge => (charge.PriceMode, charge.Amount)));
        var rate = Assert.Single(proposal.Taxed);
        Assert.Equal((21m, Money.Czk(824.79m + 800), Money.Czk(173.21m + 168)), (rate.Rate.Percent, rate.Base, rate.Tax));
        Assert.Equal(Money.Czk(998 + 968), proposal.RemainingGross);
    }

    [Fact]
    public void A_service_that_ends_with_the_contract_counts_to_the_end_of_the_term_and_one_that_ends_before_does_not()
    {
        var account = Account(end: "2026-07-01").Does(LiveAccount.Subscription("old", "2026-01-01", 3, end: "2026-03-01") with { Contract = "C1" });
        Assert.Equal(Given.Day("2026-07-01"), EarlyEnd.EndOf(account.State, account.State.FindContract("C1")!));

        var proposal = Propose(account, "2026-07-01");

        Assert.Equal("net", Assert.Single(proposal.Remaining).Service);
        Assert.Equal(Money.Czk(18 * 499), proposal.RemainingGross);
    }

    [Fact]
    public void A_service_that_another_one_replaces_counts_until_then()
    {
        var account = Account(end: "2026-09-01").Does(LiveAccount.Subscription("faster", "2026-09-01", 3) with { Contract = "C1" });

        Assert.Equal(Money.Czk((2 * 499) + (16 * 299)), Propose(account, "2026-07-01").RemainingGross);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2026-07-01")]
    [InlineData("2026-09-01")]
    [InlineData("2026-09-15")]
    public void It_counts_until_then_whatever_end_was_pushed_for_the_contract(string? end)
    {
        var account = Account(end: "2026-09-01").Does(LiveAccount.Subscription("faster", "2026-09-01", 3) with { Contract = "C1" });
        if (end is not null) account = account.Does(new PutContract(Signed with { End = Given.Day(end) }));

        Assert.Equal(Money.Czk((2 * 499) + (16 * 299)), Propose(account, "2026-07-01").RemainingGross);
    }

    [Fact]
    public void What_is_invoiced_already_beyond_the_end_is_remaining_as_well_and_nothing_is_charged()
    {
        var account = Account();
        account.Bill("2026-01-31");
        var before = account.State;

        Assert.Equal(Money.Czk((23 * 499) + 499 - 241.45m), Propose(account, "2026-01-16").RemainingGross);
        Assert.Same(before, account.State);
        Assert.Empty(account.State.OneOffs);
    }

    [Fact]
    public void A_contract_that_says_nothing_of_an_early_end_proposes_nothing()
    {
        var proposal = Propose(Account(Signed with { EarlyEnd = null }), "2026-07-01");

        Assert.Equal((Money.Czk(8_982), Money.Czk(0)), (proposal.RemainingGross, proposal.Total));
        Assert.Null(Propose(Account(Signed with { EarlyEnd = null, MinimumMonths = 0 }), "2026-07-01").TermEnd);
    }

    [Fact]
    public void What_is_settled_history_cannot_be_looked_at_any_more_and_from_there_on_nothing_is_lost()
    {
        var account = Account();
        Assert.Null(KnownFrom(account));
        account.Context = account.Context with { CorrectionHorizonMonths = 3 };
        for (var month = Given.Day("2026-01-01"); month <= Given.Day("2027-03-01"); month = month.AddMonths(1))
        {
            account.Today = month;
            account.Bill(month);
            account.Pays($"{month}", 499, account.Symbol(account.State.LastDocument));
        }

        var known = account.Service("net").SettledUpTo;

        Assert.NotNull(known);
        Assert.Equal(known, KnownFrom(account));
        Assert.Equal(Money.Czk(10 * 499), Propose(account, "2027-03-01").RemainingGross);

        static DateOnly? KnownFrom(LiveAccount account) => EarlyEnd.KnownFrom(account.State, account.State.FindContract("C1")!);
    }

    [Fact]
    public void A_tariff_without_a_price_is_named()
    {
        var account = Account();
        account.Context = account.Context with { Catalogue = TariffCatalogue.Of(2) };

        Assert.Throws<BrokenReferenceException>(() => Propose(account, "2026-07-01"));
    }
}
