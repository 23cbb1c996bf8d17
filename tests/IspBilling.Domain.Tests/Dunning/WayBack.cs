using System.Collections.Immutable;
using System.Globalization;

namespace IspBilling.Domain.Tests.Dunning;

/// <summary>Level and steps follow from what is still open: the table of cases, day by day.</summary>
public class WayBack
{
    /// <summary>5 mail, 14 throttle, 30 block.</summary>
    internal static readonly DunningPolicy Three = Policy(
        new DunningStep("mail", 5, [Money.Czk(50)], DunningActions.Email, 0),
        new DunningStep("throttle", 14, [Money.Czk(50)], DunningActions.Throttle, 0, Profile: "1M"),
        new DunningStep("block", 30, [Money.Czk(200)], DunningActions.Block, 0));

    [Fact]
    public void A_debt_that_is_paid_takes_its_steps_along_and_the_next_one_begins_with_a_reminder_of_its_own()
    {
        var life = new ReviewedLife("2025-12-27", Three).Invoices("2026-01-10").Until("2026-01-27").Invoices("2026-02-10").Until("2026-02-11");
        Assert.Equal(ServiceLevel.Blocked, life.Level);

        life.On("2026-02-12").Pays(1);

        Assert.Equal(ServiceLevel.Full, life.Level);
        life.Until("2026-03-31");
        Assert.Equal(
            ["01-15 mail", "01-24 throttle", "02-09 block", "02-15 mail", "02-24 throttle", "03-12 block"],
            life.Steps);
    }

    [Fact]
    public void A_reminder_sent_before_a_debt_was_overdue_is_not_about_it()
    {
        var life = new ReviewedLife("2025-12-27", Three).Invoices("2026-01-10").Until("2026-01-02").Invoices("2026-01-16").Until("2026-01-22");

        life.On("2026-01-23").Pays(1).Until("2026-02-28");

        Assert.Equal(["01-15 mail", "01-23 mail", "01-30 throttle", "02-15 block"], life.Steps);
    }

    [Fact]
    public void A_restriction_that_came_before_any_message_about_what_is_left_is_lifted()
    {
        var life = new ReviewedLife("2025-12-27", Three).Invoices("2026-01-10").Until("2026-01-06").Invoices("2026-01-20").Until("2026-01-25");
        Assert.Equal(ServiceLevel.Throttled, life.Level);

        life.On("2026-02-03").Pays(1);

        // What is left was overdue when the client was throttled, and they have not heard a word about it.
        Assert.Equal(ServiceLevel.Full, life.Level);
        life.Until("2026-02-20");
        Assert.Equal(["01-15 mail", "01-24 throttle", "02-03 mail", "02-04 throttle", "02-19 block"], life.Steps);
    }

    [Fact]
    public void A_promise_gives_the_service_back_until_it_lapses()
    {
        var life = Blocked().On("2026-02-12");

        life.Account.Does(new PromiseToPay(Given.Day("2026-02-20")));

        Assert.Equal(ServiceLevel.Full, life.Level);
        Assert.Equal(ServiceLevel.Full, life.Until("2026-02-20").Level);
        Assert.Equal(ServiceLevel.Blocked, life.Until("2026-02-21").Level);
        Assert.Equal(["01-15 mail", "01-24 throttle", "02-09 block"], life.Steps);
        Assert.Equal(
            [ServiceLevel.Throttled, ServiceLevel.Blocked, ServiceLevel.Full, ServiceLevel.Blocked],
            life.Account.Messages.OfType<EnforceServiceLevel>().Select(order => order.Level));
    }

    [Fact]
    public void An_exemption_gives_the_service_back_until_it_is_withdrawn()
    {
        var life = Blocked().On("2026-02-12");

        life.Account.Does(new SetDunningExemption(true, "hospital"));
        Assert.Equal(ServiceLevel.Full, life.Level);
        Assert.Equal(ServiceLevel.Full, life.Until("2026-06-01").Level);

        life.Account.Does(new SetDunningExemption(false, "moved away"));
        Assert.Equal(ServiceLevel.Blocked, life.Until("2026-06-02").Level);
        Assert.Equal(3, life.Steps.Count);
    }

    [Fact]
    public void A_promise_ends_with_the_debt_it_was_made_for()
    {
        var life = new ReviewedLife("2025-12-27", Three).Invoices("2026-01-10").Until("2026-01-12");
        life.Account.Does(new PromiseToPay(Given.Day("2026-04-30")));
        life.Until("2026-02-01").Invoices("2026-02-15").Until("2026-02-18");

        life.On("2026-02-19").Pays(1).Until("2026-03-31");

        Assert.Equal(["02-20 mail", "03-01 throttle", "03-17 block"], life.Steps);
        Assert.False(DunningEvaluation.IsPromised(life.Account.Today, life.Account.State.Debtor, Three));
    }

