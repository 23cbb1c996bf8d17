namespace IspBilling.Domain.Tests.Accounts;

public class SettledHistoryCases
{
    private static readonly VariableSymbol AccountSymbol = Given.Client.AccountSymbol!.Value;

    private static LiveAccount Account(int horizon = 3)
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499), Given.Gross(2, 699));
        account.Context = account.Context with { CorrectionHorizonMonths = horizon };
        return account;
    }

    private static void BillAndPay(LiveAccount account, int months, bool pay = true)
    {
        for (var i = 0; i < months; i++)
        {
            var issued = account.Bill(account.Today);
            if (pay && issued.Count > 0) account.Pays($"e{account.Today:yyMM}", issued.Sum(document => document.Total.Major), AccountSymbol);
            account.Today = account.Today.AddMonths(1);
        }
    }

    [Fact]
    public void Ten_years_of_billing_and_paying_leave_a_state_of_a_few_months()
    {
        var account = Account().Has("net", "2026-01-01", 1);

        BillAndPay(account, 120);

        Assert.Equal(120, account.Documents.Count);
        Assert.InRange(account.State.Documents.Length, 1, 12);
        Assert.InRange(account.State.Payments.Length, 1, 12);
        Assert.InRange(account.Service("net").Charged.Length, 1, 12);
        Assert.Equal(Money.Czk(0), account.State.Balance);
        Assert.Equal((120, 120), (account.State.LastDocument, account.State.LastPayment));
        Assert.IsType<NothingToBill>(account.Do(new Bill(account.Today.AddDays(-1), null, PreviewOnly: false)));
    }

    [Fact]
    public void An_account_with_nothing_but_items_sheds_its_history_too()
    {
        var account = Account();
        for (var i = 0; i < 60; i++)
        {
            account.Does(LiveAccount.Item($"call-{i}", account.Today.ToString("yyyy-MM-dd"), 100));
            BillAndPay(account, 1);
        }

        Assert.InRange(account.State.Documents.Length, 1, 12);
        Assert.InRange(account.State.OneOffs.Length, 1, 12);
    }

    [Fact]
    public void What_is_open_stays_however_old_it_is()
    {
        var account = Account().Has("net", "2026-01-01", 1);
        BillAndPay(account, 1, pay: false);
        for (var i = 0; i < 24; i++)
        {
            var issued = Assert.Single(account.Bill(account.Today));
            account.Pays($"e{i}", 499, issued.Symbol);
            account.Today = account.Today.AddMonths(1);
        }

        Assert.Equal(Money.Czk(499), account.Open(1));
        Assert.Equal(Money.Czk(499), account.State.Balance);
        Assert.InRange(account.State.Documents.Length, 2, 13);
    }

    [Fact]
    public void A_payment_that_reaches_from_old_invoices_to_young_ones_keeps_them_until_all_are_old()
    {
        var account = Account().Has("net", "2026-01-01", 1);
        account.Pays("big", 499 * 15, AccountSymbol);
        for (var i = 0; i < 15; i++)
        {
            account.Bill(account.Today);
            account.Today = account.Today.AddMonths(1);
        }

        Assert.Equal(15, account.State.Documents.Length);
        account.Does(new ReversePayment("back", Money.Czk(499 * 15), account.Today, AccountSymbol, null, null));
        Assert.All(account.State.Documents, document => Assert.Equal(Money.Czk(499), document.Open));
        Assert.Equal(Money.Czk(499 * 15), account.State.Balance);
    }

    [Fact]
    public void A_recent_payment_is_still_reversed_and_an_ancient_one_is_unknown()
    {
        var account = Account().Has("net", "2026-01-01", 1);
        for (var i = 0; i < 24; i++)
        {
            var issued = Assert.Single(account.Bill(account.Today));
            account.Pays($"e{i}", 499, issued.Symbol, order: $"order-{i}");
            account.Today = account.Today.AddMonths(1);
        }

        Assert.Equal(RefusalReason.UnknownPayment, account.Refuses(new ReversePayment("r0", Money.Czk(499), account.Today, null, null, "order-0")));
        account.Does(new ReversePayment("r23", Money.Czk(499), account.Today, null, null, "order-23"));
        Assert.Equal(Money.Czk(499), account.Open(24));
    }

    [Fact]
    public void Changes_that_would_reach_into_settled_history_are_refused_and_others_are_not()
    {
        var account = Account().Has("net", "2026-01-01", 1).SpecialPrice("net", "old", "2026-01-01", null, 399).Pause("net", "tv", "2026-01-01", null, bills: true);
        BillAndPay(account, 24);
        var settled = account.Service("net").SettledUpTo!.Value;
        Assert.True(settled > Given.Day("2027-01-01"));

        foreach (var command in new AccountCommand[]
        {
            new RemoveSpecialPrice("net", "old"),
            new RemovePause("net", "tv"),
            new PutSpecialPrice("net", "old", Given.Day("2026-01-01"), settled.AddDays(-1), Money.Czk(399), null, "agreed"),
            new PutSpecialPrice("net", "old", Given.Day("2026-01-01"), null, Money.Czk(299), null, "agreed"),
            new PutSpecialPrice("net", "old", Given.Day("2026-02-01"), null, Money.Czk(399), null, "agreed"),
            new PutSpecialPrice("net", "new", settled.AddDays(-1), null, Money.Czk(299), null, "agreed"),
            new PutPause("net", new Pause("new", settled.AddDays(-1), null, Bills: false, "")),
            new PutPause("net", new Pause("tv", Given.Day("2026-01-01"), null, Bills: false, "")),
            new PutPause("net", new Pause("tv", settled, null, Bills: true, "")),
            LiveAccount.Subscription("net", "2026-01-01", 1, end: "2026-06-01"),
            LiveAccount.Subscription("net", "2026-01-01", 2, from: "2026-06-01"),
        })
        {
            Assert.Equal(RefusalReason.PeriodIsSettledHistory, account.Refuses(command));
        }

        // The same as agreed is no change, and a running agreement may end.
        account.SpecialPrice("net", "old", "2026-01-01", null, 399);
        Assert.True(account.Last.ChangesNothing);
        account.SpecialPrice("net", "old", "2026-01-01", "2028-01-01", 399);
        account.Does(new PutPause("net", new Pause("tv", Given.Day("2026-01-01"), Given.Day("2028-01-01"), Bills: true, "away")));
        account.Has("net", "2026-01-01", 2, from: "2028-02-01");
        Assert.Equal(Money.Czk(499), Assert.Single(account.On("2028-01-01").Bill("2028-01-01")).Total);
    }

    [Fact]
    public void Arrears_of_a_year_long_past_that_were_invoiced_today_are_corrected_like_any_invoice_of_today()
    {
        var account = Account().On("2026-06-15");
        account.Does(LiveAccount.Subscription("net", "2024-01-01", 1, from: "2024-01-01"));
        account.Bill("2026-06-15");

        account.On("2026-06-20").Has("net", "2024-01-01", 2, from: "2024-03-01");
        account.Has("net", "2024-01-01", 2, end: "2026-01-01");
        account.Bill("2026-06-20");

        Assert.Equal(Money.Czk((2 * 499) + (22 * 699)).Minor, account.Documents.Sum(document => document.Total.Minor));
    }

    [Fact]
    public void What_an_unpaid_invoice_charges_can_be_corrected_however_old_it_is()
    {
        var account = Account().Has("net", "2026-01-01", 1);
        BillAndPay(account, 1, pay: false);
        for (var i = 0; i < 24; i++)
        {
            var issued = Assert.Single(account.Bill(account.Today));
            account.Pays($"e{i}", 499, issued.Symbol);
            account.Today = account.Today.AddMonths(1);
        }

        account.Does(new PutPause("net", new Pause("away", Given.Day("2026-01-11"), Given.Day("2026-01-21"), Bills: false, "")));
        var note = account.Bill(account.Today).First(document => document.Kind == DocumentKind.CreditNote);

        Assert.Equal((Money.Czk(-160.97m), 1), (note.Total, note.Lines[0].Corrects!.Value.Document));
        Assert.Equal(Money.Czk(338.03m), account.Open(1));

        // Paid and grown old, it leaves with all that it held back.
        account.Pays("late", 338.03m, account.Documents[0].Symbol);
        BillAndPay(account, 12);
        Assert.InRange(account.Service("net").Charged.Length, 1, 12);
    }

    [Fact]
    public void An_item_of_a_day_long_past_that_was_invoiced_today_can_be_taken_back()
    {
        var account = Account().Has("net", "2026-01-01", 1);
        BillAndPay(account, 24);
        account.Does(LiveAccount.Item("call", "2026-02-01", 100));
        BillAndPay(account, 1);

        account.Does(new CancelOneOff("call"));
        Assert.Contains(account.Bill(account.Today), document => document.Kind == DocumentKind.CreditNote && document.Total == Money.Czk(-100));
    }

    [Fact]
    public void A_payment_that_was_returned_today_can_be_given_again_however_old_it_is()
    {
        var account = Account(horizon: 240).Has("net", "2026-01-01", 1);
        for (var i = 0; i < 12; i++)
        {
            account.Pays($"e{i}", Assert.Single(account.Bill(account.Today)).Total.Major, account.Documents[^1].Symbol);
            account.Today = account.Today.AddMonths(1);
        }

        // A clerk's return over several payments is rolled back some days after its first part; a run billed in between.
        var old = account.State.Payments[0];
        account.Does(new ReturnPayment("back", old.Ordinal, old.Amount, account.Today, "not ours"));
        account.Pays("again", old.Amount.Major, null);
        account.Context = account.Context with { CorrectionHorizonMonths = 1 };
        account.Today = account.Today.AddDays(3);
        account.Bill(account.Today);
        Assert.Contains(account.Last.Events, happened => happened is HistorySettled);

        account.Does(new UnassignPayment("back", "rolled back"));
        Assert.Equal(PaymentStatus.Booked, account.State.Payments.Single(payment => payment.Ordinal == old.Ordinal).Status);
    }

    [Fact]
    public void A_payment_that_came_to_the_account_late_can_be_taken_off_it_again()
    {
        var account = Account(horizon: 240).Has("net", "2026-01-01", 1);
        BillAndPay(account, 12, pay: false);
        account.Does(new BookPayment("late", Money.Czk(499), Given.Day("2026-01-05"), account.Documents[0].Symbol, null, null, MatchRule.Clerk));
        account.Context = account.Context with { CorrectionHorizonMonths = 1 };
        account.Bill(account.Today);

        account.Does(new UnassignPayment("late", "another client's"));
        Assert.Equal(Money.Czk(499), account.Open(1));
    }

    [Fact]
    public void History_that_an_earlier_release_settled_by_period_is_read_as_that_release_left_it()
    {
        var account = Account().On("2026-06-15");
        account.Does(LiveAccount.Subscription("net", "2024-01-01", 1, from: "2024-01-01"));
        account.Context = account.Context with { CorrectionHorizonMonths = 240 };
        account.Bill("2026-06-15");

        var settled = account.State.Evolve(new HistorySettled(Given.Day("2026-03-01"), KeepsTax: true));

        Assert.Equal(Given.Day("2026-03-01"), settled.Services[0].SettledUpTo);
    }
}
