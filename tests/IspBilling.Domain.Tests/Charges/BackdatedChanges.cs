namespace IspBilling.Domain.Tests.Charges;

/// <summary>Changes that arrive late, overlap or take each other back.</summary>
public class BackdatedChanges
{
    private static LiveAccount Account(string today) => new(today, Given.Gross(1, 499), Given.Gross(2, 699), Given.Gross(3, 199), Given.Gross(4, 0));

    private static void NothingMore(LiveAccount account, string through) =>
        Assert.IsType<NothingToBill>(account.Do(new Bill(Given.Day(through), null, PreviewOnly: false)));

    [Fact]
    public void An_end_that_is_taken_back_charges_the_rest_of_the_month_and_joins_it_to_the_first_part()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1, end: "2026-04-16");
        account.Bill("2026-04-01");

        account.On("2026-04-10").Has("net", "2026-04-01", 1);
        var line = Assert.Single(Assert.Single(account.Bill("2026-04-10")).Lines);

        Assert.Equal((Given.Period("2026-04-16", "2026-05-01"), Money.Czk(249.50m)), (line.Period, line.Amount));
        var whole = Assert.Single(account.Service("net").Charged);
        Assert.Equal((Given.Period("2026-04-01", "2026-05-01"), Money.Czk(499)), (whole.Period, whole.Amount));
        NothingMore(account, "2026-04-10");
    }

    [Fact]
    public void A_prolonged_service_whose_tariff_changes_twice_keeps_its_charges_in_order()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1, end: "2026-04-11");
        account.Bill("2026-04-01");

        account.On("2026-04-05").Has("net", "2026-04-01", 2, from: "2026-05-01").Has("net", "2026-04-01", 1, from: "2026-06-01");
        account.Bill("2026-06-01");

        var charged = account.Service("net").Charged;
        Assert.Equal(charged.OrderBy(segment => segment.Period.From), charged);
        Assert.Equal(Given.Day("2026-07-01"), account.Service("net").ChargedUpTo);
        NothingMore(account, "2026-06-30");
    }

    [Fact]
    public void Terms_that_are_taken_back_before_they_begin_leave_a_month_in_one_piece()
    {
        var account = Account("2026-03-01").Has("net", "2026-03-01", 1);

        account.On("2026-03-10").Has("net", "2026-03-01", 2, from: "2026-06-10");
        account.Has("net", "2026-03-01", 1, from: "2026-06-10");

        Assert.Equal(2, account.Service("net").Terms.Length);
        account.Bill("2026-03-10");
        var june = Assert.Single(account.On("2026-06-01").Bill("2026-06-01")).Lines[^1];
        Assert.Equal((Given.Period("2026-06-01", "2026-07-01"), Money.Czk(499)), (june.Period!.Value, june.Amount));
    }

    [Fact]
    public void A_change_to_billing_in_arrears_inside_a_month_waits_for_the_end_of_the_month()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Has("net", "2026-06-01", 1, timing: BillingTiming.InArrears, from: "2026-06-11");

        var line = Assert.Single(Assert.Single(account.Bill("2026-06-01")).Lines);

        Assert.Equal(Given.Period("2026-06-01", "2026-06-11"), line.Period);
        NothingMore(account, "2026-06-01");
        NothingMore(account, "2026-06-29");
        var rest = Assert.Single(Assert.Single(account.On("2026-06-30").Bill("2026-06-30")).Lines);
        Assert.Equal(Given.Period("2026-06-11", "2026-07-01"), rest.Period);
    }

    [Fact]
    public void A_longer_cycle_agreed_for_later_is_not_billed_before_it_begins()
    {
        var account = Account("2026-04-01").Has("net", "2026-01-01", 1).Has("net", "2026-01-01", 1, months: 12, from: "2026-04-16");

        account.Bill("2026-04-01");

        Assert.Equal(Given.Day("2026-04-16"), account.Service("net").ChargedUpTo);
        Assert.Equal(Given.Day("2026-04-16"), account.State.NextBillOn);
        var line = Assert.Single(Assert.Single(account.On("2026-04-16").Bill("2026-04-16")).Lines);
        Assert.Equal(Given.Period("2026-04-16", "2027-01-01"), line.Period);
    }

    [Fact]
    public void A_tariff_change_agreed_for_later_in_the_month_stands_on_the_month_s_invoice()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1).Has("net", "2026-04-01", 2, from: "2026-04-16");

        Assert.Equal(
            [(Given.Period("2026-04-01", "2026-04-16"), Money.Czk(249.50m)), (Given.Period("2026-04-16", "2026-05-01"), Money.Czk(349.50m))],
            Assert.Single(account.Bill("2026-04-01")).Lines.Select(line => (line.Period!.Value, line.Amount)));
    }

    [Fact]
    public void A_prepaid_quarter_that_turns_monthly_stays_charged_to_its_end()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1, months: 3);
        account.Bill("2026-04-01");

        account.On("2026-04-20").Has("net", "2026-04-01", 1, months: 1);

        NothingMore(account, "2026-04-20");
        NothingMore(account, "2026-06-30");
        Assert.Equal(Money.Czk(499), Assert.Single(account.On("2026-07-01").Bill("2026-07-01")).Total);
    }

    [Fact]
    public void A_price_that_doubles_while_the_period_halves_is_charged_on_the_half_that_stays_and_credited_on_the_other()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1);
        account.Bill("2026-04-01");

        account.SpecialPrice("net", "double", "2026-04-01", null, 998);
        account.Has("net", "2026-04-01", 1, end: "2026-04-16");
        var pair = account.Bill("2026-04-10");

        Assert.Equal([Money.Czk(-249.50m), Money.Czk(249.50m)], pair.Select(document => document.Total));
        Assert.Equal(
            [
                (LineReason.NoLongerOwed, Given.Period("2026-04-16", "2026-05-01"), Money.Czk(-249.50m)),
                (LineReason.PriceChanged, Given.Period("2026-04-01", "2026-04-16"), Money.Czk(249.50m)),
            ],
            pair.SelectMany(document => document.Lines).Select(line => (line.Reason, line.Period!.Value, line.Amount)));
        Assert.Equal(Given.Period("2026-04-01", "2026-04-16"), Assert.Single(account.Service("net").Charged).Period);
        NothingMore(account, "2026-04-30");
    }

    [Fact]
    public void A_price_that_halves_while_the_period_doubles_issues_no_document_over_nothing()
    {
        var account = Account("2026-04-01").Has("net", "2026-04-01", 1, end: "2026-04-16").SpecialPrice("net", "double", "2026-04-01", null, 998);
        account.Bill("2026-04-01");

        account.Does(new RemoveSpecialPrice("net", "double"));
        account.Has("net", "2026-04-01", 1);
        var documents = account.Bill("2026-04-10");

        Assert.DoesNotContain(documents, document => document.Total.IsZero);
        Assert.DoesNotContain(documents.SelectMany(document => document.Lines), line => line.Amount.IsZero);
        Assert.Equal(Money.Czk(499), account.State.Balance);
        NothingMore(account, "2026-04-30");
    }

    [Fact]
    public void A_higher_price_for_an_invoiced_month_is_charged_beside_it()
    {
        var account = Account("2026-03-01").Has("net", "2026-03-01", 1);
        var march = Assert.Single(account.Bill("2026-03-01"));

        account.SpecialPrice("net", "priority", "2026-03-01", "2026-04-01", 599);
        var line = Assert.Single(Assert.Single(account.Bill("2026-03-05")).Lines);

        Assert.Equal((Money.Czk(100), LineReason.PriceChanged), (line.Amount, line.Reason));
        Assert.Equal(new LineReference(march.Ordinal, 1), line.Corrects);
        NothingMore(account, "2026-03-31");
    }

    [Fact]
    public void A_cancellation_takes_back_the_youngest_surcharge_first_and_never_more_than_a_line()
    {
        var account = Account("2026-03-01").Has("net", "2026-03-01", 1);
        account.Bill("2026-03-01");
        account.SpecialPrice("net", "priority", "2026-03-01", null, 599);
        account.Bill("2026-03-05");

        account.Has("net", "2026-03-01", 1, end: "2026-03-02");
        var note = Assert.Single(account.Bill("2026-03-06"));

        // Keeps 599/31 = 19.32; the rest comes off the surcharge of 100 and then off the 499.
        Assert.Equal([Money.Czk(-100), Money.Czk(-479.68m)], note.Lines.Select(line => line.Amount));
        Assert.Equal([2, 1], note.Lines.Select(line => line.Corrects!.Value.Document));
    }

    [Fact]
    public void A_pause_in_the_middle_of_an_invoiced_month_is_credited_for_its_days()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1);
        account.Bill("2026-06-01");

        account.Pause("net", "holiday", "2026-06-11", "2026-06-21");
        var line = Assert.Single(Assert.Single(account.Bill("2026-06-10")).Lines);

        // 499 − 166.33 − 166.33
        Assert.Equal((Given.Period("2026-06-11", "2026-06-21"), Money.Czk(-166.34m)), (line.Period, line.Amount));
        NothingMore(account, "2026-06-30");
    }

    [Fact]
    public void A_pause_that_is_taken_back_is_charged_again()
    {
        var account = Account("2026-06-01").Has("net", "2026-06-01", 1).Pause("net", "holiday", "2026-06-11", "2026-06-21");
        account.Bill("2026-06-01");

        account.Does(new RemovePause("net", "holiday"));
        account.Bill("2026-06-02");

        Assert.Equal(Money.Czk(499), account.State.Balance);
        NothingMore(account, "2026-06-30");
    }

    [Fact]
    public void Nothing_is_billed_for_a_tariff_that_costs_nothing()
    {
        var account = Account("2026-01-01").Has("free", "2026-01-01", 4);

        NothingMore(account, "2026-12-31");
    }

    [Fact]
    public void The_basis_of_a_charge_explains_its_amount()
    {
        var account = Account("2026-01-10").Has("net", "2026-01-10", 1, quantity: 2).SpecialPrice("net", "loyal", "2026-01-01", null, 450)
            .Discount("net", "spring", "2026-01-01", null, percent: 10);

        var line = Assert.Single(Assert.Single(account.Bill("2026-01-10")).Lines);

        var basis = line.Basis!;
        Assert.Equal((Money.Czk(450), "loyal", "spring", 1000), (basis.MonthlyPrice, basis.SpecialPrice, basis.Discount, basis.DiscountBasisPoints));
        Assert.Equal(Quantity.From(2), basis.Quantity);
        Assert.Equal(Money.Czk(574.84m), line.Amount); // 450 × 2 × 22/31 × 0.9
        Assert.Equal(line.Amount, basis.Amount());
    }

    [Fact]
    public void Of_two_special_prices_on_a_day_the_one_agreed_last_wins()
    {
        var account = Account("2026-01-01").Has("net", "2026-01-01", 1)
            .SpecialPrice("net", "late start", "2026-01-01", null, 300).SpecialPrice("net", "agreed last", "2026-01-01", "2026-02-01", 350);

        Assert.Equal([Money.Czk(350), Money.Czk(300)], Assert.Single(account.Bill("2026-02-01")).Lines.Select(line => line.Amount));
    }

    [Fact]
    public void A_price_rise_of_the_tariff_inside_a_month_splits_the_month()
    {
        var account = new LiveAccount("2026-03-01", Given.Tariff(1, PriceMode.Gross, ("2013-01-01", 310), ("2026-03-11", 620))).Has("net", "2026-03-01", 1);

        Assert.Equal(
            [(Given.Period("2026-03-01", "2026-03-11"), Money.Czk(100)), (Given.Period("2026-03-11", "2026-04-01"), Money.Czk(420))],
            Assert.Single(account.Bill("2026-03-01")).Lines.Select(line => (line.Period!.Value, line.Amount)));
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("cheaper")]
    [InlineData("paused")]
    [InlineData("other tariff")]
    public void An_account_with_a_difference_to_bill_is_due_at_once(string change)
    {
        var account = Account("2026-03-01").Has("net", "2026-03-01", 1);
        account.Bill("2026-03-01");
        Assert.Equal(Given.Day("2026-04-01"), account.State.NextBillOn);

        account.On("2026-03-10");
        if (change == "cancelled") account.Has("net", "2026-03-01", 1, end: "2026-03-15");
        if (change == "cheaper") account.SpecialPrice("net", "loyal", "2026-03-01", null, 399);
        if (change == "paused") account.Pause("net", "holiday", "2026-03-11", "2026-03-12");
        if (change == "other tariff") account.Has("net", "2026-03-01", 2);

        Assert.True(account.State.NextBillOn <= account.Today);
        Assert.NotEmpty(account.Bill("2026-03-10"));
        if (change == "cancelled") Assert.Null(account.State.NextBillOn);
        else Assert.Equal(Given.Day("2026-04-01"), account.State.NextBillOn);
    }
}
