using System.Text;

namespace IspBilling.Banking.Tests.Gpc;

/// <summary>GPC records written from the field table by hand, so that the reader is not tested by its own writer only.</summary>
internal static class GpcText
{
    private static readonly Encoding Windows1250 = CodePagesEncodingProvider.Instance.GetEncoding(1250)!;

    public static byte[] File(params IEnumerable<string> records) =>
        Windows1250.GetBytes(string.Concat(records.Select(record => record + "\r\n")));

    public static string Header(
        string account = "0000002000145399", string name = "POSKYTOVATEL S.R.O.", string openedOn = "310126", long opening = 100_000,
        long closing = 100_000, string number = "002", string bookedOn = "010226", string filler = "") =>
        ("074" + account + name.PadRight(20) + openedOn + Balance(opening) + Balance(closing)
            + new string('0', 14) + "0" + new string('0', 14) + "0" + number + bookedOn + filler).PadRight(128);

    public static string Item(
        long amount = 49_900, char code = '2', string account = "0000002000145399", string counter = "0000192000145399",
        string document = "0000000012345", string vs = "0000000007", string bank = "0800", string ks = "0308", string ss = "0000000000",
        string valueOn = "310126", string text = "NOVAK JAN", string dataType = "0203", string dueOn = "310126") =>
        "075" + account + counter + document + amount.ToString("000000000000") + code + vs + "00" + bank + ks + ss + valueOn
            + text.PadRight(20) + "0" + dataType + dueOn;

    public static string Message(string type, string text) => type + text;

    private static string Balance(long amount) => Math.Abs(amount).ToString("00000000000000") + (amount < 0 ? "-" : "+");
}
