namespace IspBilling.Domain.Tests.Charges;

/// <summary>A whole billing period that an earlier bill left out names what made it due, not the service's start.</summary>
public class PeriodsMadeDue
{
    private static LiveAccount Account(string today) => new(today, Given.Gross(1, 499), Given.Gross(2, 699));

    private static long Version(LiveAccount account) => account.State.Version;

    /// <summary>From January on; March is left out by a bill that charges April.</summary>
    private static LiveAccount WithoutMarch(Action<LiveAccount> leavesOut)
    {
        var account = Account("2026-01-01").Has("net", "2026-01-01", 1);
        leavesOut(account);
        account.On("2026-04-01").Bill("2026-04-01");
        return account.On("2026-04-10");
    }

    private static void Pause(LiveAccount account) => account.Pause("net", "holiday", "2026-03-01", "2026-04-01");

    private static void Gift(LiveAccount account) => account.SpecialPrice("net", "gift", "2026-03-01", "2026-04-01", 0);

    private static void FreeOfCharge(LiveAccount account) => account.Discount("net", "gift", "2026-03-01", "2026-04-01", 100);

    private static readonly Dictionary<string, (Action<LiveAccount> LeavesOut, Action<LiveAccount> MakesDue)> Ways = new()
    {
        ["a pause is removed"] = (Pause, account => account.Does(new RemovePause("net", "holiday"))),
        ["a pause is shortened to another month"] = (Pause, account => account.Pause("net", "holiday", "2026-04-01", "2026-04-02")),
        ["a pause bills"] = (Pause, account => account.Pause("net", "holiday", "2026-03-01", "2026-04-01", bills: true)),
        ["a price of nothing is removed"] = (Gift, account => account.Does(new RemoveSpecialPrice("net", "gift"))),
        ["a price of nothing ends earlier"] = (Gift, account => account.SpecialPrice("net", "gift", "2026-02-01", "2026-03-01", 0)),
        ["a price of nothing becomes one of something"] = (Gift, account => account.SpecialPrice("net", "gift", "2026-03-01", "2026-04-01", 399)),
        ["another price takes its place"] = (Gift, account => account.SpecialPrice("net", "paid", "2026-03-01", null, 399)),
        ["a discount of everything is removed"] = (FreeOfCharge, account => account.Does(new RemoveSpecialPrice("net", "gift"))),
        ["a discount of everything becomes a smaller one"] = (FreeOfCharge, account => account.Discount("net", "gift", "2026-03-01", "2026-04-01", 20)),
    };

