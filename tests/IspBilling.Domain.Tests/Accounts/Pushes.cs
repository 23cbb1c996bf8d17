namespace IspBilling.Domain.Tests.Accounts;

/// <summary>A CRM pushes what it knows, again and again, sometimes late and in disorder.</summary>
public class Pushes
{
    private static readonly DateOnly July = Given.Day("2026-07-01");

    /// <summary>T499 since March; T699 is planned for July.</summary>
    private static LiveAccount Planned() => new LiveAccount("2026-05-10", Given.Gross(1, 499), Given.Gross(2, 699), Given.Gross(3, 999))
        .Has("net", "2026-03-01", 1).Has("net", "2026-03-01", 2, from: "2026-07-01");

    private static List<(DateOnly From, int Tariff, decimal Quantity)> Terms(LiveAccount account) =>
        [.. account.Service("net").Terms.Select(terms => (terms.From, terms.Tariff.Value, terms.Quantity.Value))];

    [Theory]
    [InlineData("2026-03-11", "put a pause that does not bill from 2026-03-01 to 2026-03-11: what was invoiced of those days is credited")]
    [InlineData("2026-02-15", "put another service, under a reference of its own, with that start and the end 2026-03-01")]
    public void A_start_that_turns_out_to_be_another_day_is_refused_with_the_way_round(string start, string way)
    {
        var account = Planned();
        account.Bill("2026-05-10");

        Assert.Equal(RefusalReason.StartCannotChange, account.Refuses(LiveAccount.Subscription("net", start, 2)));
        Assert.Contains(way, Assert.IsType<Refused>(account.Last.Reply).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ways_round_lead_to_what_the_other_start_would_have_cost()
    {
        var later = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        later.Bill("2026-03-01");
        later.Pause("net", "started later", "2026-03-01", "2026-03-17");
        later.Bill("2026-03-20");
        Assert.Equal(Money.Czk(241.45m), later.State.Balance);

        var earlier = new LiveAccount("2026-03-17", Given.Gross(1, 499)).Has("net", "2026-03-17", 1);
        earlier.Bill("2026-03-17");
        earlier.Has("net, from the 1st", "2026-03-01", 1, end: "2026-03-17");
        earlier.Bill("2026-03-20");
        Assert.Equal(Money.Czk(499), earlier.State.Balance);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2026-05-10")]
    [InlineData("2026-04-01")]
    public void Todays_state_pushed_again_leaves_the_plan_alone(string? from)
    {
        var account = Planned().Has("net", "2026-03-01", 1, from: from);

        Assert.True(account.Last.ChangesNothing);
        Assert.Equal(July, account.Service("net").Terms[^1].From);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2026-05-10")]
    public void What_was_planned_and_is_pushed_today_applies_today(string? from)
    {
        var account = Planned().Has("net", "2026-03-01", 2, from: from);

        Assert.Equal([(Given.Day("2026-03-01"), 1, 1m), (Given.Day("2026-05-10"), 2, 1m)], Terms(account));
    }

    [Fact]
    public void Another_change_today_goes_on_through_the_plan()
    {
        var account = Planned().Has("net", "2026-03-01", 1, quantity: 2);

        Assert.Equal([(Given.Day("2026-03-01"), 1, 1m), (Given.Day("2026-05-10"), 1, 2m), (July, 2, 2m)], Terms(account));
        Assert.True(account.Has("net", "2026-03-01", 1, quantity: 2).Last.ChangesNothing);
    }

    [Fact]
    public void A_plan_for_an_earlier_day_leaves_a_later_one_standing()
    {
        var account = Planned().Has("net", "2026-03-01", 3, from: "2026-06-01");

        Assert.Equal([(Given.Day("2026-03-01"), 1, 1m), (Given.Day("2026-06-01"), 3, 1m), (July, 2, 1m)], Terms(account));
    }

    [Fact]
    public void A_plan_is_taken_back_by_what_holds_before_it_from_its_day_on()
    {
        var account = Planned().Has("net", "2026-03-01", 1, from: "2026-07-01");

        Assert.Equal(1, account.Service("net").TermsOn(July).Tariff.Value);
        Assert.Equal(Money.Czk(4 * 499 + 499), account.On("2026-07-01").Bill("2026-07-01").Sum(Currency.Czk, document => document.Total));
    }

    [Fact]
    public void A_plan_pushed_for_a_later_day_moves_there()
    {
        var account = Planned().Has("net", "2026-03-01", 2, from: "2026-08-01");

        Assert.Equal(1, account.Service("net").TermsOn(Given.Day("2026-07-31")).Tariff.Value);
        Assert.Equal(2, account.Service("net").TermsOn(Given.Day("2026-08-01")).Tariff.Value);
        Assert.True(account.Has("net", "2026-03-01", 2, from: "2026-08-01").Last.ChangesNothing);
    }

    [Fact]
    public void Back_dated_terms_replace_what_has_begun_since_and_keep_what_is_planned()
    {
        var account = new LiveAccount("2026-06-10", Given.Gross(1, 499), Given.Gross(2, 699), Given.Gross(3, 999)).Has("net", "2026-03-01", 1)
            .Has("net", "2026-03-01", 2, from: "2026-05-01").Has("net", "2026-03-01", 3, from: "2026-07-01");

        account.Has("net", "2026-03-01", 1, from: "2026-04-01", quantity: 2);

        Assert.Equal([(Given.Day("2026-03-01"), 1, 1m), (Given.Day("2026-04-01"), 1, 2m), (July, 3, 2m)], Terms(account));
    }

    [Fact]
    public void A_push_older_than_one_before_changes_nothing_and_says_so()
    {
        var account = Planned().Has("net", "2026-03-01", 1, revision: 7);
        Assert.Equal(new PushRevisionRaised(1, 7), Assert.Single(account.Last.Events));

        var stale = Assert.IsType<Stale>(account.Do(LiveAccount.Subscription("net", "2026-03-01", 3) with { Revision = 6 }));

        Assert.Equal(7, stale.Known);
        Assert.True(account.Last.ChangesNothing);
        Assert.IsType<Done>(account.Do(LiveAccount.Subscription("net", "2026-03-01", 3) with { Revision = 7 }));
        Assert.Equal(3, account.Service("net").TermsOn(account.Today).Tariff.Value);
    }

    [Fact]
    public void A_revision_counts_although_nothing_else_changed_and_bills_nothing()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1, revision: 1);
        account.Bill("2026-03-01");
        var due = account.State.NextBillOn;

        account.Has("net", "2026-03-01", 1, revision: 9);

        Assert.Equal(due, account.State.NextBillOn);
        Assert.IsType<Stale>(account.Do(LiveAccount.Subscription("net", "2026-03-01", 1, end: "2026-03-05") with { Revision = 8 }));
    }

    [Fact]
    public void Old_particulars_of_a_client_are_stale_too()
    {
        var account = Planned().Does(new SetProfile(Given.Client with { Name = "Jana Malá" }, Revision: 3));

        Assert.Equal(3, Assert.IsType<Stale>(account.Do(new SetProfile(Given.Client, Revision: 2))).Known);
        Assert.Equal("Jana Malá", account.State.Profile!.Name);
        account.Does(new SetProfile(Given.Client));
        Assert.Equal("Jana Nováková", account.State.Profile!.Name);
    }

    [Fact]
    public void A_service_invoiced_ahead_and_withdrawn_before_it_began_is_credited_whole()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-15", 1, months: 3);
        var invoice = Assert.Single(account.Bill("2026-04-01"));

        account.Has("net", "2026-03-15", 1, months: 3, end: "2026-03-15");
        var note = Assert.Single(account.Bill("2026-03-01"));

        Assert.Equal((DocumentKind.CreditNote, -invoice.Total), (note.Kind, note.Total));
        Assert.Equal(Money.Zero(Currency.Czk), account.State.Balance);
        Assert.True(account.Service("net").IsAnnulled);
        Assert.Null(account.State.NextBillOn);
        Assert.Empty(account.Bill("2027-01-01"));
    }

    [Fact]
    public void That_a_service_never_began_may_turn_out_after_its_first_day()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1);
        account.Bill("2026-03-01");

