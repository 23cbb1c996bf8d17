namespace IspBilling.Domain.Tests.Accounts;

/// <summary>What the CRM says about services, and what becomes of it.</summary>
public class Subscriptions
{
    private static LiveAccount Account() => new LiveAccount("2026-03-10", Given.Gross(1, 499), Given.Gross(2, 699)).Has("net", "2026-03-01", 1);

    [Fact]
    public void A_new_service_starts_with_its_terms()
    {
        var account = Account();

        Assert.Equal(
            [new ServiceStarted(1, "net", Given.Day("2026-03-01"), null, new TariffId(1), Quantity.One, BillingCycle.Monthly, BillingTiming.InAdvance)],
            account.Last.Events.ToList());
        Assert.Equal((1, "net"), (account.Service("net").Number, account.Service("net").Reference));
    }

    [Fact]
    public void Saying_the_same_again_changes_nothing()
    {
        var account = Account();
        Assert.True(account.Has("net", "2026-03-01", 1).Last.ChangesNothing);
        Assert.True(account.Has("net", "2026-03-01", 1, from: "2026-03-20").Last.ChangesNothing);
        account.Has("net", "2026-03-01", 2, from: "2026-03-20");
        Assert.True(account.Has("net", "2026-03-01", 2, from: "2026-03-20").Last.ChangesNothing);
        Assert.True(account.Has("net", "2026-03-01", 1).Last.ChangesNothing);
    }

    [Fact]
    public void Changed_terms_apply_from_today_or_from_the_day_named_but_never_before_the_start()
    {
        Assert.Equal(Given.Day("2026-03-10"), Account().Has("net", "2026-03-01", 2).Service("net").Terms[^1].From);
        Assert.Equal(Given.Day("2026-03-05"), Account().Has("net", "2026-03-01", 2, from: "2026-03-05").Service("net").Terms[^1].From);
        var terms = Assert.Single(Account().Has("net", "2026-03-01", 2, from: "2026-01-01").Service("net").Terms);
        Assert.Equal((Given.Day("2026-03-01"), new TariffId(2)), (terms.From, terms.Tariff));
    }

    [Fact]
    public void An_end_and_new_terms_may_come_together()
    {
        var account = Account().Has("net", "2026-03-01", 2, end: "2026-06-01");

        Assert.Equal([typeof(ServiceEndSet), typeof(ServiceTermsChanged)], account.Last.Events.Select(happened => happened.GetType()));
    }

    [Fact]
    public void Pauses_and_prices_are_replaced_by_id_and_what_is_gone_cannot_be_removed()
    {
        var account = Account().Pause("net", "p", "2026-04-01", null).Pause("net", "p", "2026-04-01", "2026-05-01");
        Assert.Equal(Given.Day("2026-05-01"), Assert.Single(account.Service("net").Pauses).To);
        Assert.True(account.Pause("net", "p", "2026-04-01", "2026-05-01").Last.ChangesNothing);

        account.SpecialPrice("net", "s", "2026-04-01", null, 399).SpecialPrice("net", "s", "2026-04-01", null, 299);
        Assert.Equal(Money.Czk(299), Assert.Single(account.Service("net").SpecialPrices).MonthlyPrice);

        account.Does(new RemovePause("net", "p")).Does(new RemoveSpecialPrice("net", "s"));
        Assert.Equal(RefusalReason.UnknownPause, account.Refuses(new RemovePause("net", "p")));
        Assert.Equal(RefusalReason.UnknownSpecialPrice, account.Refuses(new RemoveSpecialPrice("net", "s")));
    }

    [Fact]
    public void A_client_is_made_once()
    {
        var account = Account();

        Assert.IsType<ClientCreated>(AccountDecider.Decide(AccountState.New(new AccountId(7)), new SetProfile(Given.Client), account.Context).Reply);
        Assert.IsType<Done>(account.Do(new SetProfile(Given.Client with { Name = "Jana Malá" })));
        Assert.IsType<Done>(account.Do(new SetProfile(Given.Client with { Name = "Jana Malá" })));
    }

    /// <summary>An earlier release took references that no path can name; whoever has one goes on with it.</summary>
    [Fact]
    public void A_service_of_a_reference_that_would_be_refused_today_still_changes()
    {
        var account = Account();
        var service = account.Service("net") with { Number = account.State.Services.Length + 1, Reference = ".." };
        var state = account.State with { Services = account.State.Services.Add(service) };

        Assert.IsType<Done>(AccountDecider.Decide(state, LiveAccount.Subscription("..", "2026-03-01", 1, end: "2026-04-01"), account.Context).Reply);
    }

    [Fact]
    public void Changed_particulars_get_a_revision_of_their_own()
    {
        var account = Account().Does(new SetProfile(Given.Client with { Name = "Jana Malá" }));

        Assert.Equal(2, account.State.ProfileRevision);
        Assert.Equal("Jana Malá", account.State.Profile!.Name);
    }

    [Fact]
    public void Events_about_what_an_account_does_not_have_are_folded_without_fail()
    {
        var state = Account().State;
        var money = Money.Czk(1);
        foreach (var happened in new AccountEvent[]
        {
            new ServiceEndSet(9, null), new PauseRemoved(9, "p"), new SpecialPriceRemoved(9, "s"), new OneOffCancelled("nothing"),
            new SpecialPriceReasonChanged(9, "s", ""), new PushRevisionRaised(9, 1),
            new ServiceContractSet(9, "c"), new ContractRemoved("c"),
            new PaymentReversed(9, "e", Given.Day("2026-03-10")), new PaymentUnassigned(9, "", Given.Day("2026-03-10")),
            new ReversalFoundNothing("e", money, Given.Day("2026-03-10")),
            new CreditUsed([new Settlement(CreditSource.Payment, 9, 9, money), new Settlement(CreditSource.CreditNote, 9, 9, money)], Given.Day("2026-03-10")),
            new DocumentDisputeSet(9, true, "", Given.Day("2026-03-10")), new HistorySettled(Given.Day("2026-03-10")),
        })
        {
            Assert.Equal(state.Version + 1, state.Evolve(happened).Version);
        }
    }
}
