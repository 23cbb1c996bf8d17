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
