using System.Collections.Frozen;
using System.Collections.Immutable;

namespace IspBilling.Domain.Tests.Dunning;

/// <summary>Days and circumstances in which nobody loses anything, and that restores never wait for. 5 mail, 14 throttle, 30 block, due 2026-01-10.</summary>
public class WhenNothingIsTakenAway
{
    private static readonly RestrictionDays WorkingDays = new(new FreeDays(Weekends: true, FrozenSet<DateOnly>.Empty), DaysBefore: 1);

    [Fact]
    public void Nobody_is_restricted_before_a_weekend()
    {
        // 2026-01-24 is a Saturday, the day of throttling; 2026-02-09, of blocking, a Monday.
        var life = Life();
        life.Account.Context = life.Account.Context with { RestrictionDays = WorkingDays };
        life.Invoices("2026-01-10").Until("2026-02-11");

        Assert.Equal(["01-15 mail", "01-26 throttle", "02-09 block"], life.Steps);
    }

    [Fact]
    public void A_promise_that_lapses_on_a_weekend_blocks_on_monday_and_paying_restores_on_any_day()
    {
        var life = WayBack.Blocked().On("2026-02-12");
        life.Account.Context = life.Account.Context with { RestrictionDays = WorkingDays };
        life.Account.Does(new PromiseToPay(Given.Day("2026-02-19")));

        // The promise lapses on a Friday.
        Assert.Equal(ServiceLevel.Full, life.Until("2026-02-22").Level);
        Assert.Equal(ServiceLevel.Blocked, life.Until("2026-02-23").Level);
        life.On("2026-02-28").Pays(1);
        Assert.Equal(ServiceLevel.Full, life.Level);
    }

    [Fact]
    public void While_bank_data_is_old_nothing_is_taken_away_and_once_it_came_it_is()
    {
        var life = Life();
        life.Account.Context = life.Account.Context with { BankDataDays = 3, BankDataThrough = Through("2026-01-20") };
        life.Invoices("2026-01-10").Until("2026-01-30");

        Assert.Equal(["01-15 mail"], life.Steps);
        Assert.Equal(RestrictionWait.StaleBankData, Verdict(life).Wait);
        Assert.Equal(life.Account.Today.AddDays(1), DunningEvaluation.NextActionFrom(life.Account.Today, life.Account.State.Debtor, Terms(life)));

        life.Account.Context = life.Account.Context with { BankDataThrough = Through("2026-01-30") };
        life.Until("2026-01-30");
        Assert.Equal(["01-15 mail", "01-30 throttle"], life.Steps);
    }

    [Fact]
    public void A_provider_that_never_read_a_statement_restricts_nobody()
    {
        var life = Life();
        life.Account.Context = life.Account.Context with { BankDataDays = 3 };

        Assert.Equal(["01-15 mail"], life.Invoices("2026-01-10").Until("2026-03-01").Steps);
    }

    [Fact]
    public void Beyond_the_brake_a_restriction_waits_and_a_restore_does_not()
    {
        var life = WayBack.Blocked().On("2026-02-12");
        life.Account.Context = life.Account.Context with { Hold = RestrictionHold.Brake };

        Assert.Equal(ServiceLevel.Blocked, life.Level);
        life.Pays(1);

        Assert.Equal(ServiceLevel.Full, life.Level);
        life.Invoices("2026-03-01").Until("2026-04-20");
        Assert.Equal("03-06 mail", life.Steps[^1]);
        Assert.Equal(RestrictionWait.Brake, Verdict(life).Wait);
    }