    public static TheoryData<string> Named => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(Named))]
    public void What_makes_a_month_due_is_its_cause(string way)
    {
        var (leavesOut, makesDue) = Ways[way];
        var account = WithoutMarch(leavesOut);

        makesDue(account);
        var cause = Version(account);
        // What comes besides is not what made the month due.
        account.Priced(1, "2026-03-01", 599).Has("net", "2026-01-01", 1, end: "2026-12-01");
        account.SpecialPrice("net", "later", "2026-03-01", "2026-04-01", 450);
        var line = Assert.Single(account.Bill("2026-04-10").SelectMany(document => document.Lines), line => line.Period == Given.Period("2026-03-01", "2026-04-01"));

        Assert.Equal((LineReason.NewPeriod, cause), (line.Reason, line.Change?.Cause));
        Assert.Equal((null, Money.Czk(0), line.Amount, null), (line.Change!.Before, line.Change.Charged, line.Change.Owed, line.Change.OtherCauses));
        Assert.Equal(line.Amount, line.Factors().Product);
    }

    [Fact]
    public void An_end_taken_back_makes_the_months_after_it_due()
    {
        var account = Account("2026-01-01").Has("net", "2026-01-01", 1, end: "2026-03-01");
        account.On("2026-04-01").Bill("2026-04-01");

        account.Has("net", "2026-01-01", 1);
        var cause = Version(account);
        var lines = Assert.Single(account.Bill("2026-04-01")).Lines;

        Assert.Equal(["2026-03-01", "2026-04-01"], lines.Select(line => line.Period!.Value.From.ToString("yyyy-MM-dd")));
        Assert.All(lines, line => Assert.Equal(cause, line.Change!.Cause));
        Assert.Null(Assert.Single(Assert.Single(account.Bill("2026-05-01")).Lines).Change);
    }

    [Fact]
    public void A_pause_that_no_document_came_after_makes_its_month_due_and_the_month_after_it_is_due_as_agreed()
    {
        var account = Account("2026-03-01").Has("net", "2026-03-01", 1, timing: BillingTiming.InArrears);
        Pause(account);
        Assert.Empty(account.On("2026-03-31").Bill("2026-03-31"));

        account.Does(new RemovePause("net", "holiday"));
        var cause = Version(account);
        var lines = Assert.Single(account.On("2026-04-30").Bill("2026-04-30")).Lines;

        Assert.Equal([cause, null], lines.Select(line => line.Change?.Cause));
    }

    [Fact]
    public void A_pause_of_two_quarters_that_is_moved_makes_due_the_one_it_leaves_and_not_the_one_between()
    {
        var account = Account("2026-01-01").Has("net", "2026-01-01", 1, months: 3).Pause("net", "holiday", "2026-01-01", "2026-04-01");
        account.On("2026-01-02").Bill("2026-01-02");

        account.Pause("net", "holiday", "2026-07-01", "2026-10-01");
        var cause = Version(account);
        var lines = Assert.Single(account.On("2026-10-01").Bill("2026-10-01")).Lines;

        Assert.Equal(["2026-01-01", "2026-04-01", "2026-10-01"], lines.Select(line => line.Period!.Value.From.ToString("yyyy-MM-dd")));
        Assert.Equal([cause, null, null], lines.Select(line => line.Change?.Cause));
    }

    [Fact]
    public void Of_two_that_had_to_go_the_later_is_the_cause_and_where_they_share_a_month_both_are_named()
    {
        var account = Account("2026-01-01").Has("net", "2026-01-01", 1).Pause("net", "one", "2026-03-01", "2026-03-16").Pause("net", "two", "2026-03-16", "2026-05-01");
        Gift(account);
        account.On("2026-05-01").Bill("2026-05-01");

        account.Does(new RemoveSpecialPrice("net", "gift"));
        account.Does(new RemovePause("net", "two"));
        var two = Version(account);
        account.Does(new RemovePause("net", "one"));
        var one = Version(account);
        var lines = Assert.Single(account.Bill("2026-05-01")).Lines;

        Assert.Equal([(one, two), (two, 0L)], lines.Select(line => (line.Change!.Cause, line.Change.OtherCauses?.Single() ?? 0)));
    }

    [Fact]
    public void A_paid_special_price_that_is_removed_makes_nothing_due()
    {
        var account = WithoutMarch(account => account.SpecialPrice("net", "loyal", "2026-05-01", null, 399));

        account.Does(new RemoveSpecialPrice("net", "loyal"));

        Assert.Null(Assert.Single(Assert.Single(account.On("2026-05-01").Bill("2026-05-01")).Lines).Change);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, null)]
    [InlineData(2, 499)]
    [InlineData(3, 499)]
    [InlineData(4, null)]
    [InlineData(5, 399)]
    public void The_version_that_gave_a_day_its_price_is_the_one_entered_after_it_cost_nothing(long revision, int? price)
    {
        var tariff = Given.Gross(1, 0) with
        {
            Versions =
            [
                new TariffVersion(Given.Day("2013-01-01"), Money.Czk(0)), new TariffVersion(Given.Day("2026-01-01"), Money.Czk(499), Entered: 2),
                new TariffVersion(Given.Day("2026-03-01"), Money.Czk(599), Entered: 3), new TariffVersion(Given.Day("2026-03-01"), Money.Czk(0), Entered: 4),
                new TariffVersion(Given.Day("2026-03-01"), Money.Czk(399), Entered: 5),
            ],
        };

        Assert.Equal(price, tariff.PricedBy(Given.Day("2026-03-15"), revision)?.MonthlyPrice.Major);
    }
}
