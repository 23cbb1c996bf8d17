using System.Text;
using IspBilling.Domain;
using static IspBilling.Banking.Tests.Fio.FioText;

namespace IspBilling.Banking.Tests.Fio;

public sealed class FioReaderTests
{
    [Theory]
    [InlineData("Fio JSON")]
    [InlineData("Fio CSV")]
    [InlineData("Fio XML")]
    public async Task Given_the_same_movement_in_JSON_CSV_and_XML_then_it_reads_the_same(string format)
    {
        var reading = await Reading.Of(format == "Fio JSON" ? Json(Movement()) : format == "Fio XML" ? XmlFile(XmlMovement) : Csv(CsvRow));

        Assert.Equal(format, reading.Format);
        Assert.Empty(reading.Warnings);
        var opened = Assert.Single(reading.Opened);
        Assert.Equal(("2000145399/2010", Currency.Czk, Money.Czk(1000)), (opened.OwnAccount, opened.Currency, opened.Opening!.Value));
        Assert.Equal(new DateOnly(2026, 1, 31), opened.OpenedOn);
        Assert.Equal(
            new StatementEntry(
                "2000145399/2010", "26000000001", Money.Czk(499), EntryDirection.Credit, IsReversal: false, new DateOnly(2026, 2, 1), new DateOnly(2026, 2, 1),
                "19-2000145399/0800", "Novák Jan", new VariableSymbol(7), "308", null, "Platba č. 7 \"v pořádku\"", "777",
                format == "Fio JSON" ? "record 1, line 3" : format == "Fio XML" ? "record 1, line 6" : "record 1, line 14"),
            Assert.Single(reading.Entries));
        Assert.Equal((Money.Czk(1499), new DateOnly(2026, 2, 1)), (reading.Closed[0].Closing!.Value, reading.Closed[0].ClosedOn!.Value));
    }

    [Theory]
    [InlineData("\"2026-02-01+0100\"", "2026-02-01")]
    [InlineData("\"2015-03-30+0200\"", "2015-03-30")]
    [InlineData("\"2026-02-01\"", "2026-02-01")]
    [InlineData("1340661600000", "2012-06-26")] // midnight of a summer day in Prague
    [InlineData("1769900400000", "2026-02-01")] // midnight of a winter day in Prague
    public async Task Given_a_date_in_either_shape_then_it_is_the_day_in_Prague(string date, string expected)
    {
        var entry = Assert.Single((await Reading.Of(Json(Movement(date: date)))).Entries);
        Assert.Equal(DateOnly.Parse(expected), entry.BookedOn);
    }

    [Theory]
    [InlineData("\"0\"", null)]
    [InlineData("null", null)]
    [InlineData("\"0001\"", 1L)]
    [InlineData("1234567890", 1234567890L)]
    public async Task Given_zeros_for_the_variable_symbol_then_there_is_none(string vs, long? expected) =>
        Assert.Equal(expected, Assert.Single((await Reading.Of(Json(Movement(vs: vs)))).Entries).VariableSymbol?.Value);

