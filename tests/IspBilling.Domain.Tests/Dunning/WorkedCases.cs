namespace IspBilling.Domain.Tests.Dunning;

/// <summary>An invoice of 499.00 due 2026-01-15 under a 5/14/21/30 policy: e-mail, e-mail and SMS, throttled, blocked.</summary>
public class WorkedCases
{
    private static readonly DateOnly Due = Given.Day("2026-01-15");
    private static readonly VariableSymbol AccountSymbol = Given.Client.AccountSymbol!.Value;

    private static LiveAccount Debtor()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1, end: "2026-02-01");
        account.Bill("2026-01-01");
        return account;
    }

    private static string? Review(LiveAccount account, int daysOverdue)
    {
        account.Today = Due.AddDays(daysOverdue);
        return Assert.IsType<Reviewed>(account.Do(new Review())).Step;
    }

    private static LiveAccount Blocked()
    {
        var account = Debtor();
        foreach (var day in new[] { 5, 14, 21, 30 }) Assert.NotNull(Review(account, day));
        Assert.Equal(ServiceLevel.Blocked, account.State.Level);
        return account;
    }

    [Fact]
    public void Steps_come_on_their_days_in_their_order()
    {
        var account = Debtor();

        var steps = Enumerable.Range(-5, 60).Select(day => (Day: day, Step: Review(account, day))).Where(taken => taken.Step is not null);

        Assert.Equal([(5, "first"), (14, "second"), (21, "throttle"), (30, "block")], steps.Select(taken => (taken.Day, taken.Step!)));
        Assert.Equal(
            [new EnforceServiceLevel(ServiceLevel.Throttled, "1M"), new EnforceServiceLevel(ServiceLevel.Blocked, null)],
            account.Messages.OfType<EnforceServiceLevel>());
        Assert.Equal(4, account.Messages.OfType<SendReminder>().Count());
    }

    [Fact]
    public void An_engine_that_was_down_sends_the_one_notice_due_by_date_and_throttles_only_after_its_least_days()
    {
        var account = Debtor();

        Assert.Equal("second", Review(account, 17));
        Assert.Single(account.Messages.OfType<SendReminder>());

        // Throttling is due on day 21, but a client hears of it at least 7 days after the notice that was really sent.
        Assert.Null(Review(account, 21));
        Assert.Null(Review(account, 23));
        Assert.Equal("throttle", Review(account, 24));
        Assert.Null(Review(account, 30));
        Assert.Equal("block", Review(account, 31));
    }

    [Fact]
    public void Nobody_is_throttled_who_was_never_reminded()
    {
        var account = Debtor();

        Assert.Equal("second", Review(account, 400));
        Assert.Equal(ServiceLevel.Full, account.State.Level);
        Assert.Equal("throttle", Review(account, 407));
        Assert.Equal("block", Review(account, 414));
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(14, 0)]
    [InlineData(21, 1)]
    [InlineData(30, 1)]
    public void Paying_in_full_restores_the_service_in_the_turn_that_books_the_payment(int lastStepOn, int restoreOrders)
    {
        var account = Debtor();
        foreach (var day in new[] { 5, 14, 21, 30 }.TakeWhile(day => day <= lastStepOn)) Review(account, day);
        account.Messages.Clear();

        account.Pays("e1", 499, AccountSymbol);

        Assert.Equal((ServiceLevel.Full, DunningState.None), (account.State.Level, account.State.Dunning));
        Assert.Equal(restoreOrders, account.Messages.Count(message => message is EnforceServiceLevel { Level: ServiceLevel.Full }));
        Assert.Single(account.Messages.OfType<SendThanks>());
        account.Do(new Review());
        Assert.True(account.Last.ChangesNothing);
    }

    [Fact]
    public void No_thanks_are_sent_when_the_policy_does_not_want_them_or_nothing_was_asked_for()
    {
        var silent = Blocked();
        silent.Context = silent.Context with { DunningPolicy = Given.Policy with { ThankOnClearing = false } };
        silent.Pays("e1", 499, AccountSymbol);
        Assert.Empty(silent.Messages.OfType<SendThanks>());

        var punctual = Debtor();
        punctual.Pays("e1", 499, AccountSymbol);
        Assert.Empty(punctual.Messages.OfType<SendThanks>());
    }

    [Fact]
    public void Paying_all_but_less_than_the_smallest_debt_restores_and_the_rest_stays_visible()
    {
        var account = Blocked();

        account.Pays("e1", 400, AccountSymbol);

        Assert.Equal(ServiceLevel.Full, account.State.Level);
        Assert.Equal(Money.Czk(99), account.Open(1));
        Assert.Null(Review(account, 60));
    }

    [Fact]
    public void Paying_too_little_restores_nothing()
    {
        var account = Blocked();

        account.Pays("e1", 399, AccountSymbol);

        Assert.Equal(ServiceLevel.Blocked, account.State.Level);
        Assert.Equal(4, account.State.Dunning.Taken.Length);
    }

    [Fact]
    public void A_promise_makes_the_steps_wait_until_the_day_after()
    {
        var account = Debtor();
        Review(account, 5);
        account.Does(new PromiseToPay(Due.AddDays(25)));

        for (var day = 6; day <= 25; day++) Assert.Null(Review(account, day));

        Assert.Equal(Due.AddDays(26), DunningEvaluation.NextActionFrom(account.Today, account.State.Debtor, Given.Policy));
        Assert.NotNull(Review(account, 26));
    }

    [Fact]
    public void A_promise_that_is_withdrawn_no_longer_waits()
    {
        var account = Debtor();
        account.Does(new PromiseToPay(Due.AddDays(25))).Does(new PromiseToPay(null));

        Assert.Equal("first", Review(account, 5));
    }

    [Fact]
    public void A_disputed_document_leaves_the_sum()
    {
        var account = Blocked();

        account.Does(new SetDispute(1, true, "no signal in January"));
        Assert.Equal(ServiceLevel.Full, account.State.Level);
        Assert.Null(Review(account, 60));

        account.Does(new SetDispute(1, false, "solved"));
        Assert.Equal("second", Review(account, 61));
    }

    [Fact]
    public void An_exempt_client_never_escalates()
    {
        var account = Debtor().Does(new SetDunningExemption(true, "hospital"));

        for (var day = 1; day <= 60; day++) Assert.Null(Review(account, day));

        account.Does(new SetDunningExemption(false, "moved away"));
        Assert.Equal("second", Review(account, 61));
    }

    [Fact]
    public void A_debt_cleared_by_a_credit_note_is_as_good_as_paid()
    {
        var account = Blocked();

        account.Pause("net", "outage", "2026-01-01", "2026-02-01").Bill(account.Today);

        Assert.Equal((ServiceLevel.Full, DunningState.None), (account.State.Level, account.State.Dunning));
        Assert.Single(account.Messages, message => message is EnforceServiceLevel { Level: ServiceLevel.Full });
    }

    [Fact]
    public void A_debt_cleared_by_idle_credit_is_as_good_as_paid()
    {
        var account = Debtor().Does(new SetDispute(1, true, "wrong price"));
        account.Does(LiveAccount.Item("cable", "2026-01-01", 200)).Bill(account.Today);
        account.Pays("e1", 700, account.Symbol(2)); // 500 lie idle beside the disputed invoice
        account.Today = Due.AddDays(30);

        account.Does(new SetDispute(1, false, "solved"));

        Assert.Equal(Money.Czk(0), account.Open(1));
        Assert.Null(Review(account, 31));
    }

    [Fact]
    public void Two_reviews_on_a_day_send_one_notice()
    {
        var account = Debtor();

        Assert.Equal("first", Review(account, 5));
        Assert.Null(Review(account, 5));
        Assert.True(account.Last.ChangesNothing);
        Assert.Single(account.Messages.OfType<SendReminder>());
    }

    [Fact]
    public void Two_machines_that_review_the_same_state_decide_the_same()
    {
        var account = Debtor();
        account.Today = Due.AddDays(5);

        var one = AccountDecider.Decide(account.State, new Review(), account.Context);
        var other = AccountDecider.Decide(account.State, new Review(), account.Context);

        // Only one of them can commit on this version of the account.
        Assert.Equal(one.Events.ToList(), other.Events.ToList());
        Assert.Single(one.Messages);
    }

    [Fact]
    public void A_returned_payment_resumes_dunning_where_the_dates_say()
    {
        var account = Blocked();
        account.Pays("e1", 499, AccountSymbol);
        Assert.Null(Review(account, 40));

        account.Does(new ReversePayment("e2", Money.Czk(499), account.Today, AccountSymbol, null, null));

        Assert.Equal("second", Review(account, 41));
        Assert.Equal(ServiceLevel.Full, account.State.Level);
        Assert.Equal("throttle", Review(account, 48));
    }

    [Fact]
    public void A_debt_below_a_step_s_minimum_waits_until_it_grows()
    {
        var policy = new DunningPolicy("strict", [new DunningStep("remind", 5, [Money.Czk(1000)], DunningActions.Email, 0)], false);
        var account = Debtor();
        account.Context = account.Context with { DunningPolicy = policy };
        account.Has("tv", "2026-02-01", 1, end: "2026-04-01");
        account.On("2026-02-01").Bill("2026-02-01");
        account.On("2026-03-01").Bill("2026-03-01");

        // Due 01-15, 02-15 and 03-15: above 1,000 once the third is overdue.
        Assert.Equal(Given.Day("2026-03-16"), DunningEvaluation.NextActionFrom(account.Today, account.State.Debtor, policy));
        Assert.Null(Assert.IsType<Reviewed>(account.On("2026-03-15").Do(new Review())).Step);
        Assert.Equal("remind", Assert.IsType<Reviewed>(account.On("2026-03-16").Do(new Review())).Step);
    }

    [Fact]
    public void Steps_that_are_due_together_come_on_following_days()
    {
        var policy = new DunningPolicy("fast",
        [
            new DunningStep("notice", 1, [Money.Czk(1)], DunningActions.Email, 0),
            new DunningStep("block", 1, [Money.Czk(1)], DunningActions.Block, 0),
        ], false)
        {
            NoticeDays = 0,
        };
        var account = Debtor();
        account.Context = account.Context with { DunningPolicy = policy };

        Assert.Equal("notice", Review(account, 1));
        Assert.Equal(Due.AddDays(2), DunningEvaluation.NextActionFrom(account.Today, account.State.Debtor, policy));
        Assert.Equal("block", Review(account, 2));
    }

    [Fact]
    public void A_fee_is_billed_once_with_the_next_document_and_bears_no_tax()
    {
        var policy = new DunningPolicy("fee",
            [new DunningStep("fee", 5, [Money.Czk(100)], DunningActions.Email | DunningActions.Fee, 0, Fee: [Money.Czk(50)])], false);
        var account = Debtor();
        account.Context = account.Context with { DunningPolicy = policy };

        Review(account, 5);
        var invoice = Assert.Single(account.Bill(account.Today));

        Assert.Equal(Money.Czk(50), invoice.Total);
        Assert.Equal((VatCategory.OutOfScope, Money.Czk(0)), (invoice.Vat[0].Category, invoice.Vat[0].Tax));
        Assert.Empty(account.Bill(account.Today));
    }

    [Fact]
    public void A_step_taken_again_on_the_same_day_after_a_returned_payment_charges_no_second_fee()
    {
        var policy = new DunningPolicy("fee",
            [new DunningStep("fee", 5, [Money.Czk(100)], DunningActions.Email | DunningActions.Fee, 0, Fee: [Money.Czk(50)])], false);
        var account = Debtor();
        account.Context = account.Context with { DunningPolicy = policy };
        Review(account, 5);
        account.Pays("e1", 499, AccountSymbol);
        account.Does(new ReversePayment("e2", Money.Czk(499), account.Today, AccountSymbol, null, null));

        Review(account, 5);

        Assert.Single(account.State.OneOffs);
        Assert.Equal(Money.Czk(50), Assert.Single(account.Bill(account.Today)).Total);
        Assert.Empty(account.Bill(account.Today));
    }

    [Fact]
    public void Collections_are_notified_with_the_overdue_debt()
    {
        var policy = new DunningPolicy("collect",
        [
            new DunningStep("notice", 5, [Money.Czk(1)], DunningActions.Sms, 0),
            new DunningStep("collect", 60, [Money.Czk(1)], DunningActions.NotifyCollections, 10),
        ], false);
        var account = Debtor();
        account.Context = account.Context with { DunningPolicy = policy };

        Review(account, 50);
        Assert.Equal("collect", Review(account, 60));

        Assert.Equal(new NotifyCollections(Money.Czk(499)), Assert.Single(account.Messages.OfType<NotifyCollections>()));
        Assert.Equal(new SendReminder("notice", DunningActions.Sms, Money.Czk(499), Due.AddDays(50)), Assert.Single(account.Messages.OfType<SendReminder>()));
    }
}
