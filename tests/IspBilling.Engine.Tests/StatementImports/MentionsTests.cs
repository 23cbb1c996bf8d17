using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Tests.StatementImports;

/// <summary>Which numbers in a payer's text may be a symbol.</summary>
public sealed class MentionsTests
{
    [Theory]
    [InlineData("VS 7001", "L7001")]
    [InlineData("vs7001", "L7001")]
    [InlineData("VS:7001 KS:0308", "L7001")]
    [InlineData("/VS/123/SS//KS/0308", "L123")]
    [InlineData("/VS2600000012/SS/KS308", "L2600000012")]
    [InlineData("VS=0", "")]
    [InlineData("V.S. 9202", "L9202")]
    [InlineData("V. S.: 9202", "L9202")]
    [InlineData("v.s.9202", "L9202")]
    [InlineData("VS. 9202", "L9202")]
    [InlineData("VS č. 9202", "L9202")]
    [InlineData("VS-9202", "L9202")]
    [InlineData("VS(9202)", "L9202")]
    [InlineData("var. symbol 9202", "L9202")]
    [InlineData("var.symb.9202", "L9202")]
    [InlineData("var. symb.: 9202", "L9202")]
    [InlineData("var.s. 9202", "L9202")]
    [InlineData("varsymbol:9202", "L9202")]
    [InlineData("VARSYM 9202", "L9202")]
    [InlineData("variabilní symbol 9202", "L9202")]
    [InlineData("Variabilni symbol: 9202", "L9202")]
    [InlineData("variabilny symbol 9202", "L9202")]
    [InlineData("variabilný symbol č. 9202", "L9202")]
    [InlineData("pod variabilním symbolem 9202", "L9202")]
    [InlineData("symbol variabilní: 9202", "L9202")]
    [InlineData("variabilni\u0301 symbol 9202", "L9202")]
    [InlineData("VARIABILN\uFFFD SYMBOL 9202", "L9202")]
    [InlineData("v. symbol 9202", "L9202")]
    [InlineData("variable symbol no. 9202", "L9202")]
    [InlineData("KS308VS9202", "L9202")]
    [InlineData("KS 9202", "")]
    [InlineData("K.S. 9202", "")]
    [InlineData("konst. symbol 9202", "")]
    [InlineData("konstantní symbol: 9202", "")]
    [InlineData("konštantný symbol 9202", "")]
    [InlineData("SS 9202", "")]
    [InlineData("S. S.: 9202", "")]
    [InlineData("spec. symbol 9202", "")]
    [InlineData("specifický symbol 920200", "")]
    [InlineData("špecifický symbol 920200", "")]
    [InlineData("V.S. 9202, K.S. 0308, S.S. 920200", "L9202")]
    [InlineData("symbol 9202", "S9202")]
    [InlineData("smlouva č. 222333", "N222333")]
    [InlineData("variace 9202", "S9202")]
    [InlineData("revs 9202", "S9202")]
    [InlineData("VS 260 000 0012", "")]
    [InlineData("VS 2600000012 27.11.2026", "L2600000012")]
    [InlineData("faktura 2600000012", "N2600000012")]
    [InlineData("FV2600000012", "N2600000012")]
    [InlineData("D2600000012", "")]
    [InlineData("internet 222333", "N222333")]
    [InlineData("internet leden 2026", "")]
    [InlineData("27.11.2026", "")]
    [InlineData("2026-11-27", "")]
    [InlineData("20261127", "")]
    [InlineData("27112026", "")]
    [InlineData("271126", "")]
    [InlineData("60200 Brno", "")]
    [InlineData("602 00 Brno", "")]
    [InlineData("Brno 60200", "")]
    [InlineData("cislo 12345", "S12345")]
    [InlineData("za 7001", "S7001")]
    [InlineData("za 701", "")]
    [InlineData("z uctu 123456789/0100", "")]
    [InlineData("z uctu 19-2000145399/0800", "")]
    [InlineData("12345678901", "")]
    [InlineData("ABVS 7001", "S7001")]
    [InlineData("222333 a 222444", "N222333 N222444")]
    [InlineData(null, "")]
    public void Years_dates_postcodes_accounts_and_groups_are_no_symbols(string? text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Mentions.In(text, new DateOnly(2026, 11, 27)).Select(Shown)));

    [Fact]
    public void A_text_of_nothing_but_numbers_yields_a_bounded_list() =>
        Assert.Equal(32, Mentions.In(string.Join(", ", Enumerable.Range(300_000, 500)), new DateOnly(2026, 11, 27)).Count);

    private static string Shown(Mention mention) =>
        $"{mention.Kind switch { MentionKind.Labelled => 'L', MentionKind.Long => 'N', _ => 'S' }}{new VariableSymbol(mention.Number)}";
}
