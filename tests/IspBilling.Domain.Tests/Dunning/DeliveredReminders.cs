namespace IspBilling.Domain.Tests.Dunning;

/// <summary>What an account makes of how its messages end. An invoice of 499.00 due 2026-01-15 under a 5/14/21/30 policy, 7 days between steps.</summary>
public class DeliveredReminders
{
    private static readonly DateOnly Due = Given.Day("2026-01-15");

    /// <summary>Nothing is accepted unless the test says so.</summary>
    private static LiveAccount Debtor()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)) { Accepts = false }.Has("net", "2026-01-01", 1, end: "2026-02-01");
        account.Bill("2026-01-01");
        return account;
    }

    /// <summary>Told on day 5; what was decided on day 14 is on its way.</summary>
    private static LiveAccount Reminded()
    {
        var account = Debtor();
        Review(account, 5);
        account.Does(Report(account, "first", arrived: 5));
        Review(account, 14);
        return account;
    }

    private static string? Review(LiveAccount account, int daysOverdue)
    {
        account.Today = Due.AddDays(daysOverdue);
        return Assert.IsType<Reviewed>(account.Do(new Review())).Step;
    }

    private static SendReminder Reminder(LiveAccount account, string step) => account.Messages.OfType<SendReminder>().Last(reminder => reminder.Step == step);

    private static RecordDelivery Report(
        LiveAccount account, string step, int arrived, DeliveryOutcome outcome = DeliveryOutcome.Delivered, MessageChannel channel = MessageChannel.Email) => new(
        Id(account, channel), channel, Reminder(account, step), outcome, Due.AddDays(arrived));

    private static TakeBackDelivery Bounce(LiveAccount account, string step, int came, MessageChannel channel = MessageChannel.Email) => new(
        Id(account, channel), channel, Reminder(account, step), "550 5.1.1 no such user", Due.AddDays(came));

    private static DeliveryId Id(LiveAccount account, MessageChannel channel) => new(account.State.Id, 9, (int)channel);

    private static DunningVerdict Verdict(LiveAccount account) => DunningEvaluation.On(account.Today, account.State.Debtor, account.Context.DunningOf(account.State));

    [Fact]
    public void The_least_days_of_the_next_step_count_from_the_day_on_which_the_reminder_arrived()
    {
        var account = Reminded();
        account.Today = Due.AddDays(18);

        account.Does(Report(account, "second", arrived: 18));

        Assert.Equal(
            new ReminderReached("second", Due.AddDays(18), "1-9-1") { Channel = MessageChannel.Email }, Assert.Single(account.Last.Events));
        Assert.Equal(Due.AddDays(25), DunningEvaluation.NextActionFrom(account.Today, account.State.Debtor, account.Context.DunningOf(account.State)));
        for (var day = 19; day < 25; day++) Assert.Null(Review(account, day));
        Assert.Equal("throttle", Review(account, 25));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(16)]
    public void What_is_known_to_have_arrived_changes_nothing_when_it_is_said_again(int arrived)
    {
        var account = Reminded();
        account.Today = Due.AddDays(16);
        account.Does(Report(account, "second", arrived: 16));

        account.Does(Report(account, "second", arrived));

        Assert.True(account.Last.ChangesNothing);
        Assert.Null(Review(account, 22));
        Assert.Equal("throttle", Review(account, 23));
    }

    [Fact]
    public void Nobody_is_told_by_what_was_only_decided()
    {
        var account = Debtor();
        Assert.Equal("first", Review(account, 5));
        Assert.Equal("second", Review(account, 14));

        for (var day = 15; day < 120; day++) Assert.Null(Review(account, day));

        Assert.Equal((ServiceLevel.Full, RestrictionWait.NotTold), (account.State.Level, Verdict(account).Wait));
        Assert.All(account.State.Dunning.Taken, taken => Assert.Null(taken.ToldOn));
    }

    [Fact]
    public void A_restriction_waits_for_the_days_of_notice_after_the_message_was_accepted()
    {
        var account = Debtor();
        account.Context = account.Context with { DunningPolicy = Given.Policy with { NoticeDays = null } };
        Review(account, 14);
        account.Today = Due.AddDays(40);
        account.Does(Report(account, "second", arrived: 40));
        Assert.Equal(RestrictionWait.NoticeDays, Verdict(account).Wait);

        for (var day = 41; day < 47; day++) Assert.Null(Review(account, day));

        Assert.Equal("throttle", Review(account, 47));
    }

    [Theory]
    [InlineData(DeliveryOutcome.Failed, ReminderLoss.Refused)]
    [InlineData(DeliveryOutcome.Dead, ReminderLoss.GivenUp)]
    public void Where_every_channel_failed_the_restriction_waits_for_a_person(DeliveryOutcome outcome, ReminderLoss why)
    {
        var account = Debtor();
        Review(account, 14);
        account.Does(Report(account, "second", arrived: 14, outcome, MessageChannel.Sms));
        Assert.False(account.State.Dunning.Last!.Value.HasFailed);

        account.Does(Report(account, "second", arrived: 14, outcome));

        Assert.Equal(new ReminderLost("second", MessageChannel.Email, "1-9-1", why, account.Today), Assert.Single(account.Last.Events));
        Assert.True(account.State.Dunning.Last!.Value.HasFailed);
        for (var day = 15; day < 60; day++) Assert.Null(Review(account, day));
        Assert.Equal(RestrictionWait.Unreachable, Verdict(account).Wait);
        account.Does(Report(account, "second", arrived: 14, outcome));
        Assert.True(account.Last.ChangesNothing);
    }

    [Fact]
    public void One_channel_that_is_accepted_is_enough()
    {
        var account = Debtor();
        Review(account, 14);
        account.Does(Report(account, "second", arrived: 14, DeliveryOutcome.Failed));

        account.Does(Report(account, "second", arrived: 14, channel: MessageChannel.Sms));

        Assert.Equal("throttle", Review(account, 21));
    }

    [Fact]
    public void A_client_whose_address_is_corrected_is_reminded_there()
    {
        var account = Debtor();
        Review(account, 5);
        account.Does(Report(account, "first", arrived: 5, DeliveryOutcome.Failed));
        Assert.Null(Review(account, 6));

        account.Does(new SetProfile(account.State.RequiredProfile with { Email = "new@example.org" }));

        Assert.Equal(ReminderLoss.Readdressed, Assert.Single(account.Last.Events.OfType<ReminderLost>()).Why);
        Assert.Equal("first", Review(account, 7));
        account.Does(Report(account, "first", arrived: 7));
        Assert.Equal(Due.AddDays(7), account.State.Dunning.Last!.Value.ToldOn);
    }

    [Fact]
    public void What_was_moot_when_it_was_to_be_sent_is_decided_again_when_it_is_not()
    {
        var account = Debtor();
        Review(account, 5);
        account.Does(Report(account, "first", arrived: 5, DeliveryOutcome.Superseded));

        Assert.Equal("first", Review(account, 6));
        account.Does(Report(account, "first", arrived: 6));
        Assert.Null(Review(account, 7));
    }

    [Fact]
    public void What_may_have_arrived_changes_nothing()
    {
        var account = Reminded();

        account.Does(Report(account, "second", arrived: 14, DeliveryOutcome.Unknown));

        Assert.True(account.Last.ChangesNothing);
    }

    [Fact]
    public void A_message_that_came_back_was_not_told_and_what_stood_on_it_alone_is_given_back()
    {
        var account = Debtor();
        Review(account, 14);
        account.Does(Report(account, "second", arrived: 14));
        Assert.Equal("throttle", Review(account, 21));
        Assert.Equal(ServiceLevel.Throttled, account.State.Level);
        account.Today = Due.AddDays(22);

        account.Does(Bounce(account, "second", came: 22));

        Assert.Equal(
            new ReminderLost("second", MessageChannel.Email, "1-9-1", ReminderLoss.Bounced, account.Today, "550 5.1.1 no such user"), account.Last.Events[0]);
        Assert.Equal(ServiceLevel.Full, account.State.Level);
        Assert.Equal(new EnforceServiceLevel(ServiceLevel.Full, null), account.Messages[^1]);
        account.Does(Bounce(account, "second", came: 22));
        Assert.True(account.Last.ChangesNothing);
        account.Does(Report(account, "second", arrived: 14));
        Assert.True(account.Last.ChangesNothing);
        for (var day = 23; day < 60; day++) Assert.Null(Review(account, day));
    }

    [Fact]
    public void A_message_that_came_back_takes_nothing_from_one_that_did_not()
    {
        var account = Reminded();
        account.Does(Report(account, "second", arrived: 14));
        Assert.Equal("throttle", Review(account, 21));
        account.Today = Due.AddDays(22);

        account.Does(Bounce(account, "second", came: 22));

        Assert.Equal(ServiceLevel.Throttled, account.State.Level);
        Assert.Equal("block", Review(account, 30));
        account.Does(Bounce(account, "first", came: 30));
        Assert.Equal(ServiceLevel.Full, account.State.Level);
    }

    [Fact]
    public void What_came_back_before_anybody_said_that_it_was_accepted_is_not_believed_accepted()
    {
        var account = Debtor();
        Review(account, 14);
        account.Does(Bounce(account, "second", came: 14));

        account.Does(Report(account, "second", arrived: 14));

        Assert.True(account.Last.ChangesNothing);
        Assert.Null(account.State.Dunning.Last!.Value.ToldOn);
    }

    [Fact]
    public void What_came_back_of_another_delivery_changes_nothing()
    {
        var account = Reminded();
        account.Does(Report(account, "second", arrived: 14));

        account.Does(Bounce(account, "second", came: 14) with { Delivery = new DeliveryId(account.State.Id, 8, 1) });

        Assert.True(account.Last.ChangesNothing);
    }

    [Fact]
    public void What_was_decided_while_no_channel_delivered_told_nobody_and_is_told_when_one_does()
    {
        var account = Debtor();
        account.Context = account.Context with { Delivering = DunningActions.None };
        Assert.Equal("first", Review(account, 5));
        Assert.Null(Assert.Single(account.Last.Events.OfType<DunningStepTaken>()).By);
        Assert.Equal("second", Review(account, 14));
        for (var day = 15; day < 60; day++) Assert.Null(Review(account, day));
        Assert.Equal(ServiceLevel.Full, account.State.Level);

        account.Context = account.Context with { Delivering = DunningActions.Email };
        Assert.Equal("second", Review(account, 60));
        Assert.Equal(DunningActions.Email, Assert.Single(account.Last.Events.OfType<DunningStepTaken>()).By);
        account.Does(Report(account, "second", arrived: 60));
        for (var day = 61; day < 67; day++) Assert.Null(Review(account, day));
        Assert.Equal("throttle", Review(account, 67));
    }

    [Fact]
    public void Who_was_blocked_before_there_was_delivery_has_their_service_until_they_were_told()
    {
        var account = Debtor();
        account.Context = account.Context with { Delivering = DunningActions.None };
        account.Today = Due.AddDays(14);
        account.Happened(new Review(), happened => happened);
        account.Happened(
            new Review(), _ => throw new InvalidOperationException("nothing more on that day"));
        var blocked = account.State.Evolve(new DunningStepTaken(3, "block", DunningActions.Block, Money.Czk(499), Due.AddDays(30)))
            .Evolve(new ServiceLevelChanged(ServiceLevel.Blocked, null, Due.AddDays(30)));

        var decision = AccountDecider.Decide(blocked, new Review(), account.Context with { Today = Due.AddDays(31) });

        Assert.Equal(ServiceLevel.Full, decision.State.Level);
    }

    [Fact]
    public void A_reminder_of_a_debt_that_was_paid_counts_for_none_that_came_after()
    {
        var account = Reminded();
        account.Does(Report(account, "second", arrived: 14));
        var late = Report(account, "first", arrived: 80);
        account.Pays("e1", 499, Given.Client.AccountSymbol);
        account.Has("tv", "2026-02-01", 1, end: "2026-03-01");
        account.On("2026-02-25").Bill("2026-02-25");
        account.On("2026-03-20").Do(new Review());
        Assert.Equal("first", account.State.Dunning.Last?.Code);
        account.On("2026-04-10");

        account.Does(late);

        Assert.True(account.Last.ChangesNothing);
    }

    [Fact]
    public void Nothing_arrives_before_it_was_decided_or_tomorrow()
    {
        var account = Reminded();

        Assert.Equal(RefusalReason.InvalidValue, account.Refuses(Report(account, "second", arrived: 13)));
        Assert.Equal(RefusalReason.InvalidValue, account.Refuses(Report(account, "second", arrived: 15)));
    }

    [Fact]
    public void A_reminder_of_an_earlier_release_says_nothing_of_its_day_and_changes_nothing()
    {
        var account = Reminded();
        account.Today = Due.AddDays(18);
        var report = Report(account, "second", arrived: 18);

        account.Does(report with { Message = (SendReminder)report.Message with { On = null } });

        Assert.True(account.Last.ChangesNothing);
    }

    [Fact]
    public void Documents_levels_and_thanks_that_arrive_are_no_business_of_the_state()
    {
        var account = Reminded();
        account.Does(Report(account, "second", arrived: 14));
        foreach (var day in new[] { 21, 30 }) Review(account, day);
        account.Pays("e1", 499, Given.Client.AccountSymbol);
        var told = account.Messages.Where(message => !message.WantsOutcome()).ToList();
        Assert.Equal(
            [MessageKind.Document, MessageKind.Thanks, MessageKind.ServiceLevel, MessageKind.ServiceLevel, MessageKind.ServiceLevel],
            told.Select(message => message.About()).Order());

        foreach (var message in told)
        {
            account.Does(new RecordDelivery(new DeliveryId(account.State.Id, 9, 1), message.GoesBy()[0], message, DeliveryOutcome.Delivered, account.Today));
            Assert.True(account.Last.ChangesNothing);
        }
    }

    [Theory]
    [InlineData(DunningActions.Email, new[] { MessageChannel.Email })]
    [InlineData(DunningActions.Sms, new[] { MessageChannel.Sms })]
    [InlineData(DunningActions.Email | DunningActions.Sms, new[] { MessageChannel.Email, MessageChannel.Sms })]
    [InlineData(DunningActions.Email | DunningActions.Fee, new[] { MessageChannel.Email })]
    [InlineData(DunningActions.Fee, new MessageChannel[0])]
    public void A_reminder_is_a_delivery_of_its_own_on_each_channel(DunningActions actions, MessageChannel[] channels) =>
        Assert.Equal(channels, new SendReminder("first", actions, Money.Czk(499)).GoesBy());

    [Theory]
    [InlineData(DeliveryPreference.Email, MessageChannel.Email)]
    [InlineData(DeliveryPreference.Portal, MessageChannel.Portal)]
    [InlineData(DeliveryPreference.Post, MessageChannel.Print)]
    public void A_document_goes_as_the_client_prefers(DeliveryPreference preference, MessageChannel channel) =>
        Assert.Equal(channel, Assert.Single(new DeliverDocument(1, preference).GoesBy()));

    [Theory]
    [InlineData("42-17-1", 42, 17, 1)]
    [InlineData("9223372036854775807-9223372036854775807-32767", long.MaxValue, long.MaxValue, short.MaxValue)]
    public void A_delivery_is_named_by_account_version_and_place(string text, long account, long version, int ordinal)
    {
        var id = DeliveryId.Parse(text, provider: null);

        Assert.Equal(new DeliveryId(new AccountId(account), version, ordinal), id);
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("42-17")]
    [InlineData("42-17-1-1")]
    [InlineData("42-17-0")]
    [InlineData("42--1")]
    [InlineData("42-17-32768")]
    [InlineData("+42-17-1")]
    [InlineData("42-17-1 ")]
    [InlineData("9223372036854775808-1-1")]
    public void What_names_no_delivery_is_not_read(string text)
    {
        Assert.False(DeliveryId.TryParse(text, provider: null, out _));
        Assert.Throws<FormatException>(() => DeliveryId.Parse(text, provider: null));
    }
}
