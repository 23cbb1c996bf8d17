using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using static IspBilling.Banking.Tests.Mt940.Mt940Text;

namespace IspBilling.Banking.Tests.Mt940;

public sealed class Mt940ReaderTests
{
    [Fact]
    public async Task Given_one_credit_of_a_Czech_bank_when_read_then_every_field_has_its_place()
    {
        var reading = await Reading.Of(Statement(Movement(reference: "777//26714150488"), closing: "1499,00"));

        Assert.Equal("MT940", reading.Format);
        Assert.Empty(reading.Warnings);
        var opened = Assert.Single(reading.Opened);
        Assert.Equal(("CZ9320100000002000145399", Currency.Czk, "2"), (opened.OwnAccount, opened.Currency, opened.StatementNumber));
        Assert.Equal((Money.Czk(1000), new DateOnly(2026, 1, 31)), (opened.Opening!.Value, opened.OpenedOn!.Value));
        Assert.Equal(
            new StatementEntry(
                "CZ9320100000002000145399", "26714150488", Money.Czk(499), EntryDirection.Credit, IsReversal: false, new DateOnly(2026, 2, 1), new DateOnly(2026, 1, 31),
                "19-2000145399/0800", "NOVAK JAN", new VariableSymbol(7), "308", "42", "Platba za inter net", null, "record 1, line 5"),
            Assert.Single(reading.Entries));
        Assert.Equal(new BankReference("26714150488", ReferenceTrust.Unique), reading.Facts[0].Reference);
        Assert.Equal("777", reading.Facts[0].DocumentNumber);
        var closed = Assert.Single(reading.Closed);
        Assert.Equal((Money.Czk(1499), new DateOnly(2026, 2, 1), BalanceVerdict.Proven), (closed.Closing!.Value, closed.ClosedOn!.Value, closed.Balance));
    }

    [Fact]
    public async Task Given_a_payment_of_kind_030_then_the_symbols_stand_one_field_earlier()
    {
        var entry = Assert.Single((await Reading.Of(Statement(Movement(details: "030?00Vklad?200000000007?2142?220308?28pokladna"), closing: "1499,00"))).Entries);
        Assert.Equal((7L, "42", "308", "pokladna"), (entry.VariableSymbol!.Value.Value, entry.SpecificSymbol!, entry.ConstantSymbol!, entry.Message!));
        Assert.Null(entry.CounterAccount);
    }

    [Fact]
    public async Task Given_a_German_bank_then_keys_tell_the_order_and_the_message_and_lines_run_on()
    {
        var entry = Assert.Single((await Reading.Of(Statement(Movement(details: German), closing: "1499,00"))).Entries);
        Assert.Equal("DE89370400440532013000", entry.CounterAccount);
        Assert.Equal("Max Muster mann", entry.CounterName);
        Assert.Equal("E2E-77", entry.OrderReference);
        Assert.Equal("Rechnung VS: 7 Intern et Februar", entry.Message);
        Assert.Equal(7, entry.VariableSymbol!.Value.Value);
    }

    [Fact]
    public async Task Given_text_that_nobody_divided_then_it_is_the_message()
    {
        var entry = Assert.Single((await Reading.Of(Statement(Movement(details: "platba VS 7\r\nza internet"), closing: "1499,00"))).Entries);
        Assert.Equal(("platba VS 7 za internet", 7L), (entry.Message!, entry.VariableSymbol!.Value.Value));
    }

