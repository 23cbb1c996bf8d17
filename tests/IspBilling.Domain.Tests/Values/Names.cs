namespace IspBilling.Domain.Tests.Values;

/// <summary>Currencies, symbols, numbers and periods as people write them.</summary>
public class Names
{
    [Theory]
    [InlineData("CZK", true)]
    [InlineData("EUR", true)]
    [InlineData("czk", false)]
    [InlineData("CZ", false)]
    [InlineData("CZKK", false)]
    [InlineData("CZ1", false)]
    [InlineData("", false)]
    public void A_currency_is_three_capital_letters(string code, bool valid)
    {
        Assert.Equal(valid, Currency.TryParse(code, out var currency));
        if (valid) Assert.Equal((code, code), (currency.Code, currency.ToString()));
        else Assert.Throws<FormatException>(() => Currency.Parse(code));
    }

    [Fact]
    public void No_currency_says_so() => Assert.Equal("(none)", default(Currency).ToString());

    [Theory]
    [InlineData("1", 1L)]
    [InlineData("0000000001", 1L)]
    [InlineData(" 2600000001 ", 2600000001L)]
    [InlineData("9999999999", 9999999999L)]
    [InlineData("00009999999999", 9999999999L)]
    [InlineData("", null)]
    [InlineData("   ", null)]
    [InlineData("0", null)]
    [InlineData("0000000000", null)]
    [InlineData("12345678901", null)]
    [InlineData("12a", null)]
    [InlineData("-1", null)]
    [InlineData("1 2", null)]
    [InlineData("1.5", null)]
    [InlineData("١٢", null)] // digits, but not of this alphabet
    public void A_symbol_is_read_without_leading_zeros_or_is_none(string text, long? value)
    {
        var symbol = VariableSymbol.Read(text);

        Assert.Equal(value, symbol?.Value);
        if (symbol is not null) Assert.Equal(symbol, VariableSymbol.Read(symbol.Value.ToString()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_000_000_000)]
    public void A_symbol_has_one_to_ten_digits(long value) => Assert.Throws<InvariantBrokenException>(() => new VariableSymbol(value));

    [Theory]
    [InlineData(DocumentKind.Invoice, 2026, 1, "2600000001")]
    [InlineData(DocumentKind.Invoice, 2026, 99_999_999, "2699999999")]
    [InlineData(DocumentKind.CreditNote, 2026, 17, "D2600000017")]
    [InlineData(DocumentKind.Invoice, 2005, 1, "0500000001")]
    public void A_number_tells_kind_year_and_place_in_the_series(DocumentKind kind, int year, long sequence, string number)
    {
        var series = new SeriesKey(IssuerId.Default, kind, year);

        Assert.Equal(number, series.Number(sequence));
        if (kind == DocumentKind.Invoice) Assert.Equal(VariableSymbol.Read(number), series.Symbol(sequence));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000_000)]
    public void A_series_has_eight_digits(long sequence) =>
        Assert.Throws<InvariantBrokenException>(() => new SeriesKey(IssuerId.Default, DocumentKind.Invoice, 2026).Number(sequence));

    [Fact]
    public void A_period_holds_its_first_day_and_not_its_last_boundary()
    {
        var january = Given.Period("2026-01-01", "2026-02-01");

        Assert.Equal((31, Given.Day("2026-01-31"), "[2026-01-01, 2026-02-01)"), (january.Days, january.LastDay, january.ToString()));
        Assert.True(january.Contains(january.From) && january.Contains(january.LastDay) && !january.Contains(january.To));
        Assert.Throws<InvariantBrokenException>(() => Given.Period("2026-01-01", "2026-01-01"));
        Assert.Throws<InvariantBrokenException>(() => Given.Period("2026-01-02", "2026-01-01"));
    }

    [Theory]
    [InlineData("2026-01-10", "2026-01-20", true, true)]
    [InlineData("2026-01-01", "2026-02-01", true, true)]
    [InlineData("2025-12-31", "2026-01-02", true, false)]
    [InlineData("2026-01-31", "2026-02-02", true, false)]
    [InlineData("2026-02-01", "2026-02-02", false, false)]
    [InlineData("2025-12-01", "2026-01-01", false, false)]
    [InlineData("2025-12-01", "2026-03-01", true, false)]
    public void Periods_overlap_and_cover_by_days(string from, string to, bool overlaps, bool covers)
    {
        var (january, other) = (Given.Period("2026-01-01", "2026-02-01"), Given.Period(from, to));

        Assert.Equal((overlaps, overlaps, covers), (january.Overlaps(other), other.Overlaps(january), january.Covers(other)));
        Assert.Equal(overlaps, january.Intersect(other) is not null);
        Assert.Equal(january.Intersect(other), other.Intersect(january));
        if (covers) Assert.Equal(other, january.Intersect(other));
    }

    [Fact]
    public void Ids_read_as_plain_numbers()
    {
        Assert.Equal("1234567-8", new DocumentId(new AccountId(1234567), 8).ToString());
        Assert.Equal("1/Invoice/2026", new SeriesKey(IssuerId.Default, DocumentKind.Invoice, 2026).ToString());
        Assert.True(new AccountId(2).CompareTo(new AccountId(10)) < 0);
    }

    [Theory]
    [InlineData(12_345_678, false)]
    [InlineData(700_012_345, false)]
    [InlineData(2_500_000_001, false)]
    [InlineData(2_600_000_000, false)]
    [InlineData(2_600_000_001, true)]
    [InlineData(2_699_999_999, true)]
    [InlineData(3_612_345_678, true)]
    [InlineData(3_700_000_001, false)]
    [InlineData(9_999_999_999, false)]
    public void A_symbol_is_kept_free_for_invoices_of_this_year_and_the_next_ten(long symbol, bool expected) =>
        Assert.Equal(expected, SeriesKey.MayNumber(new VariableSymbol(symbol), Given.Day("2026-11-27")));

    [Theory]
    [InlineData(500_000_001, true)]
    [InlineData(9_400_000_001, false)]
    public void Years_are_counted_across_the_turn_of_a_century(long symbol, bool expected) =>
        Assert.Equal(expected, SeriesKey.MayNumber(new VariableSymbol(symbol), Given.Day("2095-01-01")));
}
