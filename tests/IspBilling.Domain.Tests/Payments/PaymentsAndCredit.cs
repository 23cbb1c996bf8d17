namespace IspBilling.Domain.Tests.Payments;

public class PaymentsAndCredit
{
    private static readonly VariableSymbol AccountSymbol = Given.Client.AccountSymbol!.Value;

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

    [Theory]
    [InlineData(0, "50", "50 200 300", "0", MatchRule.AccountSymbol)] // account symbol, part of the oldest
    [InlineData(0, "600", "0 0 0", "0", MatchRule.AccountSymbol)]
    [InlineData(0, "601", "0 0 0", "1", MatchRule.AccountSymbol)]
    [InlineData(2, "200", "100 0 300", "0", MatchRule.ExactDocument)]
    [InlineData(2, "199.99", "100 0.01 300", "0", MatchRule.NamedDocument)]
    [InlineData(2, "200.01", "99.99 0 300", "0", MatchRule.NamedDocument)]
    [InlineData(3, "350", "50 200 0", "0", MatchRule.NamedDocument)]
    [InlineData(3, "700", "0 0 0", "100", MatchRule.NamedDocument)]
    [InlineData(1, "0.01", "99.99 200 300", "0", MatchRule.NamedDocument)]
    [InlineData(9, "300", "0 0 300", "0", MatchRule.AccountSymbol)] // a symbol no document carries
    public void A_payment_settles_the_named_invoice_then_the_oldest(int named, string amount, string open, string credit, MatchRule rule)
    {
        var account = ThreeOpenInvoices();
        VariableSymbol symbol = named switch { 0 => AccountSymbol, 9 => new(424242), _ => account.Symbol(named) };

        var receipt = account.Pays("e1", Given.Czk(amount).Major, symbol);

        Assert.Equal(open.Split(' ').Select(text => Given.Czk(text).Major), Open(account));
        Assert.Equal((Given.Czk(credit), rule), (receipt.Credit, receipt.Rule));
        Assert.Equal(Money.Czk(600) - Given.Czk(amount), account.State.Balance);
    }

    [Fact]
    public void The_oldest_goes_first_when_the_account_wants_it_but_an_exact_amount_is_still_for_the_invoice_it_names()
    {
        var account = ThreeOpenInvoices().Does(new SetProfile(Given.Client with { AllocationPolicy = AllocationPolicy.OldestFirst }));

        account.Pays("e1", 150, account.Symbol(3));
        Assert.Equal([0m, 150m, 300m], Open(account));

        account.Pays("e2", 300, account.Symbol(3));
        Assert.Equal([0m, 150m, 0m], Open(account));
    }

