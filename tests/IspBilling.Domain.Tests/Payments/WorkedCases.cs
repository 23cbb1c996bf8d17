namespace IspBilling.Domain.Tests.Payments;

/// <summary>The worked cases of payments: A 499.00 due 2026-01-15, B 499.00 due 2026-02-15.</summary>
public class WorkedCases
{
    private const int A = 1;
    private const int B = 2;
    private static readonly VariableSymbol AccountSymbol = Given.Client.AccountSymbol!.Value;

    private static LiveAccount TwoOpenInvoices()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1);
        account.Bill("2026-01-01");
        account.On("2026-02-01").Bill("2026-02-01");
        Assert.Equal([Given.Day("2026-01-15"), Given.Day("2026-02-15")], account.State.Documents.Select(document => document.DueOn));
        return account.On("2026-02-05");
    }

    private static (decimal A, decimal B) Open(LiveAccount account) => (account.Open(A).Major, account.Open(B).Major);

    [Fact]
    public void Part_of_the_debt_with_the_account_s_symbol_settles_the_oldest_first()
    {
        var account = TwoOpenInvoices();

        var receipt = account.Pays("e1", 600, AccountSymbol, MatchRule.AccountSymbol);

        Assert.Equal([new Allocation(A, Money.Czk(499)), new Allocation(B, Money.Czk(101))], receipt.Allocations.ToList());
        Assert.Equal((0m, 398m), Open(account));
        Assert.Equal(MatchRule.AccountSymbol, receipt.Rule);
    }

    [Fact]
    public void Money_beyond_the_debt_is_credit_that_the_next_invoice_uses_on_issue()
    {
        var account = TwoOpenInvoices();

        var receipt = account.Pays("e1", 1200, AccountSymbol, MatchRule.AccountSymbol);
        Assert.Equal((0m, 0m), Open(account));
        Assert.Equal(Money.Czk(202), receipt.Credit);

        account.On("2026-03-01").Bill("2026-03-01");
        Assert.Equal(Money.Czk(297), account.Open(3));
        Assert.Equal(Money.Czk(0), account.State.Payments[0].Unallocated);
        var issued = account.Events.OfType<DocumentIssued>().Last();
        Assert.Equal([new Settlement(CreditSource.Payment, 1, 3, Money.Czk(202))], issued.Settlements.ToList());
    }

    [Fact]
    public void The_exact_amount_with_an_invoice_s_symbol_settles_that_invoice_only()
    {
        var account = TwoOpenInvoices();

        var receipt = account.Pays("e1", 499, account.Symbol(B));

        Assert.Equal((499m, 0m), Open(account));
        Assert.Equal(MatchRule.ExactDocument, receipt.Rule);
        Assert.True(account.State.FindDocument(A)!.DueOn < account.Today);
    }

    [Fact]
    public void More_than_the_named_invoice_settles_it_and_then_the_oldest()
    {
        var account = TwoOpenInvoices();

        var receipt = account.Pays("e1", 600, account.Symbol(B));

        Assert.Equal([new Allocation(B, Money.Czk(499)), new Allocation(A, Money.Czk(101))], receipt.Allocations.ToList());
        Assert.Equal((398m, 0m), Open(account));
        Assert.Equal(MatchRule.NamedDocument, receipt.Rule);
    }

    [Fact]
    public void The_same_entry_again_changes_nothing_and_gets_the_same_receipt()
    {
        var account = TwoOpenInvoices();
        var first = account.Pays("e1", 600, account.Symbol(B));

        var again = account.On("2026-02-06").Pays("e1", 600, account.Symbol(B));

        Assert.True(account.Last.ChangesNothing);
        Assert.Equal((first.Payment, first.Rule, first.Credit), (again.Payment, again.Rule, again.Credit));
        Assert.Equal(first.Allocations, again.Allocations);
        Assert.Equal((398m, 0m), Open(account));
    }

    [Fact]
    public void A_payment_that_comes_back_reopens_what_it_settled()
    {
        var account = TwoOpenInvoices();
        account.Pays("e1", 600, AccountSymbol, MatchRule.AccountSymbol);

        account.Does(new ReversePayment("e2", Money.Czk(600), account.Today, AccountSymbol, null, null));

        Assert.Equal((499m, 499m), Open(account));
        Assert.Equal(Money.Czk(998), account.State.Balance);
        Assert.Equal(PaymentStatus.Reversed, account.State.Payments[0].Status);
        // A is 21 days overdue: nothing was sent yet, so the notice due by date comes now.
        Assert.Equal(new Reviewed("second", false), account.Do(new Review()));
    }

    [Fact]
    public void The_same_reversal_again_changes_nothing()
    {
        var account = TwoOpenInvoices();
        account.Pays("e1", 600, AccountSymbol);
        account.Pays("e2", 600, AccountSymbol);
        var reversal = new ReversePayment("e3", Money.Czk(600), account.Today, AccountSymbol, null, null);

        account.Does(reversal).Does(reversal);

        Assert.True(account.Last.ChangesNothing);
        Assert.Equal(PaymentStatus.Booked, account.State.Payments[0].Status);
    }

    [Fact]
    public void Money_for_a_closed_account_without_debt_is_credit_that_a_clerk_sees()
    {
        var account = TwoOpenInvoices();
        account.Pays("e1", 998, AccountSymbol);
        account.On("2026-03-01").Has("net", "2026-01-01", 1, end: "2026-03-01").Does(new CloseAccount());

        var receipt = account.Pays("e2", 499, account.Symbol(B));

        Assert.Equal((Money.Czk(499), "credit on a closed account"), (receipt.Credit, receipt.Flagged));
        Assert.Empty(receipt.Allocations);
    }
}
