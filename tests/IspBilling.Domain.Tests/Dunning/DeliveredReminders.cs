namespace IspBilling.Domain.Tests.Dunning;

/// <summary>What an account makes of how its messages end. An invoice of 499.00 due 2026-01-15 under a 5/14/21/30 policy, 7 days between steps.</summary>
public class DeliveredReminders
{
    private static readonly DateOnly Due = Given.Day("2026-01-15");

    private static LiveAccount Reminded()
    {
        var account = new LiveAccount("2026-01-01", Given.Gross(1, 499)).Has("net", "2026-01-01", 1, end: "2026-02-01");
        account.Bill("2026-01-01");
        Review(account, 5);
        Review(account, 14);
        return account;
    }

    private static string? Review(LiveAccount account, int daysOverdue)
    {
        account.Today = Due.AddDays(daysOverdue);
        return Assert.IsType<Reviewed>(account.Do(new Review())).Step;
    }

    private static RecordDelivery Report(LiveAccount account, string step, int arrived, DeliveryOutcome outcome = DeliveryOutcome.Delivered) => new(
        new DeliveryId(account.State.Id, 9, 1), MessageChannel.Email, account.Messages.OfType<SendReminder>().Last(reminder => reminder.Step == step), outcome,
        Due.AddDays(arrived));

    [Fact]
    public void The_least_days_of_the_next_step_count_from_the_day_on_which_the_reminder_arrived()
    {
        var account = Reminded();
        account.Today = Due.AddDays(18);

        account.Does(Report(account, "second", arrived: 18));

        Assert.Equal(new ReminderReached("second", Due.AddDays(18), "1-9-1"), Assert.Single(account.Last.Events));
        Assert.Equal(Due.AddDays(25), DunningEvaluation.NextActionFrom(account.Today, account.State.Debtor, account.Context.DunningPolicy));
        for (var day = 19; day < 25; day++) Assert.Null(Review(account, day));
        Assert.Equal("throttle", Review(account, 25));
    }

    [Theory]
    [InlineData(14)]
    [InlineData(16)]
    public void An_arrival_that_is_no_later_than_what_is_known_changes_nothing(int arrived)
    {
        var account = Reminded();
        account.Today = Due.AddDays(16);
        account.Does(Report(account, "second", arrived: 16));

        account.Does(Report(account, "second", arrived));

        Assert.True(account.Last.ChangesNothing);
        Assert.Null(Review(account, 22));
        Assert.Equal("throttle", Review(account, 23));
    }

    [Theory]
    [InlineData(DeliveryOutcome.Failed)]
    [InlineData(DeliveryOutcome.Dead)]
    [InlineData(DeliveryOutcome.Superseded)]
    [InlineData(DeliveryOutcome.Unknown)]
    public void What_did_not_arrive_is_history_only(DeliveryOutcome outcome)
    {
        var account = Reminded();
        account.Today = Due.AddDays(18);

        account.Does(Report(account, "second", arrived: 18, outcome));

        Assert.True(account.Last.ChangesNothing);
    }

    [Fact]
    public void A_reminder_of_a_debt_that_was_paid_counts_for_none_that_came_after()
    {
        var account = Reminded();
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
        account.Today = Due.AddDays(30);
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
