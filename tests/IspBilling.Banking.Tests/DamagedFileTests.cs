using System.Text;
using IspBilling.Banking.Tests.Camt;
using IspBilling.Banking.Tests.Fio;
using IspBilling.Banking.Tests.Gpc;
using IspBilling.Banking.Tests.Mt940;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Tests;

/// <summary>Whatever happens to a file on its way, it is read, warned about or refused by a message that names the place.</summary>
public sealed class DamagedFileTests
{
    public static TheoryData<string> Formats => ["GPC", "GPC long", "Fio JSON", "Fio XML", "Fio CSV", "Fio CSV web", "MT940", "camt 02", "camt 08", "camt 054", "camt UTF-16"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Given_a_file_that_breaks_off_anywhere_then_it_is_read_or_refused(string format)
    {
        var whole = Whole(format);
        Assert.NotEmpty((await Reading.Of(whole)).Entries);
        for (var length = 0; length < whole.Length; length++) await ReadOrRefuse(whole[..length], format, length);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Given_any_byte_changed_then_the_file_is_read_or_refused(string format)
    {
        var whole = Whole(format);
        for (var at = 0; at < whole.Length; at++)
        {
            foreach (var value in new byte[] { 0x00, 0x0A, (byte)'"', (byte)'<', 0xFF, (byte)(whole[at] ^ 0x01) })
            {
                var damaged = (byte[])whole.Clone();
                damaged[at] = value;
                await ReadOrRefuse(damaged, format, at);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Given_pieces_cut_out_doubled_and_scrambled_then_the_file_is_read_or_refused(string format)
    {
        var whole = Whole(format);
        var random = new Random(20260201);
        for (var round = 0; round < 1000; round++)
        {
            var damaged = whole.ToList();
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                var at = random.Next(damaged.Count);
                var length = Math.Min(random.Next(1, 80), damaged.Count - at);
                var piece = damaged.GetRange(at, length);
                if (random.Next(3) == 0) damaged.RemoveRange(at, length);
                else if (random.Next(2) == 0) damaged.InsertRange(random.Next(damaged.Count), piece);
                else for (var i = 0; i < length; i++) damaged[at + i] = (byte)random.Next(256);
                if (damaged.Count == 0) break;
            }

            await ReadOrRefuse([.. damaged], format, round);
        }
    }

    private static async Task ReadOrRefuse(byte[] bytes, string format, int where)
    {
        try
        {
            await Reading.Of(bytes);
        }
        catch (StatementFormatException refusal)
        {
            Assert.NotEmpty(refusal.Position);
            Assert.NotEmpty(refusal.Expected);
            Assert.NotEmpty(refusal.Found);
            Assert.DoesNotContain('\n', refusal.Message);
        }
        catch (Exception other)
        {
            Assert.Fail($"{format} damaged at {where}: {other}");
        }
    }

    private static byte[] Whole(string format) => format switch
    {
        "GPC" => GpcText.File(GpcText.Header(closing: 149_900), GpcText.Item(), GpcText.Message("078", "zpráva"), GpcText.Message("079", "dál")),
        "GPC long" => GpcText.File(GpcText.Header(closing: 149_900), GpcText.Item().PadRight(400, 'x').PadRight(1135)),
        "Fio JSON" => Encoding.UTF8.GetBytes(FioText.Json(FioText.Movement())),
        "Fio CSV" => Encoding.UTF8.GetBytes(FioText.Csv(FioText.CsvRow)),
        "Fio XML" => Encoding.UTF8.GetBytes(FioText.XmlFile(FioText.XmlMovement)),
        "Fio CSV web" => CodePagesEncodingProvider.Instance.GetEncoding(1250)!.GetBytes(FioText.WebCsv(FioText.WebCsvRow)),
        "MT940" => Encoding.UTF8.GetBytes(Mt940Text.Statement(Mt940Text.Movement(details: Mt940Text.Czech) + Mt940Text.Movement(mark: "RC", details: Mt940Text.German))),
        "camt 054" => Encoding.UTF8.GetBytes(CamtText.Notification(Camt("08"))),
        "camt 02" => Encoding.UTF8.GetBytes(Camt("02")),
        "camt 08" => Encoding.UTF8.GetBytes(Camt("08")),
        "camt UTF-16" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Camt("02").Replace("UTF-8", "UTF-16", StringComparison.Ordinal))],
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    private static string Camt(string version) => CamtText.Document(
        CamtText.Statement(
            CamtText.Entry(CamtText.Batch(
                CamtText.Transaction("<EndToEndId>/VS7/SS/KS</EndToEndId>", amount: 99, detailsAmount: 99, remittance: "<Ustrd>á &amp; b</Ustrd>"),
                CamtText.Transaction("<TxId>X</TxId>", amount: 400, detailsAmount: 400, rest: "<RtrInf/>"))),
            closing: 1499),
        version);
}
