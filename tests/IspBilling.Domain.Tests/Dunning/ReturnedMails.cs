namespace IspBilling.Domain.Tests.Dunning;

/// <summary>
/// What an account makes of mails that come back: a mark on the address and another way to the client. An invoice of 499.00 due 2026-01-15 under a
/// 5/14/21/30 policy; the client has a telephone, and letters are posted.
/// </summary>
public class ReturnedMails
{
    private static readonly DateOnly Due = Given.Day("2026-01-15");

    private static LiveAccount Debtor(OtherWays? ways = null, string? phone = "+420777123456")
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)) { Accepts = false };
        account.Context = account.Context with { PostsLetters = true, DunningPolicy = account.Context.DunningPolicy with { WhenMailReturns = ways } };
        account.Do(new SetProfile(Given.Client with { Phone = phone }));
        account.Has("net", "2026-01-01", 1, end: "2026-02-01").Bill("2026-01-01");
        account.Today = Due.AddDays(5);
        account.Do(new Review());
        return account;
    }

    private static SendReminder Sent(LiveAccount account) => account.Messages.OfType<SendReminder>().Last(reminder => reminder.Channels.HasFlag(DunningActions.Email));

    private static DeliveryId Id(LiveAccount account, int ordinal = 1) => new(account.State.Id, 9, ordinal);

    private static void Arrives(LiveAccount account, MessageChannel channel, SendReminder reminder, int day, DeliveryOutcome outcome = DeliveryOutcome.Delivered)
    {
        account.Today = Due.AddDays(day);
        account.Do(new RecordDelivery(Id(account, (int)channel), channel, reminder, outcome, account.Today));
    }

    [Fact]
    public void What_did_not_arrive_by_mail_goes_as_a_short_message_once_and_tells_when_that_is_accepted()
    {
        var account = Debtor();
        var reminder = Sent(account);
        Arrives(account, MessageChannel.Email, reminder, 5);
        account.Today = Due.AddDays(6);
        account.Do(new TakeBackDelivery(Id(account), MessageChannel.Email, reminder, "5.1.1 no such user", account.Today));
        Assert.Null(account.State.Dunning.Last!.Value.ToldOn);

        account.Do(new SendAnotherWay(Id(account), reminder));

        var again = Assert.IsType<SendReminder>(Assert.Single(account.Last.Messages));
        Assert.Equal(reminder with { Channels = DunningActions.Sms }, again);
        Assert.Equal(MessageChannel.Sms, Assert.Single(again.GoesBy()));
        Assert.False(account.State.Dunning.Last!.Value.HasFailed, "the short message may yet arrive");
        account.Do(new SendAnotherWay(Id(account), reminder));
        Assert.Empty(account.Last.Messages);
        Assert.Equal(MessageHolds.Instance, account.Do(new ConfirmMessage(again)));
        Arrives(account, MessageChannel.Sms, again, 7);
        Assert.Equal(Due.AddDays(7), account.State.Dunning.Last!.Value.ToldOn);
    }

    [Fact]
    public void When_the_other_way_fails_too_the_client_is_unreachable()
    {
        var account = Debtor();
        var reminder = Sent(account);
        Arrives(account, MessageChannel.Email, reminder, 5, DeliveryOutcome.Failed);
        Assert.True(account.State.Dunning.Last!.Value.HasFailed);

        account.Do(new SendAnotherWay(Id(account), reminder));
        Assert.False(account.State.Dunning.Last!.Value.HasFailed);
        Arrives(account, MessageChannel.Sms, Assert.IsType<SendReminder>(Assert.Single(account.Last.Messages)), 6, DeliveryOutcome.Failed);

        Assert.True(account.State.Dunning.Last!.Value.HasFailed);
    }

    /// <summary>None of these has another way.</summary>
    [Theory]
    [InlineData(OtherWays.Letter, "+420777123456", true, "the policy has none for reminders")]
    [InlineData(OtherWays.None, "+420777123456", true, "the policy has none at all")]
    [InlineData(null, null, true, "no telephone is known")]
    [InlineData(null, "+420777123456", false, "nobody switched short messages on")]
    public void A_reminder_has_no_other_way_when(OtherWays? ways, string? phone, bool isOn, string because)
    {
        var account = Debtor(ways, phone);
        if (!isOn) account.Context = account.Context with { Delivering = DunningActions.Email };

        account.Do(new SendAnotherWay(Id(account), Sent(account)));

        Assert.True(account.Last.Messages.IsEmpty, because);
        Assert.Empty(account.Last.Events);
    }

    [Fact]
    public void Who_paid_meanwhile_hears_nothing_another_way()
    {
        var account = Debtor();
        var reminder = Sent(account);
        account.Do(new BookPayment("e1", Money.Czk(499), account.Today, account.Documents[0].Symbol, null, null, MatchRule.Clerk));

        account.Do(new SendAnotherWay(Id(account), reminder));

        Assert.Empty(account.Last.Messages);
    }

    [Theory]
    [InlineData(null, true, true, true)]
    [InlineData(OtherWays.Letter, true, true, true)]
    [InlineData(OtherWays.Sms, true, true, false)]
    [InlineData(null, false, true, false)]
    [InlineData(null, true, false, false)]
    public void A_document_goes_as_a_letter_where_the_policy_says_so_letters_are_posted_and_there_is_an_address(OtherWays? ways, bool posts, bool hasAddress, bool goes)
    {
        var account = Debtor(ways);
        if (!hasAddress) account.Do(new SetProfile(account.State.RequiredProfile with { Address = new PostalAddress("-", "-", "60200", "CZ") }));
        account.Context = account.Context with { PostsLetters = posts };

        account.Do(new SendAnotherWay(Id(account), new DeliverDocument(1, DeliveryPreference.Email)));

        if (goes) Assert.Equal(new DeliverDocument(1, DeliveryPreference.Post), Assert.Single(account.Last.Messages));
        else Assert.Empty(account.Last.Messages);
    }

    [Fact]
    public void An_address_that_takes_nothing_gets_nothing_and_one_whose_owner_complained_documents_alone()
    {
        var account = Debtor();
        var document = new DeliverDocument(1, DeliveryPreference.Email);
        Assert.True(account.State.TakesByEmail(new SendThanks()));

        account.Do(new MarkEmail(EmailFault.Complaint, ["JANA@example.org"], "abuse"));
        Assert.Equal(new EmailMark(EmailFault.Complaint, "abuse", account.Today), account.State.EmailMark);
        Assert.Equal((true, false, false), (account.State.TakesByEmail(document), account.State.TakesByEmail(new SendThanks()), account.State.TakesByEmail(Sent(account))));

        account.Do(new MarkEmail(EmailFault.Undeliverable, [], "550 5.1.1 no such user"));
        Assert.False(account.State.TakesByEmail(document));
        account.Do(new MarkEmail(EmailFault.Complaint, [], "abuse"));
        Assert.Equal(EmailFault.Undeliverable, account.State.EmailMark!.Fault);
    }

    [Fact]
    public void A_mail_to_an_address_that_the_client_has_no_longer_says_nothing_of_the_one_they_have()
    {
        var account = Debtor();

        account.Do(new MarkEmail(EmailFault.Undeliverable, ["before@example.org"], "no such user"));

        Assert.Empty(account.Last.Events);
        Assert.Null(account.State.EmailMark);
    }

    [Fact]
    public void Another_address_clears_the_mark_and_other_particulars_do_not()
    {
        var account = Debtor();
        account.Do(new MarkEmail(EmailFault.Undeliverable, [], "no such user"));

        account.Do(new SetProfile(account.State.RequiredProfile with { Phone = "+420777000000" }));
        Assert.NotNull(account.State.EmailMark);
        account.Do(new SetProfile(account.State.RequiredProfile with { Email = "new@example.org" }));
        Assert.Null(account.State.EmailMark);
    }

    [Fact]
    public void A_person_who_knows_better_takes_the_mark_off()
    {
        var account = Debtor();
        account.Do(new MarkEmail(EmailFault.Undeliverable, [], "mailbox full, three times"));

        account.Do(new ClearEmailMark("wrote to us from it"));
        Assert.Equal(new EmailMarkCleared("wrote to us from it", account.Today), Assert.Single(account.Last.Events));
        Assert.Null(account.State.EmailMark);
        account.Do(new ClearEmailMark("again"));
        Assert.Empty(account.Last.Events);
    }

    /// <summary>Nothing is taken away on the strength of mails that nobody gets.</summary>
    [Theory]
    [InlineData(null, false)]
    [InlineData("+420777123456", true)]
    public void A_plan_says_who_cannot_be_reached_and_restricts_nobody_unheard(string? phone, bool isReached)
    {
        var account = Debtor(phone: phone);
        account.Do(new MarkEmail(EmailFault.Undeliverable, [], "no such user"));
        var hours = new SendingHours(window: null, dailyCap: null, FreeDays.None, TimeZoneInfo.Utc);
        var plan = new DunningPlan(new PlanTerms(day => account.Context with { Today = day }, _ => hours, _ => hours), account.Today.AddDays(1), DunningPlan.MaxDays);

        var actions = plan.Of(account.State);

        var reminders = actions.Where(action => action.Actions.HasFlag(DunningActions.Email)).ToList();
        Assert.NotEmpty(reminders);
        Assert.All(reminders, action => Assert.Equal(!isReached, action.IsUnreachable));
        Assert.Equal(isReached, actions.Exists(action => action.Restricts));
    }
}
