using System.Text;
using IspBilling.Banking.Camt;

namespace IspBilling.Banking.Detection;

/// <summary>Names what people upload instead of a statement, and says what to download: a clerk cannot do anything with "unknown format".</summary>
internal static class ForeignFiles
{
    public const string Instead = "download the statement as GPC, camt.053 or, from Fio, as JSON or CSV";

    /// <summary>The first that fits; what comes earlier is the more particular.</summary>
    private static readonly (Func<FileStart, bool> Fits, string Name)[] Known =
    [
        (start => start.Bytes.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]), $"a gzip archive: unpack it, or {Instead}"),
        (start => start.Bytes.StartsWith("PK"u8), $"a ZIP archive or an office document (xlsx, docx): unpack it, or {Instead}"),
        (start => start.Bytes.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]), $"a spreadsheet (xls): {Instead}"),
        (start => start.Bytes.StartsWith("%PDF"u8), $"a PDF document, which is for people to read: {Instead}"),
        (IsWebPage, $"a web page: the bank answered with a page instead of a file; sign in again and {Instead}"),
        (start => HasBegin(start, "OFXHEADER", "<OFX", "<?OFX") || start.Root?.Name == "OFX", $"an OFX file for accounting programs: {Instead}"),
        (start => start.Bytes.StartsWith("UHL1"u8), $"ABO payment orders, which go to the bank and do not come from it: {Instead}"),
        (start => start.Root?.Name.StartsWith("FINSTA", StringComparison.OrdinalIgnoreCase) ?? false, $"a FINSTA statement: {Instead}"),
        (start => IsMessage(start, "camt.052"), $"camt.052, a report of a day that is not over: {Instead}"),
        (start => IsMessage(start, "pain."), $"payment orders, which go to the bank and do not come from it: {Instead}"),
        (start => HasBegin(start, "!Type:"), $"a QIF file for accounting programs: {Instead}"),
        (IsTable, $"a table (CSV) that is not Fio's: {Instead}"),
    ];

    /// <summary>Null for what nobody here has met.</summary>
    public static string? Describe(FileStart start) => Array.Find(Known, known => known.Fits(start)).Name;

    /// <summary>UTF-16 doubles every byte, so that no format's first letters are where they belong; XML says its encoding and is read.</summary>
    public static string? DescribeUtf16(ReadOnlySpan<byte> bytes)
    {
        var encoding = bytes switch
        {
            [0xFF, 0xFE, ..] or [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] or [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
            _ => null,
        };
        if (encoding is null) return null;
        var text = encoding.GetString(bytes[..(bytes.Length & ~1)]).TrimStart('\uFEFF', ' ', '\r', '\n', '\t');
        return text.StartsWith('<')
            ? null
            : $"a copy saved as UTF-16 ({Printable.Quote(text.AsSpan()[..Math.Min(text.Length, 12)])}): {Instead} again and upload it without opening and saving it";
    }

    /// <summary>Anywhere in the first lines: an XML declaration or a comment may come before.</summary>
    private static bool IsWebPage(FileStart start)
    {
        const int looked = 1024;
        if (start.Bytes is not [(byte)'<', ..]) return false;
        var text = Encoding.Latin1.GetString(start.Bytes[..Math.Min(start.Bytes.Length, looked)]);
        return text.Contains("<html", StringComparison.OrdinalIgnoreCase) || text.Contains("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A first line of several columns.</summary>
    private static bool IsTable(FileStart start)
    {
        const int columnsMin = 4;
        var end = start.Bytes.IndexOfAny((byte)'\r', (byte)'\n');
        var line = end < 0 ? start.Bytes : start.Bytes[..end];
        return line is not [(byte)'<' or (byte)'{', ..] && (line.Count((byte)';') >= columnsMin - 1 || line.Count((byte)',') >= columnsMin - 1 || line.Count((byte)'\t') >= columnsMin - 1);
    }

    private static bool HasBegin(FileStart start, params ReadOnlySpan<string> beginnings)
    {
        Span<char> text = stackalloc char[Math.Min(start.Bytes.Length, 20)];
        Encoding.Latin1.GetChars(start.Bytes[..text.Length], text);
        foreach (var beginning in beginnings)
            if (((ReadOnlySpan<char>)text).StartsWith(beginning, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool IsMessage(FileStart start, string name) =>
        start.Root?.Namespace?.StartsWith(CamtVersion.Family + name, StringComparison.Ordinal) ?? false;
}