    [Fact]
    public void A_restriction_waits_until_a_deadline_that_the_client_was_told_of_has_passed()
    {
        var policy = WayBack.Policy(
            new DunningStep("mail", 5, [Money.Czk(50)], DunningActions.Email, 0),
            new DunningStep("deadline", 10, [Money.Czk(50)], DunningActions.Email, 0) { DeadlineDays = 14 },
            new DunningStep("block", 14, [Money.Czk(200)], DunningActions.Block, 0) { AfterDeadline = true });
        Assert.Empty(PolicyProblems.Of(policy, [Currency.Czk]));
        var life = new ReviewedLife("2025-12-27", policy).Invoices("2026-01-10").Until("2026-02-20");

        // Told on 01-20; the deadline is 02-03, and missed on the day after.
        Assert.Equal(["01-15 mail", "01-20 deadline", "02-04 block"], life.Steps);
    }

    [Fact]
    public void Who_was_not_told_of_the_deadline_has_not_missed_it()
    {
        var policy = WayBack.Policy(
            new DunningStep("mail", 5, [Money.Czk(50)], DunningActions.Email, 0) { DeadlineDays = 14 },
            new DunningStep("block", 14, [Money.Czk(200)], DunningActions.Block, 0) { AfterDeadline = true });
        var life = new ReviewedLife("2025-12-27", policy);
        life.Account.Accepts = false;
        life.Invoices("2026-01-10").Until("2026-02-20");

        Assert.Equal(["01-15 mail"], life.Steps);
    }

    [Fact]
    public void A_deadline_that_nobody_sets_and_a_first_step_that_tells_nobody_are_refused()
    {
        var deadline = WayBack.Policy(
            new DunningStep("mail", 5, [Money.Czk(50)], DunningActions.Email, 0),
            new DunningStep("block", 14, [Money.Czk(200)], DunningActions.Block, 0) { AfterDeadline = true });
        var silent = WayBack.Policy(
            new DunningStep("fee", 5, [Money.Czk(50)], DunningActions.Fee, 0, Fee: [Money.Czk(50)]),
            new DunningStep("mail", 6, [Money.Czk(50)], DunningActions.Email, 0));

        Assert.Equal("steps[1].afterDeadline", Assert.Single(PolicyProblems.Of(deadline, [Currency.Czk])).Field);
        Assert.Equal("steps[0].actions", Assert.Single(PolicyProblems.Of(silent, [Currency.Czk])).Field);
    }

    [Fact]
    public void Groups_of_clients_go_by_policies_of_their_own_and_each_message_names_its_revision()
    {
        var slow = WayBack.Policy(new DunningStep("letter", 20, [Money.Czk(50)], DunningActions.Email, 0));
        var life = Life();
        life.Account.Context = life.Account.Context with
        {
            PolicyRevision = 3,
            GroupPolicies = ImmutableDictionary<string, GroupPolicy>.Empty.Add("businesses", new GroupPolicy(slow, 8)),
        };
        life.Account.Does(new SetProfile(life.Account.State.RequiredProfile with { Group = "businesses" }));
        life.Invoices("2026-01-10").Until("2026-03-01");

        Assert.Equal(["01-30 letter"], life.Steps);
        Assert.Equal(8, Assert.Single(life.Account.Messages.OfType<SendReminder>()).PolicyRevision);
        Assert.Equal(8, Assert.Single(life.Account.Events.OfType<DunningStepTaken>()).PolicyRevision);

        life.Account.Does(new SetProfile(life.Account.State.RequiredProfile with { Group = "no policy of its own" }));
        life.Until("2026-03-03");
        Assert.Equal(["01-30 letter", "03-01 throttle", "03-02 block"], life.Steps);
        Assert.Equal(3, life.Account.Events.OfType<DunningStepTaken>().Last().PolicyRevision);
    }

    private static ReviewedLife Life() => new("2025-12-27", WayBack.Three);

    private static ImmutableDictionary<IssuerId, DateOnly> Through(string day) =>
        ImmutableDictionary<IssuerId, DateOnly>.Empty.Add(IssuerId.Default, Given.Day(day));

    private static DunningTerms Terms(ReviewedLife life) => life.Account.Context.DunningOf(life.Account.State);

    private static DunningVerdict Verdict(ReviewedLife life) => DunningEvaluation.On(life.Account.Today, life.Account.State.Debtor, Terms(life));
}
