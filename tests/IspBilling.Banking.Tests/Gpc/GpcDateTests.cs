using IspBilling.Domain;
using IspBilling.Engine.StatementImports;
using static IspBilling.Banking.Tests.Gpc.GpcText;

namespace IspBilling.Banking.Tests.Gpc;

public sealed class GpcDateTests
{
    private static readonly StatementReaderOptions AtKb = new() { OwnBankCode = "0100" };
    private static readonly DateOnly HeaderDay = new(2026, 2, 28);

    /// <summary>A statement from the evening of 31 January to 28 February.</summary>
    private static byte[] Month(string item, string filler = "") => File(Header(openedOn: "310126", bookedOn: "280226", closing: 149_900, filler: filler), item);

    [Theory]
    [InlineData("050226", "2026-02-05")]
    [InlineData("280226", "2026-02-28")]
    [InlineData("310126", "2026-02-28")] // the old balance holds it already: it is something else than a booking date
    [InlineData("010326", "2026-02-28")]
    [InlineData("      ", "2026-02-28")]
    [InlineData("000000", "2026-02-28")]
    [InlineData("310226", "2026-02-28")]
    [InlineData("050299", "2026-02-28")]
    public async Task Given_the_date_of_a_record_then_it_is_the_booking_date_where_it_lies_within_the_statement(string written, string bookedOn)
    {
        var reading = await Reading.Of(Month(Item(dueOn: written, valueOn: "050226")), AtKb);
        Assert.Equal(DateOnly.Parse(bookedOn), Assert.Single(reading.Entries).BookedOn);
        Assert.Empty(reading.Warnings);
    }

    [Fact]
    public async Task Given_a_booking_date_of_its_own_then_the_name_of_the_release_before_is_kept_beside_it()
    {
        var reading = await Reading.Of(Month(Item(dueOn: "050226", valueOn: "000000")), AtKb);
        var before = reading.Facts[0].AsReadBefore!;
        Assert.Equal((HeaderDay, HeaderDay), (before.BookedOn, before.ValueOn));
        Assert.Null((await Reading.Of(Month(Item(dueOn: "280226", valueOn: "000000")), AtKb)).Facts[0].AsReadBefore);
    }

    [Theory]
    [InlineData("      ", "2026-02-28", 0)]
    [InlineData("310226", "2026-02-28", 0)]
    [InlineData("150126", "2026-01-15", 0)]
    [InlineData("150625", "2026-02-28", 1)]
    public async Task Given_a_value_date_that_cannot_be_meant_then_the_booking_date_serves(string written, string valueOn, int warnings)
    {
        var reading = await Reading.Of(Month(Item(dueOn: "280226", valueOn: written)), AtKb);
        Assert.Equal(DateOnly.Parse(valueOn), Assert.Single(reading.Entries).ValueOn);
        Assert.Equal(warnings, reading.Warnings.Count);
    }

    [Fact]
    public async Task Given_Fio_when_a_movement_is_more_than_a_month_from_its_statement_then_it_is_refused() =>
        Assert.Equal("record 2, position 123–128", (await Reading.Refusal(Month(Item(dueOn: "150626"), "FIO"))).Position);

    [Fact]
    public async Task Given_the_day_of_the_reading_when_a_statement_lies_more_than_a_month_ahead_then_it_is_refused()
    {
        var file = Month(Item(dueOn: "280226"));
        Assert.Single((await Reading.Of(file, AtKb with { Today = new DateOnly(2026, 1, 28) })).Entries);
        Assert.Equal("a booking date from 1990-01-01 to 2026-02-27", (await Reading.Refusal(file, AtKb with { Today = new DateOnly(2026, 1, 27) })).Expected);
    }

    [Fact]
    public async Task Given_a_header_of_114_bytes_then_it_is_whole()
    {
        var reading = await Reading.Of(File(Header(closing: 149_900)[..114], Item()), AtKb);
        Assert.Single(reading.Entries);
        Assert.Empty(reading.Warnings);
        Assert.Equal("record 1", (await Reading.Refusal(File(Header(closing: 149_900)[..113], Item()), AtKb)).Position);
    }

    [Fact]
    public async Task Given_a_balance_without_its_sign_then_the_refusal_says_that()
    {
        var refusal = await Reading.Refusal(File(Header().Remove(59, 1).Insert(59, " ")), AtKb);
        Assert.Equal("record 1, position 60", refusal.Position);
        Assert.StartsWith("no sign", refusal.Found, StringComparison.Ordinal);
    }
}
