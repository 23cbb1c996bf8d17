namespace IspBilling.Banking.Tests;

public sealed class PaymentSymbolsTests
{
    [Theory]
    [InlineData("/VS123/SS42/KS308", 123L, "308", "42")]
    [InlineData("/VS/123/SS//KS/0308", 123L, "308", null)]
    [InlineData("/SS42/VS0000000123/KS", 123L, null, "42")]
    [InlineData("VS123", 123L, null, null)]
    [InlineData("vs123ks308", 123L, "308", null)]
    [InlineData("VS:0000000123 KS:0308", 123L, "308", null)]
    [InlineData("platba VS: 4, děkuji", 4L, null, null)]
    [InlineData("VS = 4", 4L, null, null)]
    [InlineData("VS 2600000012 27.11.2026", 2600000012L, null, null)]
    [InlineData("VS 260 000 0012", null, null, null)]
    [InlineData("VS 260.000.0012", null, null, null)]
    [InlineData("VS 123456 2026", null, null, null)]
    [InlineData("VS 12/2026", null, null, null)]
    [InlineData("VS 12A4", null, null, null)]
    [InlineData("VS 12345678901", null, null, null)]
    [InlineData("AVS 6, faktura 5", null, null, null)]
    [InlineData("VS", null, null, null)]
    [InlineData("/VS0/SS/KS", null, null, null)]
    public void Given_a_text_then_it_names_these_symbols(string text, long? variable, string? constant, string? specific)
    {
        var symbols = new PaymentSymbols();
        symbols.TakeLabelled("text", text);
        Assert.Equal((variable, constant, specific), (symbols.Variable?.Value, symbols.Constant, symbols.Specific));
    }

    [Theory]
    [InlineData("VS 260 000 0012 za leden", "VS 260 000 0012")]
    [InlineData("VS 12A4 x", "VS 12A4")]
    [InlineData("a VS 12345678901", "VS 12345678901")]
    public void Given_digits_that_are_not_taken_then_the_clerk_sees_them_whole(string text, string unused)
    {
        var symbols = new PaymentSymbols();
        symbols.TakeLabelled("text", text);
        Assert.Equal(unused, Assert.Single(symbols.Unused).Text);
    }

    [Fact]
    public void Given_another_value_in_a_less_reliable_place_then_the_first_counts_and_the_other_is_shown()
    {
        var symbols = new PaymentSymbols();
        symbols.TakeLabelled("EndToEndId", "/VS1/SS/KS");
        symbols.Take("Prtry", "VS", "1");
        symbols.TakeLabelled("Ustrd", "VS 2");
        Assert.Equal(1, symbols.Variable!.Value.Value);
        Assert.Equal("VS 2", Assert.Single(symbols.Unused).Text);
    }

    [Theory]
    [InlineData("2600000012", 2600000012L)]
    [InlineData("RF18539007547034", null)] // valid check digits, but no symbol of ten digits
    [InlineData("RF712348231", 2348231L)] // ISO 11649's check digits, then the number
    [InlineData("RF722348231", null)]
    [InlineData("4654654654654654", null)]
    [InlineData("SCOR123", null)]
    [InlineData("0000", null)]
    public void Given_a_creditor_reference_then_it_is_the_symbol_where_it_can_be_one(string reference, long? variable)
    {
        var symbols = new PaymentSymbols();
        symbols.TakeCreditorReference("CdtrRefInf", reference);
        Assert.Equal(variable, symbols.Variable?.Value);
        Assert.Equal(variable is null && reference != "0000" ? 1 : 0, symbols.Unused.Count);
    }
}
