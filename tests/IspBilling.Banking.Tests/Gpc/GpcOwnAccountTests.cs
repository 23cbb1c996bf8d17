using IspBilling.Domain;
using static IspBilling.Banking.Tests.Gpc.GpcText;

namespace IspBilling.Banking.Tests.Gpc;

public sealed class GpcOwnAccountTests
{
    private static readonly CzechAccount AtFio = new(0, 2000145399, 2010);
    private static readonly CzechAccount AtRaiffeisen = new(0, 2000145399, 5500);
    private static readonly CzechAccount AtKb = new(0, 2000145399, 100);

    private static byte[] Statement(string filler = "", string dataType = "0203", int? headerLength = null) =>
        File(Header(closing: 149_900, filler: filler)[..(headerLength ?? 128)], Item(dataType: dataType));

    private static StatementReaderOptions Own(params OwnAccount[] accounts) => new() { OwnAccounts = accounts };

    [Theory]
    [InlineData("FIO", "2000145399/2010")]
    [InlineData("", "2000145399/5500")]
    public async Task Given_one_number_at_two_banks_then_the_signature_tells(string filler, string account) =>
        Assert.Equal(account, (await Reading.Of(Statement(filler), Own(AtRaiffeisen, AtFio))).Opened[0].OwnAccount);

    [Fact]
    public async Task Given_Fios_signature_when_only_another_bank_is_stated_then_the_statement_is_Fios() =>
        Assert.Equal("2000145399/2010", (await Reading.Of(Statement("FIO"), Own(AtRaiffeisen))).Opened[0].OwnAccount);

    [Fact]
    public async Task Given_a_header_too_short_for_a_signature_then_nobody_knows_which_bank_it_is()
    {
        Assert.Contains("2000145399/5500 and 2000145399/2010", (await Reading.Refusal(Statement(headerLength: 114), Own(AtRaiffeisen, AtFio))).Found, StringComparison.Ordinal);
        Assert.Equal("2000145399/2010", (await Reading.Of(Statement(headerLength: 114), Own(AtFio))).Opened[0].OwnAccount);
    }

    [Fact]
    public async Task Given_one_number_in_two_currencies_then_the_currency_code_tells()
    {
        var own = Own(new OwnAccount(AtKb, Currency.Czk), new OwnAccount(AtRaiffeisen, Currency.Eur));
        Assert.Equal("2000145399/5500", (await Reading.Of(Statement(dataType: "0978"), own)).Opened[0].OwnAccount);
        Assert.Equal("2000145399/0100", (await Reading.Of(Statement(dataType: "0203"), own)).Opened[0].OwnAccount);
        Assert.Contains("in EUR", (await Reading.Refusal(Statement(dataType: "    "), own)).Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_two_banks_that_nothing_tells_apart_then_the_file_is_refused() =>
        Assert.Contains("does not say which", (await Reading.Refusal(Statement(), Own(AtKb, AtRaiffeisen))).Found, StringComparison.Ordinal);

    [Fact]
    public async Task Given_an_account_in_EUR_then_its_statement_is_not_in_CZK()
    {
        var own = Own(new OwnAccount(AtKb, Currency.Eur));
        var reading = await Reading.Of(Statement(dataType: "    "), own);
        Assert.Equal(Money.Eur(499), Assert.Single(reading.Entries).Amount);
        Assert.Equal(Money.Czk(499), reading.Facts[0].AsReadBefore!.Amount);
        Assert.Contains("entries in EUR", (await Reading.Refusal(Statement(dataType: "0203"), own)).Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_an_account_that_was_stated_later_then_its_name_without_the_bank_is_kept() =>
        Assert.Equal("2000145399", (await Reading.Of(Statement(), Own(AtKb))).Opened[0].AccountAsWritten);

    [Fact]
    public async Task Given_an_entry_of_another_own_account_then_the_file_is_refused()
    {
        var file = File(Header(closing: 149_900), Item(account: "0000192000145399"));
        Assert.Equal(("record 2", "19-2000145399/0100"), ((await Reading.Refusal(file, Own(AtKb))).Position, (await Reading.Refusal(file, Own(AtKb))).Found));
    }
}
