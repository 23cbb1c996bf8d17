namespace IspBilling.Domain.Tests.Dunning;

/// <summary>Whether a message still holds when it is about to be sent. An invoice of 499.00 due 2026-01-15 under a 5/14/21/30 policy.</summary>
public class ConfirmedMessages
{
    private static readonly DateOnly Due = Given.Day("2026-01-15");

    private static LiveAccount Reminded()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1, end: "2026-02-01");
        account.Bill("2026-01-01");
        account.Today = Due.AddDays(5);
        account.Do(new Review());
        return account;
    }

    private static SendReminder Reminder(LiveAccount account) => account.Messages.OfType<SendReminder>().First();

    private static string? WhyNot(LiveAccount account, OutgoingMessage message)
    {
        var reply = account.Do(new ConfirmMessage(message));
        Assert.True(account.Last.ChangesNothing);
        if (reply is MessageHoldsNoMore gone) return gone.Reason;
        Assert.IsType<MessageHolds>(reply);
        return null;
    }

    [Fact]
    public void A_reminder_holds_as_long_as_its_debt_is_open_and_nothing_was_agreed()
    {
        var account = Reminded();

        Assert.Null(WhyNot(account, Reminder(account)));
        account.Today = Due.AddDays(9);
        Assert.Null(WhyNot(account, Reminder(account)));
    }

    [Fact]
    public void After_the_debt_is_paid_a_reminder_holds_no_more()
    {
        var account = Reminded();
        var reminder = Reminder(account);
        account.Does(new BookPayment("e1", Money.Czk(499), account.Today, null, null, null, MatchRule.Clerk));

        Assert.Contains("paid", WhyNot(account, reminder), StringComparison.Ordinal);
        Assert.Null(WhyNot(account, new DeliverDocument(1, DeliveryPreference.Email)));
    }

    [Fact]
    public void A_promise_and_an_exemption_hold_reminders_back_and_a_promise_that_lapsed_does_not()
    {
        var account = Reminded();
        var reminder = Reminder(account);
        account.Does(new PromiseToPay(Due.AddDays(7)));
        Assert.Contains("promised", WhyNot(account, reminder), StringComparison.Ordinal);

        account.Today = Due.AddDays(8);
        Assert.Null(WhyNot(account, reminder));

        account.Does(new SetDunningExemption(Exempt: true, "hospital"));
        Assert.Contains("exempted", WhyNot(account, reminder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_reminder_stands_for_the_one_before()
    {
        var account = Reminded();
        var first = Reminder(account);
        account.Today = Due.AddDays(14);
        Assert.Equal("second", Assert.IsType<Reviewed>(account.Do(new Review())).Step);

        Assert.Contains("later step", WhyNot(account, first), StringComparison.Ordinal);
        Assert.Null(WhyNot(account, account.Messages.OfType<SendReminder>().Last()));
    }

    [Fact]
    public void A_reminder_of_a_step_that_was_not_taken_that_day_is_about_something_else()
    {
        var account = Reminded();

        Assert.NotNull(WhyNot(account, Reminder(account) with { On = Due.AddDays(4) }));
        Assert.NotNull(WhyNot(account, Reminder(account) with { Step = "no such step" }));
    }

    [Fact]
    public void Thanks_hold_while_nothing_is_overdue_and_the_network_hears_of_the_newest_level_alone()
    {
        var account = Reminded();

        Assert.NotNull(WhyNot(account, new SendThanks()));
        Assert.Null(WhyNot(account, new EnforceServiceLevel(ServiceLevel.Full, null)));
        Assert.NotNull(WhyNot(account, new EnforceServiceLevel(ServiceLevel.Blocked, null)));
        account.Does(new BookPayment("e1", Money.Czk(499), account.Today, null, null, null, MatchRule.Clerk));
        Assert.Null(WhyNot(account, new SendThanks()));
        Assert.NotNull(WhyNot(account, new NotifyCollections(Money.Czk(499))));
    }
}
