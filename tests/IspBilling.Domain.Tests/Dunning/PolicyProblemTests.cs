namespace IspBilling.Domain.Tests.Dunning;

/// <summary>What makes no sense in a policy, and who refuses it.</summary>
public class PolicyProblemTests
{
    private static readonly DunningStep Mail = new("mail", 5, [Money.Czk(50)], DunningActions.Email, 0);
    private static readonly DunningStep Block = new("block", 30, [Money.Czk(200)], DunningActions.Block, 0);

    private static List<PolicyProblem> Problems(Currency[] billed, params DunningStep[] steps) =>
        PolicyProblems.Of(new DunningPolicy("p", [.. steps], ThankOnClearing: false), billed);

    private static IEnumerable<(string Field, bool IsRefused)> Of(params DunningStep[] steps) =>
        Problems([Currency.Czk], steps).Select(problem => (problem.Field, problem.IsRefused));

    [Fact]
    public void A_restriction_needs_a_message_before_it_that_reaches_the_same_debts()
    {
        var fee = new DunningStep("fee", 1, [Money.Czk(50)], DunningActions.Fee, 0, Fee: [Money.Czk(50)]);

        Assert.Equal([("steps[2].actions", true), ("steps[0].actions", true)], Of(fee, Mail with { MinimumDebt = [Money.Czk(1000)] }, Block));
        Assert.Equal([("steps[0].actions", true)], Of(Block));
        Assert.Equal([("steps[0].actions", true)], Of(Block with { Actions = DunningActions.Block | DunningActions.Email }, Mail));
        Assert.Equal([("steps[1].actions", true), ("steps[0].actions", true)], Of(fee, Block with { Actions = DunningActions.NotifyCollections }));
        Assert.Empty(Of(Mail, Block));
        Assert.Empty(Of(Mail, fee with { DaysOverdue = 9 }, Mail with { Code = "again", MinimumDebt = [Money.Czk(200)] }, Block));
        Assert.Equal([("steps[0].actions", true)], Of(fee, Mail with { MinimumDebt = [Money.Czk(200)] }, Block));
    }

    [Fact]
    public void A_message_in_one_currency_announces_nothing_in_another()
    {
        var both = Block with { MinimumDebt = [Money.Czk(200), Money.Eur(8)] };

        var problem = Assert.Single(Problems([Currency.Czk, Currency.Eur], Mail, both), problem => problem.IsRefused);

        Assert.Equal("steps[1].actions", problem.Field);
        Assert.Contains("8.00 EUR", problem.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Money_that_nobody_is_billed_in_is_refused()
    {
        Assert.Equal([("steps[0].minimumDebt", true)], Of(Mail with { MinimumDebt = [Money.Czk(50), Money.Eur(2)] }));
        Assert.Equal([("steps[0].minimumDebt", true)], Of(Mail with { MinimumDebt = [] }, Mail with { Code = "again" }));
        var tolerant = new DunningPolicy("p", [Mail], ThankOnClearing: false, Tolerance: [Money.Eur(1)]);
        Assert.Equal("tolerance", Assert.Single(PolicyProblems.Of(tolerant, [Currency.Czk])).Field);
    }

    [Fact]
    public void A_fee_is_named_in_the_currencies_of_its_step()
    {
        var step = Mail with { Actions = DunningActions.Email | DunningActions.Fee };

        Assert.Equal([("steps[0].fee", true)], Of(step with { Fee = [Money.Eur(2)] }));
        Assert.Empty(Of(step with { Fee = [Money.Czk(80)] }));
    }

    [Fact]
    public void Who_is_billed_in_a_currency_without_a_minimum_is_named_and_the_policy_accepted()
    {
        var problem = Assert.Single(Problems([Currency.Czk, Currency.Eur], Mail, Block));

        Assert.Equal(("steps", false), (problem.Field, problem.IsRefused));
        Assert.Contains("EUR", problem.Reason, StringComparison.Ordinal);
        Assert.Empty(Problems([Currency.Czk, Currency.Eur]));
    }
}
