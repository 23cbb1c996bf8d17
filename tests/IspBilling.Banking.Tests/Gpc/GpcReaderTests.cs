using IspBilling.Banking.Gpc;
using IspBilling.Domain;
using static IspBilling.Banking.Tests.Gpc.GpcText;

namespace IspBilling.Banking.Tests.Gpc;

public sealed class GpcReaderTests
{
    private static readonly StatementReaderOptions AtKb = new() { OwnBankCode = "0100" };
    private static readonly StatementReaderOptions AtSporitelna = new() { OwnBankCode = "0800" };

    [Fact]
    public async Task Given_one_credit_when_read_then_every_field_stands_where_the_table_says()
    {
        var reading = await Reading.Of(File(Header(closing: 149_900), Item(ss: "0000000042", text: "Žluťoučký kůň")), AtKb);

        Assert.Equal("GPC", reading.Format);
        Assert.Empty(reading.Warnings);
        var opened = Assert.Single(reading.Opened);
        Assert.Equal("2000145399/0100", opened.OwnAccount);
        Assert.Equal(Currency.Czk, opened.Currency);
        Assert.Equal("002", opened.StatementNumber);
        Assert.Equal(Money.Czk(1000), opened.Opening);
        Assert.Equal(new DateOnly(2026, 1, 31), opened.OpenedOn);
        Assert.Equal(
            new StatementEntry(
                "2000145399/0100", null, Money.Czk(499), EntryDirection.Credit, IsReversal: false,
                new DateOnly(2026, 2, 1), new DateOnly(2026, 1, 31), "19-2000145399/0800", "Žluťoučký kůň",
                new VariableSymbol(7), "308", "42", "Žluťoučký kůň", null, "record 2"),
            Assert.Single(reading.Entries));
        var closed = Assert.Single(reading.Closed);
        Assert.Equal(Money.Czk(1499), closed.Closing);
        Assert.Equal(new DateOnly(2026, 2, 1), closed.ClosedOn);
    }