    [Fact]
    public void While_something_that_was_promised_is_open_everything_waits()
    {
        var life = new ReviewedLife("2025-12-27", Three).Invoices("2026-01-10").Until("2026-01-12");
        life.Account.Does(new PromiseToPay(Given.Day("2026-03-10")));

        life.Until("2026-02-01").Invoices("2026-02-15").Until("2026-03-10");

        Assert.Empty(life.Steps);
        Assert.Equal(["03-11 mail"], life.Until("2026-03-11").Steps);
    }

    [Fact]
    public void Promised_again_until_the_same_day_a_promise_is_about_the_invoices_since()
    {
        var life = new ReviewedLife("2025-12-27", Three).Invoices("2026-01-10").Until("2026-01-12");
        var promise = new PromiseToPay(Given.Day("2026-04-30"));
        life.Account.Does(promise);
        life.Account.Does(promise);
        Assert.True(life.Account.Last.ChangesNothing);

        life.Until("2026-02-01").Invoices("2026-02-15");
        life.Account.Does(promise);
        life.Pays(1).Until("2026-04-30");

        Assert.Empty(life.Steps);
    }

    [Fact]
    public void Nobody_stays_blocked_for_less_than_the_step_asks()
    {
        var life = Blocked().On("2026-02-12");

        // 499.00 − 349.00: still above the reminder's 50.00 and below the 200.00 of blocking.
        life.Pays(1, 349);

        Assert.Equal(ServiceLevel.Throttled, life.Level);
        Assert.Equal(Money.Czk(150), life.Account.Open(1));
        life.Until("2026-05-01");
        Assert.Equal((ServiceLevel.Throttled, 3), (life.Level, life.Steps.Count));

        life.Pays(1, 101);
        Assert.Equal(ServiceLevel.Full, life.Level);
    }

    [Fact]
    public void A_reminder_from_50_and_a_block_from_200_leave_150_alone()
    {
        var policy = Policy(
            new DunningStep("mail", 5, [Money.Czk(50)], DunningActions.Email, 0),
            new DunningStep("block", 30, [Money.Czk(200)], DunningActions.Block, 0));
        var life = new ReviewedLife("2025-12-27", policy).Invoices("2026-01-10").Until("2026-02-11");
        Assert.Equal(ServiceLevel.Blocked, life.Level);

        life.On("2026-02-12").Pays(1, 349).Until("2026-06-01");

        Assert.Equal((ServiceLevel.Full, Money.Czk(150)), (life.Level, life.Account.Open(1)));
        Assert.Equal(["01-15 mail", "02-09 block"], life.Steps);
    }

    [Fact]
    public void What_is_within_the_tolerance_stays_visible_and_has_no_consequence()
    {
        var policy = Three with
        {
            Tolerance = [Money.Czk(5)],
            Steps = [.. Three.Steps.Select(step => step with { MinimumDebt = [Money.Czk(0.01m)] })],
        };
        var life = new ReviewedLife("2025-12-27", policy).Invoices("2026-01-10", 1056.33m).Until("2026-02-11");

        life.On("2026-02-12").Pays(1, 1056);

        Assert.Equal((ServiceLevel.Full, Money.Czk(0.33m)), (life.Level, life.Account.Open(1)));
        Assert.Equal(3, life.Until("2026-05-01").Steps.Count);

        // Nor does it make this month's invoice an old one.
        life.Invoices("2026-05-15").Until("2026-05-25");
        Assert.Equal("05-20 mail", life.Steps[^1]);
    }

    [Theory]
    [InlineData("4.99", false)]
    [InlineData("5.00", false)]
    [InlineData("5.01", true)]
    public void The_tolerance_is_the_most_that_is_tolerated(string open, bool isReminded)
    {
        var policy = Policy(new DunningStep("mail", 5, [Money.Czk(0)], DunningActions.Email, 0)) with { Tolerance = [Money.Czk(5)] };

        var life = new ReviewedLife("2025-12-27", policy).Invoices("2026-01-10", decimal.Parse(open, CultureInfo.InvariantCulture)).Until("2026-03-01");

        Assert.Equal(isReminded ? 1 : 0, life.Steps.Count);
    }

    [Fact]
    public void Paid_and_returned_on_the_next_day_a_debt_bears_one_fee()
    {
        var policy = Policy(new DunningStep("fee", 5, [Money.Czk(50)], DunningActions.Email | DunningActions.Fee, 0, Fee: [Money.Czk(100)]));
        var life = new ReviewedLife("2025-12-27", policy).Invoices("2026-01-10").Until("2026-01-16");
        life.On("2026-01-17").Pays(1);
        life.On("2026-01-18").Account.Does(new ReversePayment("back", Money.Czk(499), life.Account.Today, life.Account.Symbol(1), null, null));

        life.Until("2026-03-01");

        Assert.Equal(["01-15 fee", "01-18 fee"], life.Steps);
        Assert.Single(life.Account.Events.OfType<OneOffAdded>(), item => item.Id.StartsWith("dunning-", StringComparison.Ordinal));

        // The next debt is another one.
        life.Pays(1).Invoices("2026-03-20").Until("2026-03-26");
        Assert.Equal(2, life.Account.Events.OfType<OneOffAdded>().Count(item => item.Id.StartsWith("dunning-", StringComparison.Ordinal)));
    }

