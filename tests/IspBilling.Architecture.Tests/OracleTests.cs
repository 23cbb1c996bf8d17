using System.Text.RegularExpressions;

namespace IspBilling.Architecture.Tests;

/// <summary>Who checks the engine's tax computes it anew: a mistake that both share would be found by neither.</summary>
public sealed partial class OracleTests
{
    public static TheoryData<string> Oracles =>
    [
        "tests/Simulation/IspBilling.Simulation/Auditing/TaxBook.cs",
        "tests/Simulation/IspBilling.Simulation/Auditing/TaxRules.cs",
        "tests/IspBilling.Domain.Tests/Properties/NaiveTax.cs",
        "src/IspBilling.Postgres/Audit/TaxAudit.cs",
    ];

    [Theory]
    [MemberData(nameof(Oracles))]
    public void An_oracle_of_tax_uses_none_of_the_engines_classes_for_it(string path) =>
        Assert.Empty(EnginesOwn().Matches(SourceFile.Read(Path.Combine(Repository.Root, path)).Code).Select(use => use.Value));

    [Theory]
    [InlineData("var tax = Vat.Total(category, rate, mode, sum).Tax;", true)]
    [InlineData("left.Take(1, VatGroup.Of(line), amount);", true)]
    [InlineData("VatRates.Known.On(country, category, day)", true)]
    [InlineData("amount.Times(21, 121)", true)]
    [InlineData("Rounding.HalfAwayFromZero(1, 2)", true)]
    [InlineData("document.Vat.Length + document.Rounding.Minor + line.VatRate.BasisPoints", false)]
    public void The_rule_itself_knows_the_engines_classes(string code, bool uses) => Assert.Equal(uses, EnginesOwn().IsMatch(code));

    [GeneratedRegex(
        @"(?<!\.)\b(Vat|Rounding)\.\w+|\b(VatRates|VatGroup|TaxLeft|TaxRemainder|SupplyDates|LineFactors|DocumentDrafting)\b|\.Times\(",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex EnginesOwn();
}
