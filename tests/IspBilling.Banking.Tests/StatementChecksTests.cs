using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using static IspBilling.Banking.Tests.Camt.CamtText;

namespace IspBilling.Banking.Tests;

/// <summary>What holds of every format; told in camt, whose files are the easiest to read.</summary>
public sealed class StatementChecksTests
{
    [Theory]
    [InlineData("9999999999.99", true)]
    [InlineData("10000000000.00", false)]
    [InlineData("999999999999999.99", false)]
    public async Task Given_an_absurd_amount_then_the_refusal_names_the_bound(string amount, bool isRead)
    {
        var text = Document(Statement(Entry().Replace("499.00", amount, StringComparison.Ordinal)));
        if (isRead) Assert.Single((await Reading.Of(text)).Entries);
        else Assert.Equal("an amount below 10000000000.00 CZK", (await Reading.Refusal(text)).Expected);
    }

    [Fact]
    public async Task Given_an_absurd_balance_then_the_refusal_names_the_bound()
    {
        Assert.Equal("an opening balance below 1000000000000.00 CZK", (await Reading.Refusal(Document(Statement("", opening: 1_000_000_000_000m)))).Expected);
        Assert.Equal("a closing balance below 1000000000000.00 CZK", (await Reading.Refusal(Document(Statement("", closing: -1_000_000_000_000m)))).Expected);
    }

    [Fact]
    public async Task Given_entries_then_each_has_its_place_in_the_chain_of_balances()
    {
        var reading = await Reading.Of(Document(Statement(Entry() + Entry(amount: 100, direction: "DBIT") + Entry(), closing: 1898)));
        Assert.Equal([1L, 2, 3], reading.Facts.Select(facts => facts.Place));
        Assert.Equal([Money.Czk(1000), Money.Czk(1499), Money.Czk(1399)], reading.Facts.Select(facts => facts.BalanceBefore!.Value));
        Assert.Equal((BalanceVerdict.Proven, 3L), (reading.Closed[0].Balance, reading.Closed[0].Entries));
    }

    [Fact]
    public async Task Given_reversals_in_a_statement_that_does_not_add_up_then_they_wait_for_a_person()
    {
        var reading = await Reading.Of(Document(Statement(Entry() + Entry(head: "<RvslInd>true</RvslInd>", direction: "DBIT"), closing: 1234)));
        Assert.Equal(BalanceVerdict.Contradicted, reading.Closed[0].Balance);
        Assert.EndsWith("a person decides about its 1 reversals", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_reversals_whose_flip_makes_the_sum_right_then_the_file_is_refused()
    {
        var refusal = await Reading.Refusal(Document(Statement(Entry() + Entry(head: "<RvslInd>true</RvslInd>", direction: "DBIT"), closing: 1998)));
        Assert.Contains("the other way round", refusal.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_no_balances_then_nothing_is_claimed()
    {
        var reading = await Reading.Of(Document(Statement(Entry())));
        Assert.Equal(BalanceVerdict.NotStated, reading.Closed[0].Balance);
        Assert.Empty(reading.Warnings);
    }

    [Theory]
    [InlineData("3", 1499, 1499, "")]
    [InlineData("3", 1499, 1500, "a statement is missing or incomplete: statement 2 of 2026-02-01 closes with 1499.00 CZK, statement 3")]
    [InlineData("4", 1499, 1499, "statement 3 is missing")]
    [InlineData("7", 1499, 1600, "statements 3 to 6 are missing")]
    [InlineData("2", 1499, 1000, "")] // told again
    [InlineData("2", 1499, 1600, "a statement is missing or incomplete")] // a bank that numbers nothing
    [InlineData("1", 1499, 900, "")] // in another order, or of another year
    public async Task Given_two_statements_of_an_account_then_what_is_missing_between_them_is_named(string number, int closing, int opening, string gap)
    {
        var second = Statement("", opening: opening, closing: opening).Replace("<LglSeqNb>2<", $"<LglSeqNb>{number}<", StringComparison.Ordinal);
        var reading = await Reading.Of(Document(Statement(Entry(), closing: closing) + second));
        if (gap.Length == 0) Assert.Empty(reading.Warnings);
        else Assert.Contains(gap, Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_booking_date_that_no_bank_means_then_the_entry_is_refused()
    {
        var refusal = await Reading.Refusal(Document(Statement(Entry(dates: "<BookgDt><Dt>9999-12-31</Dt></BookgDt>"))));
        Assert.Equal(("a booking date from 1990-01-01 to 2079-12-31", "9999-12-31"), (refusal.Expected, refusal.Found));
    }

    [Theory]
    [InlineData("19-2000145399/0800", "CZ6508000000192000145399")]
    [InlineData("000019-2000145399/0800", "CZ6508000000192000145399")]
    [InlineData("CZ65 0800 0000 1920 0014 5399", "CZ6508000000192000145399")]
    [InlineData("2629005335/1100", "2629005335/1100")]
    [InlineData("SK13 1100 0000 0026 2900 5335", "2629005335/1100")]
    [InlineData("de89 3704 0044 0532 0130 00", "DE89370400440532013000")]
    [InlineData("2000145399", "2000145399")]
    public void Given_an_account_however_written_then_it_has_one_key(string written, string key) => Assert.Equal(key, AccountKey.Of(written));
}
