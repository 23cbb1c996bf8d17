using static IspBilling.Domain.Tests.Dunning.WayBack;

namespace IspBilling.Domain.Tests.Dunning;

/// <summary>What becomes of a debtor whose policy is replaced by another, or was stored before today's rules.</summary>
public class ChangedPolicies
{
    [Fact]
    public void A_step_that_is_removed_is_forgotten_and_no_other_is_repeated()
    {
        var before = Policy(
            new DunningStep("first", 5, [Money.Czk(50)], DunningActions.Email, 0),
            new DunningStep("second", 10, [Money.Czk(50)], DunningActions.Sms, 0),
            new DunningStep("block", 30, [Money.Czk(50)], DunningActions.Block, 7));
        var life = new ReviewedLife("2025-12-27", before).Invoices("2026-01-10").Until("2026-01-21");

        life.Policy(before with { Steps = before.Steps.RemoveAt(0) }).Until("2026-03-01");

        Assert.Equal(["01-15 first", "01-20 second", "02-09 block"], life.Steps);
    }

    [Fact]
    public void A_notice_inserted_before_one_that_was_sent_is_not_sent_and_one_after_it_is()
    {
        var before = Policy(
            new DunningStep("first", 5, [Money.Czk(50)], DunningActions.Email, 0),
            new DunningStep("second", 14, [Money.Czk(50)], DunningActions.Sms, 0),
            new DunningStep("block", 30, [Money.Czk(50)], DunningActions.Block, 7));
        var life = new ReviewedLife("2025-12-27", before).Invoices("2026-01-10").Until("2026-01-25");

        var steps = before.Steps.Insert(1, new DunningStep("early", 10, [Money.Czk(50)], DunningActions.Sms, 0))
            .Insert(3, new DunningStep("late", 20, [Money.Czk(50)], DunningActions.Sms, 0));
        life.Policy(before with { Steps = steps }).Until("2026-03-01");

        Assert.Equal(["01-15 first", "01-24 second", "01-30 late", "02-09 block"], life.Steps);
    }

    [Fact]
    public void A_restriction_that_is_inserted_is_not_skipped()
    {
        var before = Policy(
            new DunningStep("first", 5, [Money.Czk(50)], DunningActions.Email, 0),
            new DunningStep("second", 20, [Money.Czk(50)], DunningActions.Sms, 0));
        var life = new ReviewedLife("2025-12-27", before).Invoices("2026-01-10").Until("2026-02-01");

        life.Policy(before with { Steps = before.Steps.Insert(1, new DunningStep("throttle", 10, [Money.Czk(50)], DunningActions.Throttle, 0, Profile: "1M")) })
            .Until("2026-02-03");

        Assert.Equal(["01-15 first", "01-30 second", "02-01 throttle"], life.Steps);
        Assert.Equal(ServiceLevel.Throttled, life.Level);
    }

    [Fact]
    public void Nobody_stays_blocked_without_a_rule_and_who_was_told_is_not_told_again_when_the_rule_comes_back()
    {
        var life = Blocked();

        life.Policy(Three with { Steps = [Three.Steps[0]] }).Until("2026-02-12");
        Assert.Equal(ServiceLevel.Full, life.Level);
        life.Until("2026-02-20");

        life.Policy(Three).Until("2026-03-01");
        Assert.Equal(ServiceLevel.Blocked, life.Level);
        Assert.Equal(["01-15 mail", "01-24 throttle", "02-09 block"], life.Steps);
    }

    [Fact]
    public void A_policy_that_begins_to_block_blocks_nobody_who_was_not_told()
    {
        var gentle = Policy(new DunningStep("letter", 90, [Money.Czk(50)], DunningActions.Email, 0));
        var life = new ReviewedLife("2025-12-27", gentle).Invoices("2026-01-10").Until("2026-03-01");
        Assert.Empty(life.Steps);

        life.Policy(Three).Until("2026-03-05");

        Assert.Equal(["03-01 mail", "03-02 throttle", "03-03 block"], life.Steps);
    }

    [Fact]
    public void A_policy_from_before_that_restricts_unheard_restricts_nobody()
    {
        var unheard = Policy(
            new DunningStep("fee", 1, [Money.Czk(50)], DunningActions.Fee, 0, Fee: [Money.Czk(50)]),
            new DunningStep("mail", 5, [Money.Czk(1000)], DunningActions.Email, 0),
            new DunningStep("block", 10, [Money.Czk(200)], DunningActions.Block, 0));

        var life = new ReviewedLife("2025-12-27", unheard).Invoices("2026-01-10").Until("2026-06-01");

        Assert.Equal((ServiceLevel.Full, 1), (life.Level, life.Steps.Count));
    }

    [Fact]
    public void Who_is_blocked_by_such_a_policy_is_restored()
    {
        var life = Blocked();

        life.Policy(Policy(
            new DunningStep("fee", 1, [Money.Czk(50)], DunningActions.Fee, 0, Fee: [Money.Czk(50)]),
            new DunningStep("mail", 5, [Money.Czk(1000)], DunningActions.Email, 0),
            Three.Steps[2])).Until("2026-02-12");

        Assert.Equal(ServiceLevel.Full, life.Level);
    }

    [Fact]
    public void Steps_of_many_policies_are_remembered_only_as_far_as_they_can_matter()
    {
        var life = new ReviewedLife("2025-12-27", Three).Invoices("2026-01-10");
        for (var i = 0; i < 3 * DunningPolicy.MaxSteps; i++)
        {
            life.Policy(Policy(new DunningStep($"s{i}", 1, [Money.Czk(1)], DunningActions.Email, 0))).Until(Given.Day("2026-01-11").AddDays(i));
        }

        Assert.Equal(3 * DunningPolicy.MaxSteps, life.Steps.Count);
        Assert.Equal(DunningState.MaxTaken, life.Account.State.Dunning.Taken.Length);
    }
}