        account.On("2026-03-20").Has("net", "2026-03-01", 1, end: "2026-03-01");

        Assert.Equal(Money.Czk(-499), Assert.Single(account.Bill("2026-03-20")).Total);
        account.Does(new CloseAccount());
    }

    [Fact]
    public void An_account_whose_only_service_was_withdrawn_can_be_closed_before_it_would_have_begun()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-04-15", 1).Has("net", "2026-04-15", 1, end: "2026-04-15");

        account.Does(new CloseAccount());

        Assert.Equal(AccountStatus.Closed, account.State.Status);
    }

    [Fact]
    public void A_withdrawn_service_that_begins_after_all_is_billed_from_its_first_day()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1, end: "2026-03-01");
        Assert.Empty(account.Bill("2026-03-01"));

        account.Has("net", "2026-03-01", 1);

        Assert.Equal(Money.Czk(499), Assert.Single(account.Bill("2026-03-01")).Total);
    }

    [Fact]
    public void Other_words_for_a_special_price_change_no_price_and_bill_nothing()
    {
        var account = new LiveAccount("2026-03-01", Given.Gross(1, 499)).Has("net", "2026-03-01", 1)
            .SpecialPrice("net", "a", "2026-03-01", null, 399).SpecialPrice("net", "b", "2026-03-01", null, 299);
        Assert.Equal(Money.Czk(299), Assert.Single(account.Bill("2026-03-01")).Total);
        var due = account.State.NextBillOn;

        // Agreed anew it would win over the one that was agreed after it.
        account.Does(new PutSpecialPrice("net", "a", Given.Day("2026-03-01"), null, Money.Czk(399), null, "because he asked"));

        Assert.Equal(new SpecialPriceReasonChanged(1, "a", "because he asked"), Assert.Single(account.Last.Events));
        Assert.Equal(["because he asked", "agreed"], account.Service("net").SpecialPrices.Select(price => price.Reason));
        Assert.Equal(due, account.State.NextBillOn);
        Assert.Empty(account.Bill("2026-03-01"));
        Assert.Equal(Money.Czk(299), Assert.Single(account.On("2026-04-01").Bill("2026-04-01")).Total);
    }
}
