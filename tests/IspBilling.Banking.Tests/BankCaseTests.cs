using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Tests;

/// <summary>Small files that an earlier release misread: each reads to what the bank meant, or is refused by a name.</summary>
public sealed class BankCaseTests
{
    [CaseTheory]
    [InlineData("c02.xml", 123L, null)]
    [InlineData("c03.xml", 123L, null)]
    [InlineData("c04.xml", 123L, "308")]
    [InlineData("c08.xml", 123L, "308")]
    [InlineData("c09.xml", 2600000012L, null)]
    public async Task Symbols_are_found_in_every_common_shape(string file, long variable, string? constant)
    {
        var entry = Assert.Single((await Reading.Of(Samples.Case(file))).Entries);
        Assert.Equal((variable, constant), (entry.VariableSymbol!.Value.Value, entry.ConstantSymbol));
        Assert.Null(entry.OrderReference);
    }

    [CaseFact]
    public async Task Digits_grouped_by_blanks_are_never_half_taken()
    {
        var reading = await Reading.Of(Samples.Case("k4-vs-grouped.xml"));
        Assert.Null(Assert.Single(reading.Entries).VariableSymbol);
        Assert.Equal(new UnusedText("Ustrd", "VS 260 000 0012"), Assert.Single(reading.Facts[0].Unused));
    }

    [CaseTheory]
    [InlineData("c36-rvsl-dbit-cdtr.xml", "Dvořák Jiří", "CZ1655000000002306693064")]
    [InlineData("c58-ult.xml", "Skutečný plátce", null)]
    [InlineData("c60-foreign-bban.xml", "X", "29501800020582")]
    public async Task The_other_side_is_found_in_whatever_role_the_bank_tells_it(string file, string name, string? account)
    {
        var entry = Assert.Single((await Reading.Of(Samples.Case(file))).Entries);
        Assert.Equal((name, account), (entry.CounterName!, entry.CounterAccount));
    }