    [Theory]
    [InlineData("C", EntryDirection.Credit, false)]
    [InlineData("D", EntryDirection.Debit, false)]
    [InlineData("RC", EntryDirection.Debit, true)]
    [InlineData("RD", EntryDirection.Credit, true)]
    [InlineData("CK", EntryDirection.Credit, false)]
    [InlineData("DR", EntryDirection.Debit, false)] // the third letter of EUR, not a reversal
    [InlineData("DCZK-", EntryDirection.Debit, false)] // Fio
    public async Task Given_a_mark_then_the_money_goes_the_way_it_says(string mark, EntryDirection direction, bool isReversal)
    {
        var closing = direction == EntryDirection.Credit ? "1499,00" : "501,00";
        var reading = await Reading.Of(Statement(Movement(mark), closing: closing));
        var entry = Assert.Single(reading.Entries);
        Assert.Equal((direction, isReversal, Money.Czk(499)), (entry.Direction, entry.IsReversal, entry.Amount));
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_pages_then_they_are_one_statement()
    {
        var file = Statement(Movement(reference: "NONREF//B1"), closing: "1499,00", closingTag: "62M")
            + Statement(Movement(reference: "NONREF//B2"), opening: "1499,00", closing: "1998,00", openingTag: "60M", number: "2/2");
        var reading = await Reading.Of(file);
        Assert.Single(reading.Opened);
        Assert.Equal((Money.Czk(1998), BalanceVerdict.Proven), (Assert.Single(reading.Closed).Closing!.Value, reading.Closed[0].Balance));
        Assert.Equal(["B1", "B2"], reading.Entries.Select(entry => entry.EntryReference));
    }

    [Fact]
    public async Task Given_a_page_that_does_not_continue_then_it_is_a_statement_of_its_own()
    {
        var file = Statement(Movement(), closing: "1499,00", closingTag: "62M") + Statement(opening: "1600,00", closing: "1600,00", openingTag: "60M", number: "3/1");
        var reading = await Reading.Of(file);
        Assert.Equal(2, reading.Opened.Count);
        Assert.Contains("statement is missing", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2612310102", "2027-01-02", "2026-12-31")]
    [InlineData("2701021231", "2026-12-31", "2027-01-02")]
    [InlineData("2601310131", "2026-01-31", "2026-01-31")]
    [InlineData("260131    ", "2026-01-31", "2026-01-31")]
    [InlineData("260131", "2026-01-31", "2026-01-31")]
    [InlineData("2602300201", "2026-02-01", "2026-02-01")] // banks do have a 30 February
    public async Task Given_a_booking_day_without_a_year_then_it_is_the_nearest(string dates, string bookedOn, string valueOn)
    {
        var entry = Assert.Single((await Reading.Of(Statement(Movement(dates: dates), closing: "1499,00"))).Entries);
        Assert.Equal((DateOnly.Parse(bookedOn), DateOnly.Parse(valueOn)), (entry.BookedOn, entry.ValueOn));
    }

    [Theory]
    [InlineData("2000145399/0800", "2000145399/0800")]
    [InlineData("0800/0000192000145399", "19-2000145399/0800")]
    [InlineData("CZ9320100000002000145399CZK", "CZ9320100000002000145399")]
    [InlineData("12345678/1020304050", "12345678/1020304050")]
    public async Task Given_an_account_in_either_shape_then_it_is_in_the_usual_one(string written, string expected) =>
        Assert.Equal(expected, Assert.Single((await Reading.Of(Statement(account: written))).Opened).OwnAccount);

    [Theory]
    [InlineData("a movement before the balance", ":20:X\r\n:25:2000145399/0800\r\n:61:260201C1,00NTRF\r\n", "an opening balance")]
    [InlineData("a balance without its sign", ":20:X\r\n:25:2000145399/0800\r\n:60F:260131CZK1,00\r\n", "C or D before a balance")]
    [InlineData("no closing balance", ":20:X\r\n:25:2000145399/0800\r\n:60F:C260131CZK1,00\r\n", "a closing balance")]
    [InlineData("no account", ":20:X\r\n:60F:C260131CZK1,00\r\n", "an account (:25:)")]
    [InlineData("a report of the day", ":20:X\r\n:25:2000145399/0800\r\n:34F:CZK0,\r\n", "a statement (MT940)")]
    [InlineData("a negative credit", ":20:X\r\n:25:2000145399/0800\r\n:60F:C260131CZK1,00\r\n:61:260201CCZK-1,00NTRF\r\n", "an amount")]
    [InlineData("another currency", ":20:X\r\n:25:2000145399/0800\r\n:60F:C260131CZK1,00\r\n:61:260201CEUR1,00NTRF\r\n", "one letter of the funds code, or CZK")]
    [InlineData("an expected movement", ":20:X\r\n:25:2000145399/0800\r\n:60F:C260131CZK1,00\r\n:61:260201EC1,00NTRF\r\n", "C, D, RC or RD")]
    public async Task Given_a_field_that_cannot_be_trusted_then_the_file_is_refused_at_its_line(string what, string file, string expected)
    {
        Assert.NotEmpty(what);
        var refusal = await Reading.Refusal(file);
        Assert.Contains("line", refusal.Position, StringComparison.Ordinal);
        Assert.StartsWith(expected, refusal.Expected, StringComparison.Ordinal);
    }

    [SampleFact]
    public async Task A_Polish_statement_reads_to_its_totals()
    {
        var reading = await Reading.Of(Samples.Bytes("mt940/mBank/mt940.sta"));
        Assert.Equal(("PL29114010810000267002001002", "1"), (reading.Opened[0].OwnAccount, reading.Opened[0].StatementNumber!));
        Assert.Equal([1L, 1, 1], reading.Entries.Select(entry => entry.Amount.Minor));
        Assert.Equal(["MB170119012058", "MB170119012085", "MB170119012121"], reading.Entries.Select(entry => entry.EntryReference));
        Assert.Contains("TYT.: PRZELEW SRODKOW", reading.Entries[0].Message!, StringComparison.Ordinal);
        Assert.Equal(BalanceVerdict.Proven, reading.Closed[0].Balance);
    }

    [SampleFact]
    public async Task A_month_of_Dutch_daily_statements_in_envelopes_reads_and_each_continues_the_one_before()
    {
        foreach (var name in (string[])["mt940/ASNB/mt940.txt", "mt940/ASNB/mt940_with_spaces_for_entry_date.txt"])
        {
            var reading = await Reading.Of(Samples.Bytes(name));
            Assert.Empty(reading.Warnings);
            Assert.All(reading.Closed, closed => Assert.Equal(BalanceVerdict.Proven, closed.Balance));
            Assert.Equal((EntryDirection.Debit, Money.Eur(65), new DateOnly(2020, 1, 1)), (reading.Entries[0].Direction, reading.Entries[0].Amount, reading.Entries[0].BookedOn));
        }
    }

    [SampleFact]
    public async Task Hungarian_and_old_German_dialects_read()
    {
        var sberbank = await Reading.Of(Samples.Bytes("mt940/sberbank/171011_01234945.sta"));
        Assert.Equal((3, 9437m, BalanceVerdict.Proven), (sberbank.Entries.Count, sberbank.Debits, sberbank.Closed[0].Balance));
        var raiffeisen = await Reading.Of(Samples.Bytes("mt940/raiffeisen-cmi.sta"));
        Assert.Equal((7, 1, BalanceVerdict.Contradicted), (raiffeisen.Entries.Count, raiffeisen.Entries.Count(entry => entry.Direction == EntryDirection.Credit), raiffeisen.Closed[0].Balance));
        var old = await Reading.Of(Samples.Bytes("mt940/raphaelm.sta"));
        Assert.Equal((2, 9, new DateOnly(2002, 3, 15)), (old.Opened.Count, old.Entries.Count, old.Closed[0].ClosedOn!.Value));
        Assert.All(old.Closed, closed => Assert.Equal(BalanceVerdict.Proven, closed.Balance));
        var february = await Reading.Of(Samples.Bytes("mt940/february_30.sta"));
        Assert.Equal(new DateOnly(2016, 3, 1), Assert.Single(february.Entries).BookedOn);
        Assert.Equal(BalanceVerdict.Proven, february.Closed[0].Balance);
    }

    [SampleFact]
    public async Task Long_German_details_keep_payer_and_order()
    {
        var entry = Assert.Single((await Reading.Of(Samples.Bytes("mt940/overly_long_details.sta"))).Entries);
        Assert.Equal(("DE99700500000000012345", "Finanzamt Muenchen Abteilun g Erhebung"), (entry.CounterAccount!, entry.CounterName!));
        Assert.StartsWith("123/123/12345-----L110", entry.OrderReference, StringComparison.Ordinal);
        Assert.StartsWith("STEUERNR 123/123/12345", entry.Message, StringComparison.Ordinal);
    }

    [SampleFact]
    public async Task Broken_lines_and_reports_of_the_day_are_refused_by_line()
    {
        var head = ":20:X\r\n:25:2000145399/0800\r\n:60F:C181125EUR0,\r\n";
        Assert.Contains("line 4", (await Reading.Refusal(head + System.Text.Encoding.Latin1.GetString(Samples.Bytes("mt940/sparkassen.sta")))).Position, StringComparison.Ordinal);
        Assert.Contains("MT942", (await Reading.Refusal(Samples.Bytes("mt940/mBank/mt942.sta"))).Found, StringComparison.Ordinal);
        Assert.StartsWith("an opening balance", (await Reading.Refusal(Samples.Bytes("mt940/multiline.sta"))).Expected, StringComparison.Ordinal);
    }
}