    [Fact]
    public void A_symbol_of_a_paid_invoice_settles_the_others()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 100, account.Symbol(1));

        var receipt = account.Pays("e2", 100, account.Symbol(1));

        Assert.Equal([new Allocation(2, Money.Czk(100))], receipt.Allocations.ToList());
        Assert.Equal(MatchRule.NamedDocument, receipt.Rule);
    }

    [Theory]
    [InlineData(MatchRule.Clerk)]
    [InlineData(MatchRule.KnownPayer)]
    [InlineData(MatchRule.NumberInMessage)]
    public void How_the_account_was_found_is_kept(MatchRule rule)
    {
        var account = ThreeOpenInvoices();

        Assert.Equal(rule, account.Pays("e1", 100, null, rule).Rule);
        Assert.Equal(rule, account.State.Payments[0].Rule);
    }

    [Fact]
    public void A_disputed_invoice_is_left_alone_unless_the_payment_names_it()
    {
        var account = ThreeOpenInvoices().Does(new SetDispute(1, true, "wrong address"));

        account.Pays("e1", 150, AccountSymbol);
        Assert.Equal([100m, 50m, 300m], Open(account));

        account.Pays("e2", 120, account.Symbol(1));
        Assert.Equal([0m, 30m, 300m], Open(account));
    }

    [Fact]
    public void Credit_that_a_dispute_kept_idle_settles_the_invoice_once_the_dispute_ends()
    {
        var account = ThreeOpenInvoices().Does(new SetDispute(1, true, "wrong address"));
        account.Pays("e1", 600, AccountSymbol);
        Assert.Equal([100m, 0m, 0m], Open(account));

        account.Does(new SetDispute(1, false, "explained"));

        Assert.Equal([0m, 0m, 0m], Open(account));
        Assert.Equal(Money.Czk(0), account.State.Payments[0].Unallocated);
    }

    [Fact]
    public void A_payment_taken_off_the_account_reopens_what_it_settled_and_may_come_again()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 600, AccountSymbol);

        account.Does(new UnassignPayment("e1", "belongs to another client"));
        Assert.Equal([100m, 200m, 300m], Open(account));
        Assert.Equal(Money.Czk(600), account.State.Balance);
        account.Does(new UnassignPayment("e1", "again"));
        Assert.True(account.Last.ChangesNothing);

        account.Pays("e1", 600, AccountSymbol, MatchRule.Clerk);
        Assert.Equal([0m, 0m, 0m], Open(account));
    }

    [Fact]
    public void Credit_that_lies_idle_settles_what_a_reversal_reopens()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 600, AccountSymbol);
        account.Pays("e2", 250, AccountSymbol);

        account.Does(new ReversePayment("e3", Money.Czk(600), account.Today, AccountSymbol, null, null));

        Assert.Equal([0m, 50m, 300m], Open(account));
        Assert.Equal(Money.Czk(350), account.State.Balance);
        Assert.Contains(account.Last.Events, happened => happened is CreditUsed);
    }

    [Fact]
    public void A_reversal_finds_its_payment_by_order_reference_even_when_a_younger_one_looks_alike()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 100, AccountSymbol, order: "order-1");
        account.Pays("e2", 100, AccountSymbol, order: null);

        account.Does(new ReversePayment("e3", Money.Czk(100), account.Today, AccountSymbol, null, "order-1"));

        Assert.Equal([PaymentStatus.Reversed, PaymentStatus.Booked], account.State.Payments.Select(payment => payment.Status));
    }

    [Fact]
    public void A_reversal_without_reference_takes_back_the_youngest_payment_of_the_same_payer()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 100, AccountSymbol, payer: "1/0100");
        account.Pays("e2", 100, null, MatchRule.KnownPayer, payer: "1/0100");
        account.Pays("e3", 100, null, MatchRule.Clerk, payer: "2/0100");

        account.Does(new ReversePayment("e4", Money.Czk(100), account.Today, null, "1/0100", null));

        Assert.Equal(
            [PaymentStatus.Booked, PaymentStatus.Reversed, PaymentStatus.Booked], account.State.Payments.Select(payment => payment.Status));
    }

    [Fact]
    public void A_reversal_that_finds_no_payment_is_refused_and_stays_in_the_history()
    {
        var account = ThreeOpenInvoices();
        account.Pays("e1", 100, AccountSymbol);
        var before = account.State;

        Assert.Equal(RefusalReason.UnknownPayment, account.Refuses(new ReversePayment("e2", Money.Czk(99), account.Today, AccountSymbol, null, null)));

        Assert.Equal(new ReversalFoundNothing("e2", Money.Czk(99), account.Today), Assert.Single(account.Last.Events));
        Assert.Equal(before with { Version = before.Version + 1 }, account.State);
    }

    [Fact]
    public void A_credit_note_settles_the_invoice_it_corrects_and_leaves_the_rest_as_credit()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        account.Bill("2026-03-01");
        account.Pays("e1", 400, AccountSymbol);

        account.Has("net", "2026-03-01", 1, end: "2026-03-15").Bill("2026-03-10");

        // 99 was open, the credit note is 273.65.
        Assert.Equal(Money.Czk(0), account.Open(1));
        Assert.Equal(Money.Czk(174.65m), account.Open(2));
        Assert.Equal(Money.Czk(-174.65m), account.State.Balance);
        Assert.Equal([new Allocation(1, Money.Czk(99))], account.State.FindDocument(2)!.Allocations.ToList());
    }

    [Fact]
    public void Every_payment_is_posted_between_bank_and_receivables()
    {
        var postings = Postings.OfPayment(Money.Czk(600));

        Assert.Equal([(LedgerAccount.Bank, Money.Czk(600)), (LedgerAccount.Receivables, Money.Czk(-600))], postings.Select(p => (p.Account, p.Amount)));
    }
}
