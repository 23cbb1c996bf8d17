using System.Text;
using IspBilling.Banking.Camt;
using IspBilling.Banking.Xml;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Detection;

/// <param name="ContentStart">Bytes to skip: a byte order mark, and before XML blanks, which its declaration does not allow.</param>
internal sealed record DetectedFormat(string Name, int ContentStart, Func<StatementReaderOptions, IStatementReader> CreateReader);

/// <summary>Tells the format from the first bytes of a file.</summary>
internal static class FormatDetection
{
    private const string Expected = "one of " + StatementFormats.Names;
    private const string AtStart = "record 1, position 1";

    private static ReadOnlySpan<byte> Utf8Mark => [0xEF, 0xBB, 0xBF];
    private static ReadOnlySpan<byte> Utf16LittleMark => [0xFF, 0xFE];
    private static ReadOnlySpan<byte> Utf16BigMark => [0xFE, 0xFF];

    /// <summary>Also what the SWIFT network puts before a message.</summary>
    private static ReadOnlySpan<byte> Blanks => " \t\r\n\u0001"u8;

    public static DetectedFormat Detect(FilePrefix prefix, string fileName)
    {
        var bytes = prefix.Bytes;
        if (bytes.IsEmpty) throw new StatementFormatException(fileName, AtStart, Expected, "an empty file");

        var mark = bytes.StartsWith(Utf8Mark) ? Utf8Mark.Length : 0;
        var firstInk = bytes[mark..].IndexOfAnyExcept(Blanks);
        if (firstInk < 0) throw new StatementFormatException(fileName, AtStart, Expected, "only blanks");
        if (ForeignFiles.DescribeUtf16(bytes[(mark + firstInk)..]) is { } copy) throw new StatementFormatException(fileName, AtStart, Expected, copy);

        var start = ReadStart(prefix, mark + firstInk, fileName);
        foreach (var format in StatementFormats.All)
        {
            if (format.Recognise(start) is { } name)
                return new(name, start.Root is null ? mark : mark + firstInk, options => format.Create(start, name, options));
        }

        throw Unknown(start, fileName);
    }

    private static FileStart ReadStart(FilePrefix prefix, int contentStart, string fileName)
    {
        var content = prefix.From(contentStart);
        if (!LooksLikeXml(content.Span)) return new FileStart(content, Root: null);
        var page = new FileStart(content, Root: null);

        // A web page is seldom well-formed; what it is matters more than where it breaks the rules of XML.
        if (ForeignFiles.Describe(page) is not null) return page;
        return new FileStart(content, BankXml.ReadRoot(prefix.OpenRead(contentStart), fileName));
    }

    /// <summary>In UTF-8 and the code pages; a UTF-16 file starts with its own byte order mark.</summary>
    private static bool LooksLikeXml(ReadOnlySpan<byte> content) =>
        content[0] == (byte)'<' || content.StartsWith(Utf16LittleMark) || content.StartsWith(Utf16BigMark);

    private static StatementFormatException Unknown(FileStart start, string fileName)
    {
        if (ForeignFiles.Describe(start) is { } known) return new(fileName, AtStart, Expected, known);
        if (start.Root is not { } root)
            return new(fileName, AtStart, Expected, Printable.Quote(Encoding.Latin1.GetString(start.Bytes[..Math.Min(start.Bytes.Length, Printable.MaxLength)])));
        var isMessage = root.Namespace?.StartsWith(CamtVersion.Family, StringComparison.Ordinal) ?? false;
        return new(
            fileName, $"record 1, line {root.Line}", Expected,
            isMessage ? Printable.Quote(root.Namespace.AsSpan(CamtVersion.Family.Length)) : $"an XML document {Printable.Quote(root.Name)}");
    }
}
