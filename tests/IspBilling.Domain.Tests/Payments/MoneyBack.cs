namespace IspBilling.Domain.Tests.Payments;

/// <summary>Money that goes back to the client: refunds of credit, payments that are returned whole or in part, and all of it undone.</summary>
public class MoneyBack
{
    /// <summary>Invoices of 100, 200 and 300, due a month apart.</summary>
    private static LiveAccount ThreeOpenInvoices()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499));
        for (var i = 1; i <= 3; i++)
        {
            account.Today = new DateOnly(2026, i, 1);
            account.Does(LiveAccount.Item($"item{i}", $"2026-0{i}-01", i * 100)).Bill(account.Today);
        }

        return account;
    }

    private static decimal[] Open(LiveAccount account) => [.. account.State.Documents.Select(document => document.Open.Major)];

    private static BookRefund Refund(string entry, decimal amount, MatchRule rule = MatchRule.Clerk) =>
        new(entry, Money.Czk(amount), Given.Day("2026-03-02"), null, "1/0100", null, rule, "paid twice");

    private static ReturnPayment Return(string entry, int payment, decimal amount) =>
        new(entry, payment, Money.Czk(amount), Given.Day("2026-03-02"), "account closed");

    [Fact]
    public void A_refund_takes_credit_away_and_the_next_invoice_finds_none()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 1000, null);

        var receipt = Assert.IsType<PaymentReceipt>(account.Do(Refund("r1", 400)));

        Assert.Equal((2, MatchRule.Clerk, Money.Czk(0)), (receipt.Payment, receipt.Rule, receipt.Credit));
        Assert.Equal(Money.Czk(0), account.State.Balance);
        account.Does(LiveAccount.Item("item4", "2026-03-01", 150)).Bill("2026-03-01");
        Assert.Equal([0m, 0m, 0m, 150m], Open(account));
    }

    [Fact]
    public void A_refund_of_a_part_leaves_the_rest_as_credit()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 1000, null);

        account.Does(Refund("r1", 150));

        Assert.Equal((Money.Czk(-250), Money.Czk(250)), (account.State.Balance, account.State.Payments[0].Unallocated));
    }

    [Fact]
    public void More_than_the_credit_cannot_be_refunded()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 1000, null);

        Assert.Equal(RefusalReason.NotEnoughCredit, account.Refuses(Refund("r1", 400.01m)));
        Assert.Equal(RefusalReason.AmountNotPositive, account.Refuses(Refund("r1", 0)));
        Assert.Equal(RefusalReason.CurrencyDiffers, account.Refuses(Refund("r1", 1) with { Amount = Money.Eur(1) }));
    }

    [Fact]
    public void A_refund_asked_for_again_is_the_same_refund()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 1000, null);
        account.Does(Refund("r1", 400));

        Assert.Equal(2, Assert.IsType<PaymentReceipt>(account.Do(Refund("r1", 400))).Payment);
        Assert.True(account.Last.ChangesNothing);
    }

    [Fact]
    public void Payments_are_refunded_before_credit_notes()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 310)).Has("net", "2026-01-01", 1);
        account.Bill("2026-01-01");
        account.Pays("e1", 310, null);
        account.Has("net", "2026-01-01", 1, end: "2026-01-11").Bill("2026-01-01");
        account.Pays("e2", 50, null);

        account.Does(Refund("r1", 200));

        Assert.Equal(
            [new CreditUse(CreditSource.Payment, 2, Money.Czk(50)), new CreditUse(CreditSource.CreditNote, 2, Money.Czk(150))],
            account.State.Payments[2].Uses!.Value.ToList());
        Assert.Equal((Money.Czk(60), Money.Czk(-60)), (account.Open(2), account.State.Balance));
    }

    [Fact]
    public void A_closed_client_s_credit_can_be_refunded()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 310));
        account.Pays("e1", 310, null);
        account.Does(new CloseAccount());

        account.Does(Refund("r1", 310));

        Assert.Equal(Money.Czk(0), account.State.Balance);
    }

    [Fact]
    public void A_refund_that_came_back_is_credit_again_and_settles_what_is_open()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 1000, null);
        account.Does(Refund("r1", 400));
        account.Does(LiveAccount.Item("item4", "2026-03-01", 150)).Bill("2026-03-01");

        var reply = account.Do(new ReversePayment("b1", Money.Czk(-400), Given.Day("2026-03-03"), null, "1/0100", null));

        Assert.Equal(2, Assert.IsType<PaymentTakenBack>(reply).Payment);
        Assert.Equal([0m, 0m, 0m, 0m], Open(account));
        Assert.Equal((Money.Czk(-250), Money.Czk(250)), (account.State.Balance, account.State.Payments[0].Unallocated));
    }

    [Fact]
    public void A_refund_taken_off_the_account_is_credit_again()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 1000, null);
        account.Does(Refund("r1", 400));

        account.Does(new UnassignPayment("r1", "another client's"));

        Assert.Equal((Money.Czk(-400), Money.Czk(400)), (account.State.Balance, account.State.Payments[0].Unallocated));
    }

    [Fact]
    public void A_payment_of_which_something_was_refunded_neither_goes_elsewhere_nor_is_taken_back_by_rule()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 1000, null, payer: "1/0100");
        account.Does(Refund("r1", 400));

        Assert.Equal(RefusalReason.PaidBackAlready, account.Refuses(new UnassignPayment("e1", "another client's")));
        Assert.Equal(RefusalReason.UnknownPayment, account.Refuses(new ReversePayment("b1", Money.Czk(1000), account.Today, null, "1/0100", null)));
        Assert.Equal(RefusalReason.PaidBackAlready, account.Refuses(Return("b2", 1, 1000)));
        account.Does(Return("b3", 1, 600));
        Assert.Equal([100m, 200m, 300m], Open(account));
    }

    [Fact]
    public void A_part_that_goes_back_is_credit_first_and_then_what_was_settled_last()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 700, null);

        Assert.Equal(1, Assert.IsType<PaymentTakenBack>(account.Do(Return("b1", 1, 250))).Payment);

        Assert.Equal([0m, 0m, 150m], Open(account));
        Assert.Equal(Money.Czk(150), account.State.Balance);
        account.Does(Return("b2", 1, 450));
        Assert.Equal([100m, 200m, 300m], Open(account));
        Assert.Equal(RefusalReason.PaidBackAlready, account.Refuses(Return("b3", 1, 0.01m)));
    }

    [Fact]
    public void A_payment_that_goes_back_whole_is_reversed()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 700, null);

        account.Does(Return("b1", 1, 700));

        Assert.Equal([100m, 200m, 300m], Open(account));
        Assert.Equal((PaymentStatus.Reversed, "b1"), (account.State.Payments[0].Status, account.State.Payments[0].ReversedBy));
        Assert.IsType<PaymentTakenBack>(account.Do(Return("b1", 1, 700)));
        Assert.True(account.Last.ChangesNothing);
    }

    [Theory]
    [InlineData(700)]
    [InlineData(250)]
    public void The_return_of_a_wrong_payment_is_undone_and_the_payment_settles_again(decimal amount)
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 700, null);
        account.Does(Return("b1", 1, amount));

        account.Does(new UnassignPayment("b1", "another payment was meant"));

        Assert.Equal([0m, 0m, 0m], Open(account));
        Assert.Equal((Money.Czk(-100), Money.Czk(100)), (account.State.Balance, account.State.Payments[0].Unallocated));
    }

    [Fact]
    public void A_return_that_makes_an_invoice_open_is_paid_by_other_credit_at_once()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 600, null);
        account.Pays("e2", 500, null);

        account.Does(Return("b1", 1, 400));

        Assert.Equal([0m, 0m, 0m], Open(account));
        Assert.Equal(Money.Czk(100), account.State.Payments[1].Unallocated);
    }

    [Fact]
    public void A_payment_in_another_currency_is_booked_as_the_clerk_states_it_and_keeps_what_was_received()
    {
        var account = ThreeOpenInvoices();

        account.Do(new BookPayment("e1", Money.Czk(500), account.Today, null, null, null, MatchRule.Clerk, "rate of the day 25.00", Money.Eur(20)));

        var booked = Assert.IsType<PaymentBooked>(account.Events[^1]);
        Assert.Equal((Money.Czk(500), Money.Eur(20), "rate of the day 25.00"), (booked.Payment.Amount, booked.Received, booked.Reason));
    }

    [Fact]
    public void One_credit_note_over_two_invoices_settles_each_by_its_own_correction_first()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 310), Given.Gross(2, 310)).Has("a", "2026-01-01", 1);
        account.Bill("2026-01-01");
        account.Has("b", "2026-01-01", 2).Bill("2026-01-01");
        Assert.Equal([310m, 310m], Open(account));

        // Ten days of the one service are left and twenty of the other: 210 and 110 of their invoices are credited.
        account.Has("a", "2026-01-01", 1, end: "2026-01-11").Has("b", "2026-01-01", 2, end: "2026-01-21").Bill("2026-01-01");

        Assert.Equal([100m, 200m, 0m], Open(account));
    }

    [Fact]
    public void What_a_note_credits_beyond_its_invoice_s_debt_goes_to_the_other_one_it_corrects()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 310), Given.Gross(2, 310)).Has("a", "2026-01-01", 1);
        account.Bill("2026-01-01");
        account.Has("b", "2026-01-01", 2).Bill("2026-01-01");
        account.Pays("e1", 250, account.Symbol(1));

        account.Has("a", "2026-01-01", 1, end: "2026-01-11").Has("b", "2026-01-01", 2, end: "2026-01-21").Bill("2026-01-01");

        Assert.Equal([0m, 50m, 0m], Open(account));
    }
}