    [Fact]
    public async Task Given_line_feeds_only_and_blank_lines_and_a_mark_of_an_old_program_then_it_reads_the_same()
    {
        var text = "\n" + Header(closing: 149_900) + "\n\n" + Item() + "\n\u001a";
        var reading = await Reading.Of(text, AtKb);
        Assert.Equal("record 4", Assert.Single(reading.Entries).Position);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_a_value_date_of_zeros_then_the_booking_date_is_the_value_date()
    {
        var reading = await Reading.Of(File(Header(closing: 149_900), Item(valueOn: "000000")), AtKb);
        Assert.Equal(new DateOnly(2026, 2, 1), Assert.Single(reading.Entries).ValueOn);
    }

    [Fact]
    public async Task Given_zeros_for_the_symbols_and_the_counter_account_then_there_are_none()
    {
        var item = Item(vs: "0000000000", ks: "0000", ss: "          ", counter: new string('0', 16), bank: "0000", text: "");
        var entry = Assert.Single((await Reading.Of(File(Header(closing: 149_900), item), AtKb)).Entries);
        Assert.Null(entry.VariableSymbol);
        Assert.Null(entry.ConstantSymbol);
        Assert.Null(entry.SpecificSymbol);
        Assert.Null(entry.CounterAccount);
        Assert.Null(entry.CounterName);
        Assert.Null(entry.Message);
    }

    [Fact]
    public async Task Given_blanks_where_numbers_belong_that_nothing_depends_on_then_there_are_none()
    {
        var item = Item(vs: "          ", ks: "    ", ss: "          ", counter: new string(' ', 16), bank: "    ", valueOn: "      ", dueOn: "      ", dataType: "    ");
        var entry = Assert.Single((await Reading.Of(File(Header(closing: 149_900), item), AtKb)).Entries);
        Assert.Null(entry.CounterAccount);
        Assert.Null(entry.VariableSymbol);
        Assert.Equal(entry.BookedOn, entry.ValueOn);
    }

    [Theory]
    [InlineData('1', EntryDirection.Debit, false, -49_900)]
    [InlineData('2', EntryDirection.Credit, false, 49_900)]
    [InlineData('4', EntryDirection.Credit, true, 49_900)]
    [InlineData('5', EntryDirection.Debit, true, -49_900)]
    public async Task Given_the_usual_posting_codes_then_a_reversal_has_its_real_direction(char code, EntryDirection direction, bool isReversal, long movement)
    {
        var reading = await Reading.Of(File(Header(closing: 100_000 + movement), Item(code: code)), AtKb);
        var entry = Assert.Single(reading.Entries);
        Assert.Equal((direction, isReversal), (entry.Direction, entry.IsReversal));
        Assert.Empty(reading.Warnings);
    }

    [Theory]
    [InlineData('3', EntryDirection.Credit, 49_900)]
    [InlineData('4', EntryDirection.Debit, -49_900)]
    public async Task Given_a_bank_that_reverses_with_3_and_4_then_these_are_reversals(char code, EntryDirection direction, long movement)
    {
        var reading = await Reading.Of(File(Header(closing: 100_000 + movement), Item(code: code)), AtSporitelna);
        var entry = Assert.Single(reading.Entries);
        Assert.Equal((direction, true), (entry.Direction, entry.IsReversal));
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_code_4_when_the_balances_prove_the_other_convention_then_the_file_is_refused()
    {
        var refusal = await Reading.Refusal(File(Header(closing: 100_000 - 49_900), Item(code: '4')), AtKb);
        Assert.Contains("the other way round", refusal.Found, StringComparison.Ordinal);
        Assert.Equal("record 1", refusal.Position);
    }

    [Fact]
    public async Task Given_a_bank_that_nobody_named_when_code_3_comes_then_it_tells_the_convention()
    {
        var reading = await Reading.Of(File(Header(closing: 100_000), Item(code: '3'), Item(code: '4')));
        Assert.Equal([EntryDirection.Credit, EntryDirection.Debit], reading.Entries.Select(entry => entry.Direction));
    }

    [Fact]
    public async Task Given_a_setting_for_a_bank_then_it_goes_before_what_is_known()
    {
        var options = AtKb with
        {
            GpcConventions = new Dictionary<string, GpcConvention> { ["0100"] = new(GpcReversalCodes.ThreeAndFour, DocumentNumberIsUnique: true) },
        };
        var entry = Assert.Single((await Reading.Of(File(Header(closing: 149_900), Item(code: '3')), options)).Entries);
        Assert.True(entry.IsReversal);
        Assert.Equal("12345", entry.EntryReference);
    }

    [Fact]
    public async Task Given_code_5_at_a_bank_of_3_and_4_then_it_is_refused_by_position()
    {
        var refusal = await Reading.Refusal(File(Header(), Item(code: '5')), AtSporitelna);
        Assert.Equal("record 2, position 61", refusal.Position);
        Assert.Contains("1, 2, 3 or 4", refusal.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_items_that_do_not_reach_the_new_balance_then_a_warning_tells_both()
    {
        var reading = await Reading.Of(File(Header(closing: 150_000), Item()), AtKb);
        var warning = Assert.Single(reading.Warnings);
        Assert.Contains("1499.00 CZK", warning.Text, StringComparison.Ordinal);
        Assert.Contains("1500.00 CZK", warning.Text, StringComparison.Ordinal);
        Assert.Single(reading.Entries);
        Assert.Single(reading.Closed);
    }

    [Fact]
    public async Task Given_many_statements_in_a_file_then_each_is_opened_and_closed_and_proved_alone()
    {
        var reading = await Reading.Of(
            File(Header(closing: 149_900), Item(), Header(opening: 149_900, closing: 149_900, number: "003"), Header(opening: 149_900, closing: 100_000, number: "004"), Item(code: '1')),
            AtKb);
        Assert.Equal(["002", "003", "004"], reading.Opened.Select(opened => opened.StatementNumber));
        Assert.Equal(3, reading.Closed.Count);
        Assert.Empty(reading.Warnings);
        Assert.Equal(
            ["Opened", "Entry", "Closed", "Opened", "Closed", "Opened", "Entry", "Closed"],
            reading.Items.Select(item => item.GetType().Name.Replace("Statement", "").Replace("Read", "")));
    }

    [Fact]
    public async Task Given_a_negative_balance_then_it_is_negative()
    {
        var reading = await Reading.Of(File(Header(opening: -10_000, closing: 39_900), Item()), AtKb);
        Assert.Equal(Money.Czk(-100), Assert.Single(reading.Opened).Opening);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_message_records_then_they_replace_the_short_text_as_the_message()
    {
        var first = new string('a', 68) + " x";
        var reading = await Reading.Of(
            File(Header(closing: 199_800), Item(), Message("078", first), Message("079", "yz konec"), Item()), AtKb);
        Assert.Equal(first + "yz konec", reading.Entries[0].Message);
        Assert.Equal("NOVAK JAN", reading.Entries[0].CounterName);
        Assert.Equal("NOVAK JAN", reading.Entries[1].Message);
    }

    [Fact]
    public async Task Given_a_first_half_that_ends_within_blanks_then_the_second_half_starts_a_new_word()
    {
        var reading = await Reading.Of(File(Header(closing: 149_900), Item(), Message("078", "prvni"), Message("079", "druha")), AtKb);
        Assert.Equal("prvni" + new string(' ', 65) + "druha", Assert.Single(reading.Entries).Message);
    }

    [Fact]
    public async Task Given_messages_without_end_then_the_message_is_cut_at_the_limit()
    {
        var messages = Enumerable.Repeat(Message("078", new string('x', 70)), 1000);
        var reading = await Reading.Of(File([Header(closing: 149_900), Item(), .. messages]), AtKb);
        Assert.Equal(420, Assert.Single(reading.Entries).Message!.Length);
    }

    [Fact]
    public async Task Given_additional_records_then_they_are_passed_over_with_one_warning()
    {
        var reading = await Reading.Of(File(Header(closing: 149_900), Item(), "076 something", "076 something", "077"), AtKb);
        Assert.Equal("record 3", Assert.Single(reading.Warnings).Position);
        Assert.Single(reading.Entries);
    }

    [Fact]
    public async Task Given_the_internal_order_of_digits_then_accounts_are_shown_as_people_write_them()
    {
        // 19-2000145399: P = 000019, C1–C9 C0 = 2000145399.
        // Stored C0 C8 C9 C6 C1 C2 C3 C4 C5 C7 P1–P6:      9 3 9 4 2 0 0 0 1 5 000019
        const string stored = "9394200015000019";
        var reading = await Reading.Of(
            File(Header(account: stored, closing: 149_900), Item(account: stored)), AtKb);
        Assert.Equal("19-2000145399/0100", Assert.Single(reading.Opened).OwnAccount);
        Assert.Equal("19-2000145399/0100", Assert.Single(reading.Entries).OwnAccount);
    }

    [Fact]
    public async Task Given_an_account_that_passes_in_both_orders_when_it_is_known_then_the_known_one_is_meant()
    {
        var (shown, stored) = AccountsThatPassInBothOrders().First();
        var digits = stored.ToString("0000000000000000");
        var reading = await Reading.Of(File(Header(account: digits), Item(account: digits, amount: 0)), new() { OwnAccounts = [shown] });
        Assert.Equal(shown.ToString(), Assert.Single(reading.Opened).OwnAccount);
    }

    [Fact]
    public async Task Given_own_accounts_then_they_give_the_bank_that_the_file_lacks()
    {
        var options = new StatementReaderOptions { OwnAccounts = [new CzechAccount(0, 2000145399, 5500)], OwnBankCode = "0100" };
        Assert.Equal("2000145399/5500", Assert.Single((await Reading.Of(File(Header()), options)).Opened).OwnAccount);
    }

    [Fact]
    public async Task Given_no_way_to_know_the_bank_then_a_warning_asks_for_it()
    {
        var reading = await Reading.Of(File(Header()));
        Assert.Equal("2000145399", Assert.Single(reading.Opened).OwnAccount);
        Assert.Contains("bank", Assert.Single(reading.Warnings).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_the_sign_of_Fio_then_the_document_number_is_the_identity_and_the_last_date_the_booking_date()
    {
        var reading = await Reading.Of(File(Header(closing: 149_900, filler: "FIO"), Item(dueOn: "150126")));
        var entry = Assert.Single(reading.Entries);
        Assert.Equal("2000145399/2010", entry.OwnAccount);
        Assert.Equal("12345", entry.EntryReference);
        Assert.Equal(new DateOnly(2026, 1, 15), entry.BookedOn);
    }

    [Fact]
    public async Task Given_the_long_entry_of_Ceska_sporitelna_then_bank_name_and_message_come_from_it()
    {
        var lines = new[] { "Faktura 20260001 za pripojeni k inte", "rnetu" };
        var item = Item(code: '3') + string.Concat(lines[0][..35], (lines[0][35..] + lines[1]).PadRight(35), new string(' ', 105))
            + new string(' ', 47) + "000000000049900" + "CZK" + "NOVAK JAN A SYN SPOL. S R.O.".PadRight(35);
        var reading = await Reading.Of(File(Header(closing: 149_900), item.PadRight(1135)));
        var entry = Assert.Single(reading.Entries);
        Assert.Equal("2000145399/0800", entry.OwnAccount);
        Assert.Equal("NOVAK JAN A SYN SPOL. S R.O.", entry.CounterName);
        Assert.Equal("Faktura 20260001 za pripojeni k internetu", entry.Message);
        Assert.True(entry.IsReversal);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_a_numeric_currency_code_then_the_statement_is_in_that_currency()
    {
        var reading = await Reading.Of(File(Header(closing: 149_900), Item(dataType: "0978")), AtKb);
        Assert.Equal(Currency.Eur, Assert.Single(reading.Opened).Currency);
        Assert.Equal(Money.Eur(499), Assert.Single(reading.Entries).Amount);
    }

    [Fact]
    public async Task Given_two_currencies_in_one_statement_then_the_second_is_refused()
    {
        var refusal = await Reading.Refusal(File(Header(), Item(), Item(dataType: "0978")), AtKb);
        Assert.Equal("record 3, position 119–122", refusal.Position);
    }

    [Fact]
    public async Task Given_an_entry_of_zero_then_it_is_left_out_with_a_warning()
    {
        var reading = await Reading.Of(File(Header(), Item(amount: 0)), AtKb);
        Assert.Empty(reading.Entries);
        Assert.Equal("record 2", Assert.Single(reading.Warnings).Position);
    }

    [Theory]
    [InlineData("an entry before a header", 2)]
    [InlineData("an unknown record", 2)]
    [InlineData("a short entry", 2)]
    [InlineData("a long entry", 2)]
    [InlineData("letters in the amount", 2)]
    [InlineData("letters in the symbol", 2)]
    [InlineData("a header without booking date", 1)]
    [InlineData("a header without sign", 1)]
    [InlineData("a line without end", 2)]
    public async Task Given_a_record_that_cannot_be_trusted_then_the_file_is_refused_at_that_record(string what, int record)
    {
        var file = what switch
        {
            "an entry before a header" => File("", Item()),
            "an unknown record" => File(Header(), "999"),
            "a short entry" => File(Header(), Item()[..127]),
            "a long entry" => File(Header(), Item() + "x"),
            "letters in the amount" => File(Header(), Item().Remove(50, 1).Insert(50, "x")),
            "letters in the symbol" => File(Header(), Item(vs: "00000000A7")),
            "a header without booking date" => File(Header(bookedOn: "000000")),
            "a header without sign" => File(Header().Replace('+', ' ')),
            "a line without end" => File(Header(), new string('x', 100_000)),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        };
        var refusal = await Reading.Refusal(what == "an entry before a header" ? file[2..] : file, AtKb);
        Assert.StartsWith(what == "an entry before a header" ? "record 1" : $"record {record}", refusal.Position, StringComparison.Ordinal);
        Assert.NotEmpty(refusal.Expected);
        Assert.Equal("statement", refusal.FileName);
    }

    [Fact]
    public async Task Given_more_entries_than_the_limit_then_the_file_is_refused()
    {
        var options = AtKb with { Limits = new() { EntriesMax = 2 } };
        var refusal = await Reading.Refusal(File(Header(), Item(), Item(), Item()), options);
        Assert.Equal("record 4", refusal.Position);
    }

    private static IEnumerable<(CzechAccount Shown, long Stored)> AccountsThatPassInBothOrders()
    {
        const long prefix19 = 190_000_000_000;
        for (var stored = prefix19; stored < prefix19 + 10_000_000_000; stored++)
        {
            var inner = GpcAccountReference.Internal(stored);
            if (!new CzechAccount((int)(stored / 10_000_000_000), stored % 10_000_000_000, 0).HasValidCheckDigits) continue;
            if (inner.HasValidCheckDigits) yield return (inner, stored);
        }
    }
}

/// <summary>The internal order in the plainest words, to check the reader's arithmetic against.</summary>
internal static class GpcAccountReference
{
    public static CzechAccount Internal(long stored)
    {
        var s = stored.ToString("0000000000000000");
        var number = $"{s[4]}{s[5]}{s[6]}{s[7]}{s[8]}{s[3]}{s[9]}{s[1]}{s[2]}{s[0]}";
        return new CzechAccount(int.Parse(s[10..]), long.Parse(number), 5500);
    }
}
