using System.Text.RegularExpressions;

namespace IspBilling.Architecture.Tests;

/// <summary>
/// The simulation's auditor has a model of its own of what dunning may do. Were it to ask the engine's classes, it would find right whatever
/// they do.
/// </summary>
public sealed partial class AuditorTests
{
    private const string Auditor = "tests/Simulation/IspBilling.Simulation/Auditing/";

    [Fact]
    public void The_auditor_asks_nothing_that_decides_about_dunning() => Assert.Empty(
        from file in Repository.AllSources
        where file.Path.StartsWith(Auditor, StringComparison.Ordinal)
        from use in Deciding().Matches(file.Code)
        select $"{file.Path}: {use.Value}");

    [Fact]
    public void There_is_an_auditor_to_be_judged() => Assert.Contains(
        Repository.AllSources, file => file.Path == $"{Auditor}DunningRules.cs" && file.Types.Contains("DunningRules"));

    [Theory]
    [InlineData("var verdict = DunningEvaluation.On(day, state.Debtor, policy);")]
    [InlineData("if (policy.IsAnnounced(i, currency)) return;")]
    [InlineData("return step.IsRestrictive;")]
    [InlineData("AccountDecider.Decide(state, new Review(), context)")]
    public void The_rule_itself_knows_what_decides(string code) => Assert.Matches(Deciding(), code);

    [Theory]
    [InlineData("Restricts(step) && step.MinimumDebt[0].Minor > debt")]
    [InlineData("taken.Told && taken.On > since")]
    public void The_rule_itself_lets_settings_be_read(string code) => Assert.DoesNotMatch(Deciding(), code);

    [GeneratedRegex(
        @"\b(AccountDecider|DunningEvaluation|DunningPast|DunningPlan|DunningTerms|DunningVerdict|DunningDecisions|DunningState|Debtor|OpenDebts|OverdueDebt|PolicyProblems)\b" +
        @"|\.\s*(IsAnnounced|IsReachedBy|IsRestrictive|IsMessage|SmallestDebtIn|ToleranceIn)\b",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Deciding();
}