    [CaseFact]
    public async Task What_is_not_booked_is_left_out_and_counted()
    {
        var reading = await Reading.Of(Samples.Case("c37-status.xml"));
        Assert.Equal(Money.Czk(10), Assert.Single(reading.Entries).Amount);
        Assert.Equal([new LeftOut("PDNG", 1), new LeftOut("INFO", 1)], reading.Closed[0].LeftOut);
        Assert.Contains("1 PDNG, 1 INFO", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [CaseTheory]
    [InlineData("V28a.xml")]
    [InlineData("V28b.xml")]
    public async Task Zeros_are_no_reference(string file)
    {
        var reading = await Reading.Of(Samples.Case(file));
        Assert.Null(Assert.Single(reading.Entries).EntryReference);
        Assert.Null(reading.Facts[0].Reference);
        Assert.Equal("0", reading.Facts[0].AsReadBefore!.EntryReference);
    }

    [CaseFact]
    public async Task A_batch_and_its_details_know_each_other_by_their_parent()
    {
        var whole = await Reading.Of(Samples.Case("B6-1.xml"));
        var parts = await Reading.Of(Samples.Case("B6-2.xml"));
        Assert.Equal("R6001", whole.Facts[0].Reference!.Text);
        Assert.Equal([new BatchPart("R6001", 2, 1), new BatchPart("R6001", 2, 2)], parts.Facts.Select(facts => facts.Batch));
        Assert.Equal(["R6001-1", "R6001-2"], parts.Facts.Select(facts => facts.Reference!.Text));
        Assert.Equal(whole.Entries[0].Amount, parts.Entries.Sum(Currency.Czk, entry => entry.Amount));
    }

    [CaseFact]
    public async Task A_statement_that_adds_up_only_with_its_reversal_flipped_is_refused()
    {
        var refusal = await Reading.Refusal(Samples.Case("B5.xml"));
        Assert.Contains("the other way round", refusal.Found, StringComparison.Ordinal);
    }

    [CaseFact]
    public async Task One_movement_of_Fio_has_one_reference_in_JSON_and_in_camt()
    {
        var json = await Reading.Of(Samples.Case("B7d.json"));
        var camt = await Reading.Of(Samples.Case("B7d.xml"));
        Assert.Equal(new BankReference("26000000701", ReferenceTrust.Unique), json.Facts[0].Reference);
        Assert.Equal(json.Facts[0].Reference, camt.Facts[0].Reference);
        Assert.Equal(json.Opened[0].Account, camt.Opened[0].Account);
        Assert.Equal(AccountKey.Of(json.Entries[0].CounterAccount!), AccountKey.Of(camt.Entries[0].CounterAccount!));
    }

    [CaseFact]
    public async Task A_movement_in_a_daily_and_a_monthly_statement_and_in_camt_tells_the_same_facts()
    {
        var own = new StatementReaderOptions { OwnAccounts = [new CzechAccount(19, 2000145399, 800)] };
        var readings = new[] { await Reading.Of(Samples.Case("dup1-daily.gpc"), own), await Reading.Of(Samples.Case("dup2-monthly.gpc"), own), await Reading.Of(Samples.Case("dup3.camt.xml"), own) };
        Assert.Single(readings.Select(reading => reading.Opened[0].Account).Distinct());
        Assert.Single(readings.Select(reading => (
            reading.Entries[0].BookedOn, reading.Entries[0].Amount, reading.Entries[0].Direction, reading.Entries[0].VariableSymbol, reading.Entries[0].ConstantSymbol,
            AccountKey.Of(reading.Entries[0].CounterAccount!), (reading.Facts[0].DocumentNumber ?? reading.Facts[0].Reference!.Text).TrimStart('0'))).Distinct());
    }

    [CaseFact]
    public async Task Three_exports_of_one_movement_differ_in_texts_only()
    {
        var own = new StatementReaderOptions { OwnAccounts = [new CzechAccount(19, 2000145399, 800)] };
        var entries = new List<(StatementEntry Entry, EntryFacts Facts)>();
        foreach (var file in (string[])["e1-short.gpc", "e2-extended.gpc", "e3-with-078.gpc"])
        {
            var reading = await Reading.Of(Samples.Case(file), own);
            entries.Add((Assert.Single(reading.Entries), reading.Facts[0]));
        }

        Assert.Single(entries.Select(read => (read.Entry with { Message = null, CounterName = null, Position = "" }, read.Facts.DocumentNumber)).Distinct());
        Assert.Equal(["internet"], entries[1].Facts.Messages);
        Assert.Equal(["internet"], entries[2].Facts.Messages);
    }

    [CaseFact]
    public async Task A_number_that_two_banks_have_is_Fios_where_the_file_carries_its_signature()
    {
        var own = new StatementReaderOptions { OwnAccounts = [new CzechAccount(0, 2000145399, 5500), new CzechAccount(0, 2000145399, 2010)] };
        var reading = await Reading.Of(Samples.Case("B1-fio.gpc"), own);
        Assert.Equal("2000145399/2010", reading.Opened[0].OwnAccount);
        Assert.Equal(reading.Facts[0].Reference, (await Reading.Of(Samples.Case("B1-fio.json"))).Facts[0].Reference);
    }

    [CaseFact]
    public async Task A_movement_of_the_fifth_in_a_statement_of_the_thirtieth_is_booked_on_the_fifth()
    {
        var reading = await Reading.Of(Samples.Case("h05-csob-month.gpc"));
        Assert.Equal(new DateOnly(2026, 11, 5), Assert.Single(reading.Entries).BookedOn);
        Assert.Equal(new DateOnly(2026, 11, 30), reading.Facts[0].AsReadBefore!.BookedOn);
    }

    [CaseFact]
    public async Task A_year_99_is_refused()
    {
        var refusal = await Reading.Refusal(Samples.Case("h01-year99-matched.gpc"));
        Assert.Equal(("record 1, position 109–114", "\"311299\""), (refusal.Position, refusal.Found));
    }

    [CaseFact]
    public async Task A_statement_that_is_missing_between_two_is_named()
    {
        var reading = await Reading.Of(Samples.Case("g13-gap-between-blocks.gpc"), new() { OwnBankCode = "0800" });
        Assert.Contains("statement 2 is missing: statement 001 of 2026-11-25 closes with 10.00 CZK, statement 003 of 2026-11-27 opens with 50.00 CZK", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [CaseFact]
    public async Task A_blank_value_date_is_read_as_none()
    {
        var entry = Assert.Single((await Reading.Of(Samples.Case("g17-value-blank.gpc"))).Entries);
        Assert.Equal((new DateOnly(2026, 11, 27), new DateOnly(2026, 11, 27)), (entry.BookedOn, entry.ValueOn));
    }

    [CaseFact]
    public async Task Lines_that_end_with_a_carriage_return_only_are_lines() =>
        Assert.Equal(Money.Czk(10), Assert.Single((await Reading.Of(Samples.Case("g09-cr-only.gpc"))).Entries).Amount);

    [CaseTheory]
    [InlineData("g06-utf8-diacritics.gpc", "a copy saved as UTF-8")]
    [InlineData("f12-utf16.csv", "a copy saved as UTF-16")]
    [InlineData("j20-error.html", "a web page")]
    [InlineData("f26-pos.csv", "an export of a card terminal")]
    public async Task What_is_no_statement_any_more_is_named_for_what_it_is(string file, string found)
    {
        var refusal = await Reading.Refusal(Samples.Case(file));
        Assert.StartsWith(found, refusal.Found, StringComparison.Ordinal);
        Assert.Contains("download", refusal.Found, StringComparison.Ordinal);
    }

    [CaseFact]
    public async Task An_id_that_a_spreadsheet_made_a_floating_number_is_refused()
    {
        var refusal = await Reading.Refusal(Samples.Case("f17-float-id.csv"));
        Assert.Equal("\"2.70000E+10\"", refusal.Found);
        Assert.Contains("spreadsheet", refusal.Expected, StringComparison.Ordinal);
    }

    [CaseFact]
    public async Task Two_notes_are_both_kept()
    {
        var reading = await Reading.Of(Samples.Case("f02-bom-crlf-quoted.csv"));
        Assert.Equal("Dvořák Jiří 2600000012", Assert.Single(reading.Entries).Message);
        Assert.Equal(Money.Czk(18_204.70m), reading.Opened[0].Opening);
    }

    [CaseFact]
    public async Task An_export_of_internet_banking_is_read_with_its_head_of_sentences()
    {
        var reading = await Reading.Of(Samples.Case("f03-vypis-web.csv"));
        var opened = Assert.Single(reading.Opened);
        Assert.Equal(("2801387443/2010", Currency.Czk, "7/2026", Money.Czk(100)), (opened.OwnAccount, opened.Currency, opened.StatementNumber, opened.Opening!.Value));
        Assert.Equal((new DateOnly(2026, 11, 1), new DateOnly(2026, 11, 30)), (opened.OpenedOn!.Value, opened.LastDay!.Value));
        Assert.Equal(BalanceVerdict.Proven, reading.Closed[0].Balance);
        Assert.Equal((73L, "internet"), (reading.Entries[0].VariableSymbol!.Value.Value, reading.Entries[0].Message!));
    }

    [CaseFact]
    public async Task Windows_1250_is_read_whole()
    {
        var entry = Assert.Single((await Reading.Of(Samples.Case("f11-cp1250.csv"))).Entries);
        Assert.Equal(("Dvořák, Jiří", 82L, "427000000015"), (entry.CounterName!, entry.VariableSymbol!.Value.Value, entry.OrderReference!));
    }

    [CaseFact]
    public async Task One_id_twice_in_a_file_is_one_entry()
    {
        var reading = await Reading.Of(Samples.Case("j12-dup-id.json"));
        Assert.Equal("28000000010", Assert.Single(reading.Entries).EntryReference);
        Assert.Contains(reading.Warnings, warning => warning.Text.Contains("counts once", StringComparison.Ordinal));
    }

    [CaseFact]
    public async Task A_return_with_the_banks_fee_tells_what_was_ordered()
    {
        var reading = await Reading.Of(Samples.Case("M6-2.xml"));
        Assert.Equal((Money.Czk(559), true), (Assert.Single(reading.Entries).Amount, reading.Entries[0].IsReversal));
        Assert.Equal(Money.Czk(499), reading.Facts[0].Instructed);
    }

    [CaseFact]
    public async Task Every_case_is_read_or_refused_by_the_documented_exception()
    {
        var read = 0;
        foreach (var file in Directory.EnumerateFiles(Samples.Cases!))
        {
            try
            {
                read += (await Reading.Of(await File.ReadAllBytesAsync(file))).Entries.Count;
            }
            catch (StatementFormatException refusal)
            {
                Assert.NotEmpty(refusal.Found);
            }
        }

        Assert.True(read > 40, $"{read} entries");
    }
}