    [Fact]
    public void Who_always_pays_late_is_reminded_each_time_and_never_restricted()
    {
        var life = new ReviewedLife("2025-12-27", Three);
        var paid = 0;
        for (var month = 1; month <= 6; month++)
        {
            var due = new DateOnly(2026, month, 10);
            life.Until(due.AddDays(-14)).Invoices(due).Until(due.AddDays(11)).On(due.AddDays(12)).Pays(++paid);
        }

        Assert.Equal(Enumerable.Range(1, 6).Select(month => $"{month:00}-15 mail"), life.Steps);
        Assert.Equal(ServiceLevel.Full, life.Level);
    }

    [Fact]
    public void A_service_given_back_by_hand_stays_until_the_client_was_told_again()
    {
        var life = Blocked(Three with { Steps = [.. Three.Steps.Select(step => step with { LeastDaysSincePrevious = 7 })] }).On("2026-02-20");

        life.Account.Does(new RestoreByHand("our mistake"));

        Assert.Equal(ServiceLevel.Full, life.Level);
        Assert.Contains(new RestoredByHand("our mistake", life.Account.Today), life.Account.Events);
        Assert.Equal(new EnforceServiceLevel(ServiceLevel.Full, null), life.Account.Messages[^1]);
        life.Until("2026-03-31");
        Assert.Equal(["01-15 mail", "01-24 throttle", "02-09 block", "02-27 mail", "03-06 throttle", "03-13 block"], life.Steps);
    }

    [Fact]
    public void There_is_nothing_to_give_back_by_hand_when_nothing_was_taken_away()
    {
        var life = new ReviewedLife("2025-12-27", Three).Invoices("2026-01-10").Until("2026-01-16");

        life.Account.Does(new RestoreByHand("to be sure"));

        Assert.True(life.Account.Last.ChangesNothing);
    }

    [Fact]
    public void A_client_in_a_currency_of_which_the_policy_knows_nothing_lives_on_undisturbed()
    {
        var life = new ReviewedLife("2025-12-27", Three, Currency.Eur).Invoices("2026-01-10").Until("2026-03-01");

        life.Account.Does(new PromiseToPay(Given.Day("2026-03-10")));
        Assert.IsType<PaymentReceipt>(life.Account.Do(new BookPayment("e1", Money.Eur(100), life.Account.Today, life.Account.Symbol(1), null, null, MatchRule.NamedDocument)));

        Assert.Empty(life.Steps);
        Assert.Equal(Money.Eur(399), life.Account.Open(1));
        Assert.Null(DunningEvaluation.NextActionFrom(life.Account.Today, life.Account.State.Debtor, Three));
    }

    [Fact]
    public void Each_currency_has_minima_and_fees_of_its_own()
    {
        var both = Policy(
            new DunningStep("mail", 5, [Money.Czk(50), Money.Eur(2)], DunningActions.Email | DunningActions.Fee, 0, Fee: [Money.Eur(3), Money.Czk(80)]),
            new DunningStep("block", 30, [Money.Eur(400), Money.Czk(10_000)], DunningActions.Block, 0));

        var euros = new ReviewedLife("2025-12-27", both, Currency.Eur).Invoices("2026-01-10").Until("2026-03-01");
        var crowns = new ReviewedLife("2025-12-27", both).Invoices("2026-01-10").Until("2026-03-01");

        Assert.Equal(["01-15 mail", "02-09 block"], euros.Steps);
        Assert.Equal(["01-15 mail"], crowns.Steps);
        Assert.Equal(Money.Eur(3), euros.Account.State.OneOffs.Single(item => item.Billed is null).UnitPrice);
        Assert.Equal(Money.Czk(80), crowns.Account.State.OneOffs.Single(item => item.Billed is null).UnitPrice);
    }

    [Fact]
    public void Debts_beyond_what_money_holds_are_judged_like_any_large_debt()
    {
        var huge = new Money(long.MaxValue - 1, Currency.Czk);
        ImmutableArray<OpenDocument> documents =
        [
            .. Enumerable.Range(1, 40).Select(i => new OpenDocument(
                i, DocumentKind.Invoice, $"{i}", Given.Day("2026-01-01"), Given.Day("2026-01-10"), null, huge, Money.Czk(0), Disputed: false, [])),
        ];

        var verdict = DunningEvaluation.On(Given.Day("2026-01-15"), new Debtor(documents, DunningState.None, ServiceLevel.Full), Three);

        Assert.Equal((0, long.MaxValue), (verdict.Step, verdict.Debt.Minor));
    }

    internal static DunningPolicy Policy(params DunningStep[] steps) => new("table", [.. steps], ThankOnClearing: true) { NoticeDays = 0 };

    /// <summary>499.00 due 2026-01-10, blocked on 02-09; it is 02-11.</summary>
    internal static ReviewedLife Blocked(DunningPolicy? policy = null)
    {
        var life = new ReviewedLife("2025-12-27", policy ?? Three).Invoices("2026-01-10").Until("2026-02-11");
        Assert.Equal(ServiceLevel.Blocked, life.Level);
        return life;
    }
}
