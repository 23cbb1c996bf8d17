using System.Globalization;
using System.Text;
using System.Xml;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Camt;

/// <summary>How XML is read here: as a stream, with no DTD, no external entity and no exception of the XML library passing out.</summary>
internal static class CamtXml
{
    static CamtXml() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static XmlReaderSettings Settings(bool isAsync) => new()
    {
        Async = isAsync,
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        CloseInput = false,
    };

    public static T Guard<T>(XmlReader xml, string fileName, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw Malformed(e, xml, fileName, record: 1);
        }
    }

    /// <summary>What the XML library throws for bad input: its own, and the decoder's for bytes that are no text.</summary>
    public static bool IsMalformed(Exception e) => e is XmlException or DecoderFallbackException or ArgumentException;

    public static StatementFormatException Malformed(Exception cause, XmlReader xml, string fileName, long record)
    {
        var (line, column) = cause is XmlException known
            ? (known.LineNumber, known.LinePosition)
            : (((IXmlLineInfo)xml).LineNumber, ((IXmlLineInfo)xml).LinePosition);
        var position = string.Create(CultureInfo.InvariantCulture, $"record {record}, line {line}, column {column}");
        return new StatementFormatException(fileName, position, "well-formed XML without a DTD", Printable.Quote(cause.Message));
    }
}