    [Fact]
    public async Task Given_a_storno_then_it_is_a_reversal_that_shares_the_order_with_its_payment()
    {
        var reading = await Reading.Of(Json(Movement() + "," + Movement(id: "26000000002", amount: "-499.00", type: "Storno příjmu"), closing: "1000"));
        Assert.Equal([false, true], reading.Entries.Select(entry => entry.IsReversal));
        Assert.Equal([EntryDirection.Credit, EntryDirection.Debit], reading.Entries.Select(entry => entry.Direction));
        Assert.Equal(["777", "777"], reading.Entries.Select(entry => entry.OrderReference));
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_symbols_in_the_reference_of_the_payer_then_they_serve_where_the_columns_are_empty()
    {
        var movement = Movement(vs: "null", more: """,  "column27":{"value":"/VS55/SS6/KS","name":"Reference plátce","id":27}""");
        var entry = Assert.Single((await Reading.Of(Json(movement))).Entries);
        Assert.Equal((55L, "6", "308"), (entry.VariableSymbol!.Value.Value, entry.SpecificSymbol!, entry.ConstantSymbol!));
    }

    [Fact]
    public async Task Given_no_movements_then_the_statement_is_empty()
    {
        Assert.Empty((await Reading.Of(Json("", closing: "1000.00"))).Entries);
        Assert.Empty((await Reading.Of(Json("").Replace("{\"transaction\":[]}", "null", StringComparison.Ordinal))).Entries);
        Assert.Empty((await Reading.Of(Csv())).Entries);
    }

    [Theory]
    [InlineData("\"amount\"")]
    [InlineData("499.001")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task Given_an_amount_that_is_none_then_the_movement_is_refused(string amount)
    {
        var refusal = await Reading.Refusal(Json(Movement(amount: amount)));
        Assert.StartsWith("record 1, line 3", refusal.Position, StringComparison.Ordinal);
        Assert.Equal("an amount of at most two decimals", refusal.Expected);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public async Task Given_no_movement_id_then_the_movement_is_refused(string id) =>
        Assert.Contains("movement id", (await Reading.Refusal(Json(Movement(id: id)))).Expected, StringComparison.Ordinal);

    [Fact]
    public async Task Given_a_transaction_before_the_info_then_the_file_is_refused() =>
        Assert.Contains("info before", (await Reading.Refusal("""{"accountStatement":{"transactionList":{"transaction":[{"column1":null}]}}}""")).Expected, StringComparison.Ordinal);

    [Fact]
    public async Task Given_a_text_without_end_then_its_length_is_bounded()
    {
        var refusal = await Reading.Refusal(Json(Movement(vs: "\"" + new string('1', 1_000_000) + "\"")));
        Assert.Contains("at most 65536 bytes", refusal.Expected, StringComparison.Ordinal);
        await Reading.Refusal(Csv(CsvRow.Replace("0007", "\"" + new string('1', 1_000_000), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Given_bytes_that_are_no_UTF_8_then_JSON_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(Json(Movement()));
        bytes[bytes.AsSpan().IndexOf("Novák"u8)] = 0xFF;
        Assert.Contains("UTF-8", (await Reading.Refusal(bytes)).Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_CSV_with_quotes_around_everything_and_a_thin_space_then_it_reads()
    {
        var text = Csv(CsvRow.Replace("499,00", "\"1\u00A0499,00\"", StringComparison.Ordinal));
        Assert.Equal(Money.Czk(1499), Assert.Single((await Reading.Of("\uFEFF" + text)).Entries).Amount);
    }

    [Theory]
    [InlineData("26000000001;01.02.2026;499,00")]
    [InlineData("26000000001;01.13.2026;499,00;CZK;;;;;;;;;;;;;;;")]
    [InlineData("26000000001;01.02.2026;499,00;EUR;;;;;;;;;;;;;;;")]
    [InlineData("26000000001;01.02.2026;499,00;CZK;\"open;;;;;;;;;;;;;;")]
    public async Task Given_a_row_that_cannot_be_trusted_then_CSV_is_refused_at_its_line(string row)
    {
        var refusal = await Reading.Refusal(Csv(row));
        Assert.Contains("line 14", refusal.Position, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_names_in_another_case_then_they_are_the_same_names()
    {
        var text = Json(Movement()).Replace("accountStatement", "AccountStatement", StringComparison.Ordinal).Replace("\"column", "\"Column", StringComparison.Ordinal)
            .Replace("\"value\"", "\"Value\"", StringComparison.Ordinal).Replace("transactionList", "TransactionList", StringComparison.Ordinal);
        Assert.Equal("26000000001", Assert.Single((await Reading.Of(text)).Entries).EntryReference);
    }

    [Theory]
    [InlineData("2.6000000001E10")]
    [InlineData("26000000001.0")]
    [InlineData("\"26 000\"")]
    [InlineData("9999999999999999999")]
    public async Task Given_an_id_that_is_no_whole_number_then_the_movement_is_refused(string id) =>
        Assert.Contains("digits only", (await Reading.Refusal(Json(Movement(id: id)))).Expected, StringComparison.Ordinal);

    [Fact]
    public async Task Given_one_id_for_two_movements_then_the_file_is_refused() =>
        Assert.Contains("26000000001", (await Reading.Refusal(Json(Movement() + "," + Movement(amount: "1.00")))).Expected, StringComparison.Ordinal);

    [Fact]
    public async Task Given_more_movements_than_can_be_told_apart_then_the_file_is_refused()
    {
        var options = new StatementReaderOptions { Limits = new() { MovementIdsMax = 1 } };
        Assert.Equal("at most 1 movements in a file", (await Reading.Refusal(Json(Movement() + "," + Movement(id: "2")), options)).Expected);
    }

    [Fact]
    public async Task Given_an_export_of_internet_banking_in_windows_1250_then_both_notes_are_kept()
    {
        var reading = await Reading.Of(CodePagesEncodingProvider.Instance.GetEncoding(1250)!.GetBytes(WebCsv(WebCsvRow)));
        Assert.Equal("Fio CSV", reading.Format);
        Assert.Equal(("2000145399/2010", "2/2026", Money.Czk(1000)), (reading.Opened[0].OwnAccount, reading.Opened[0].StatementNumber!, reading.Opened[0].Opening!.Value));
        Assert.Equal("Dvořák Jiří 2600000012 děkujeme", Assert.Single(reading.Entries).Message);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_no_head_at_all_then_the_only_own_account_at_Fio_is_meant_and_without_one_the_file_is_refused()
    {
        var rows = CsvColumns + "\r\n" + CsvRow + "\r\n";
        var own = new StatementReaderOptions { OwnAccounts = [new CzechAccount(0, 2801387443, 2010), new CzechAccount(0, 2000145399, 800)] };
        var reading = await Reading.Of(rows, own);
        Assert.Equal(("2801387443/2010", Currency.Czk), (reading.Opened[0].OwnAccount, reading.Opened[0].Currency));
        Assert.Contains("download the statement with its head", (await Reading.Refusal(rows)).Found, StringComparison.Ordinal);
    }

    [SampleFact]
    public async Task A_response_of_the_API_with_nulls_reads_and_does_not_add_up()
    {
        var reading = await Reading.Of(Samples.Bytes("fio/mhujer-example-response.json"));
        Assert.Equal([Money.Czk(127), Money.Czk(500)], reading.Entries.Select(entry => entry.Amount));
        Assert.Equal([null, 123456789L], reading.Entries.Select(entry => entry.VariableSymbol?.Value));
        Assert.Equal(["1111111111", "2222255555"], reading.Entries.Select(entry => entry.EntryReference));
        Assert.Equal(["214498596", "2900201034/2010"], reading.Entries.Select(entry => entry.CounterAccount));
        Assert.Equal("1111122222", reading.Entries[0].OrderReference);
        Assert.Contains("1000.00 CZK", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
        Assert.Equal("214498596/2010", reading.Opened[0].OwnAccount);
    }
}
