using System.Text;
using IspBilling.Banking.Tests.Gpc;

namespace IspBilling.Banking.Tests;

public sealed class FormatDetectionTests
{
    [Theory]
    [InlineData("", "an empty file")]
    [InlineData("\uFEFF", "only blanks")]
    [InlineData(" \r\n\t", "only blanks")]
    [InlineData(":20:REF\r\n:25:", "an MT940 statement")]
    [InlineData("{1:F01}", "an MT940 statement")]
    [InlineData("%PDF-1.7", "a PDF document")]
    [InlineData("PK\u0003\u0004", "a ZIP archive or an office document")]
    [InlineData("{\"other\":1}", "\"{\"other\":1}\"")]
    [InlineData("Datum;Částka", "\"Datum;")]
    [InlineData("<AccountStatement/>", "an XML document \"AccountStatement\"")]
    public async Task Given_content_of_no_supported_format_then_the_refusal_lists_the_formats_and_says_what_it_is(string text, string found)
    {
        var refusal = await Reading.Refusal(text);
        Assert.StartsWith(found, refusal.Found, StringComparison.Ordinal);
        Assert.Equal("one of GPC (ABO), Fio JSON, Fio CSV, camt.053.001.02 to .08", refusal.Expected);
        Assert.Contains("record 1", refusal.Position, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_mark_and_blanks_before_the_content_then_it_is_recognised()
    {
        var gpc = Encoding.ASCII.GetString(GpcText.File(GpcText.Header()));
        Assert.Equal("GPC", (await Reading.Of("\uFEFF\r\n" + gpc)).Format);
        Assert.Equal("Fio JSON", (await Reading.Of("\uFEFF\r\n " + Fio.FioText.Json(""))).Format);
        Assert.Equal("Fio CSV", (await Reading.Of("\uFEFF" + Fio.FioText.Csv())).Format);
    }

    [Theory]
    [InlineData("GPC")]
    [InlineData("Fio JSON")]
    [InlineData("Fio CSV")]
    [InlineData("camt.053.001.02")]
    public async Task Given_the_caller_cancels_then_reading_ends_with_cancellation_and_not_with_a_refusal(string format)
    {
        using var cancelled = new CancellationTokenSource();
        using var stream = new MemoryStream(format switch
        {
            "GPC" => GpcText.File(GpcText.Header()),
            "Fio JSON" => Encoding.UTF8.GetBytes(Fio.FioText.Json("")),
            "Fio CSV" => Encoding.UTF8.GetBytes(Fio.FioText.Csv()),
            _ => Encoding.UTF8.GetBytes(Camt.CamtText.Document(Camt.CamtText.Statement(""))),
        });
        var file = await StatementReaders.Open(stream, "f", StatementReaderOptions.Default, cancelled.Token);
        Assert.Equal(format, file.Format);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var item in file.Items.WithCancellation(cancelled.Token)) Assert.NotNull(item);
        });
    }
}
