using System.Text;
using IspBilling.Banking.Camt;
using IspBilling.Banking.Fio;
using IspBilling.Banking.Gpc;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking;

/// <param name="ContentStart">Bytes to skip: a byte order mark, and before XML blanks, which its declaration does not allow.</param>
internal sealed record DetectedFormat(string Name, int ContentStart, Func<StatementReaderOptions, IStatementReader> CreateReader);

/// <summary>Tells the format from the first bytes of a file.</summary>
internal static class FormatDetection
{
    private const string Expected = "one of " + StatementReaders.SupportedFormats;
    private const string AtStart = "record 1, position 1";

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];
    private static ReadOnlySpan<byte> Utf16LittleMark => [0xFF, 0xFE];
    private static ReadOnlySpan<byte> Utf16BigMark => [0xFE, 0xFF];
    private static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    public static DetectedFormat Detect(FilePrefix prefix, string fileName)
    {
        var bytes = prefix.Bytes;
        if (bytes.IsEmpty) throw new StatementFormatException(fileName, AtStart, Expected, "an empty file");

        var start = bytes.StartsWith(Utf8Mark) ? Utf8Mark.Length : 0;
        var firstInk = bytes[start..].IndexOfAnyExcept(Blanks);
        if (firstInk < 0) throw new StatementFormatException(fileName, AtStart, Expected, "only blanks");

        var content = bytes[(start + firstInk)..];
        if (content.StartsWith("074"u8)) return new("GPC", start, options => new GpcStatementReader(options));
        if (FioJsonReader.Recognises(content)) return new("Fio JSON", start, options => new FioJsonReader(options));
        if (FioCsvReader.Recognises(content)) return new("Fio CSV", start, options => new FioCsvReader(options));
        if (LooksLikeXml(content)) return DetectXml(prefix, start + firstInk, fileName);
        throw new StatementFormatException(fileName, AtStart, Expected, DescribeUnknown(content));
    }

    /// <summary>In UTF-8 and the code pages; a UTF-16 file starts with its own byte order mark.</summary>
    private static bool LooksLikeXml(ReadOnlySpan<byte> content) =>
        content[0] == (byte)'<' || content.StartsWith(Utf16LittleMark) || content.StartsWith(Utf16BigMark);

    private static DetectedFormat DetectXml(FilePrefix prefix, int start, string fileName)
    {
        var (rootNamespace, rootName, line) = CamtXml.ReadRoot(prefix.OpenRead(start), fileName);
        if (rootNamespace is not null && CamtVersion.OfNamespace(rootNamespace) is { } version)
            return new(version, start, options => new CamtStatementReader(options));
        throw new StatementFormatException(fileName, $"record 1, line {line}", Expected, CamtVersion.Describe(rootNamespace, rootName));
    }

    private static string DescribeUnknown(ReadOnlySpan<byte> content)
    {
        if (content.StartsWith(":20:"u8) || content.StartsWith("{1:"u8)) return "an MT940 statement";
        if (content.StartsWith("%PDF"u8)) return "a PDF document";
        if (content.StartsWith("PK"u8)) return "a ZIP archive or an office document";
        return Printable.Quote(Encoding.Latin1.GetString(content[..Math.Min(content.Length, Printable.MaxLength)]));
    }
}
