using System.Text;
using IspBilling.Engine.StatementImports;
using IspBilling.Banking.Tests.Gpc;

namespace IspBilling.Banking.Tests;

public sealed class FormatDetectionTests
{
    [Theory]
    [InlineData("", "an empty file")]
    [InlineData("\uFEFF", "only blanks")]
    [InlineData(" \r\n\t", "only blanks")]
    [InlineData("%PDF-1.7", "a PDF document")]
    [InlineData("PK\u0003\u0004", "a ZIP archive or an office document")]
    [InlineData("{\"other\":1}", "\"{\"other\":1}\"")]
    [InlineData("Datum;Částka", "\"Datum;")]
    [InlineData("<Other/>", "an XML document \"Other\"")]
    [InlineData("<!DOCTYPE html><html><body>Nedovolený přístup", "a web page")]
    [InlineData("<HTML><body>", "a web page")]
    [InlineData("<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-\"><html/>", "a web page")]
    [InlineData("<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\"?><OFX/>", "an OFX file")]
    [InlineData("Datum;Částka;Měna;VS\r\n", "a table (CSV) that is not Fio's")]
    [InlineData("UHL1270126ISP", "ABO payment orders")]
    [InlineData("OFXHEADER:100", "an OFX file")]
    [InlineData("<?OFX OFXHEADER=\"200\"?>", "an OFX file")]
    [InlineData("<OFX><SIGNONMSGSRSV1>", "an OFX file")]
    [InlineData("<?xml version=\"1.0\"?><FINSTA03><FINSTA/></FINSTA03>", "a FINSTA statement")]
    [InlineData("!Type:Bank", "a QIF file")]
    [InlineData("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.052.001.02\"/>", "camt.052, a report of a day that is not over")]
    [InlineData("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\"/>", "payment orders")]
    public async Task Given_content_of_no_supported_format_then_the_refusal_lists_the_formats_and_says_what_it_is(string text, string found)
    {
        var refusal = await Reading.Refusal(text);
        Assert.StartsWith(found, refusal.Found, StringComparison.Ordinal);
        Assert.Equal("one of " + StatementReaders.SupportedFormats, refusal.Expected);
        Assert.Contains("record 1", refusal.Position, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_notification_then_it_is_read_as_one_and_tells_the_same_reference_as_its_statement()
    {
        var statement = Camt.CamtText.Document(Camt.CamtText.Statement(Camt.CamtText.Entry(), closing: 1499));
        var (told, notified) = (await Reading.Of(statement), await Reading.Of(Camt.CamtText.Notification(statement)));
        Assert.Equal((StatementKind.Statement, StatementKind.Notification), (told.Opened[0].Kind, notified.Opened[0].Kind));
        Assert.Equal(told.Facts[0].Reference, notified.Facts[0].Reference);
    }

    [Fact]
    public async Task Given_MT940_then_it_is_read()
    {
        var reading = await Reading.Of(Mt940.Mt940Text.Statement(Mt940.Mt940Text.Movement(), closing: "1499,00"));
        Assert.Equal(("MT940", BalanceVerdict.Proven), (reading.Format, reading.Closed[0].Balance));
    }

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B, 0x08, 0x00 }, "a gzip archive")]
    [InlineData(new byte[] { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1 }, "a spreadsheet (xls)")]
    public async Task Given_bytes_of_another_program_then_the_refusal_says_what_to_download_instead(byte[] bytes, string found)
    {
        var refusal = await Reading.Refusal(bytes);
        Assert.StartsWith(found, refusal.Found, StringComparison.Ordinal);
        Assert.Contains("download the statement as GPC", refusal.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task Given_a_copy_in_UTF_16_then_it_is_named_as_that(bool isLittleEndian, bool hasMark)
    {
        var encoding = new UnicodeEncoding(!isLittleEndian, hasMark);
        var refusal = await Reading.Refusal([.. encoding.GetPreamble(), .. encoding.GetBytes(Fio.FioText.Csv(Fio.FioText.CsvRow))]);
        Assert.StartsWith("a copy saved as UTF-16 (\"accountId;20\")", refusal.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_a_mark_and_blanks_before_the_content_then_it_is_recognised()
    {
        var gpc = Encoding.ASCII.GetString(GpcText.File(GpcText.Header()));
        Assert.Equal("GPC", (await Reading.Of("\uFEFF\r\n" + gpc)).Format);
        Assert.Equal("Fio JSON", (await Reading.Of("\uFEFF\r\n " + Fio.FioText.Json(""))).Format);
        Assert.Equal("Fio CSV", (await Reading.Of("\uFEFF" + Fio.FioText.Csv())).Format);
        Assert.Equal("Fio XML", (await Reading.Of("\uFEFF\r\n " + Fio.FioText.XmlFile())).Format);
        Assert.Equal("MT940", (await Reading.Of("\r\n" + Mt940.Mt940Text.Statement())).Format);
    }

    [Theory]
    [InlineData("GPC")]
    [InlineData("Fio JSON")]
    [InlineData("Fio CSV")]
    [InlineData("Fio XML")]
    [InlineData("MT940")]
    [InlineData("camt.053.001.02")]
    public async Task Given_the_caller_cancels_then_reading_ends_with_cancellation_and_not_with_a_refusal(string format)
    {
        using var cancelled = new CancellationTokenSource();
        using var stream = new MemoryStream(format switch
        {
            "GPC" => GpcText.File(GpcText.Header()),
            "Fio JSON" => Encoding.UTF8.GetBytes(Fio.FioText.Json("")),
            "Fio CSV" => Encoding.UTF8.GetBytes(Fio.FioText.Csv()),
            "Fio XML" => Encoding.UTF8.GetBytes(Fio.FioText.XmlFile()),
            "MT940" => Encoding.UTF8.GetBytes(Mt940.Mt940Text.Statement()),
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
