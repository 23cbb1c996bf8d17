using System.Globalization;
using System.Text;
using System.Xml;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Xml;

/// <summary>How XML is read here: as a stream, with no DTD, no external entity and no exception of the XML library passing out.</summary>
internal static class BankXml
{
    static BankXml() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

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

    /// <summary>Namespace and name of the root element, which must stand within the bytes given; null where there is no element.</summary>
    public static (string? Namespace, string Name, int Line) ReadRoot(Stream beginning, string fileName)
    {
        XmlReader? xml = null;
        try
        {
            xml = XmlReader.Create(beginning, Settings(isAsync: false));
            var root = xml.MoveToContent() == XmlNodeType.Element ? xml.NamespaceURI : null;
            return (root, xml.LocalName, ((IXmlLineInfo)xml).LineNumber);
        }
        catch (Exception e) when (IsMalformed(e))
        {
            throw Malformed(e, xml as IXmlLineInfo, fileName, record: 1);
        }
        finally
        {
            xml?.Dispose();
        }
    }

    /// <summary>
    /// What the XML library throws for bad input: its own, the decoder's for bytes that are no text, and, over an XML declaration with a
    /// long text in it, one from the arithmetic of its buffers.
    /// </summary>
    public static bool IsMalformed(Exception e) => e is XmlException or DecoderFallbackException or ArgumentOutOfRangeException;

    public static StatementFormatException Malformed(Exception cause, IXmlLineInfo? at, string fileName, long record)
    {
        var (line, column) = cause is XmlException known
            ? (known.LineNumber, known.LinePosition)
            : (at?.LineNumber ?? 1, at?.LinePosition ?? 1);
        var position = string.Create(CultureInfo.InvariantCulture, $"record {record}, line {line}, column {column}");
        return new StatementFormatException(fileName, position, "well-formed XML without a DTD", Printable.Quote(cause.Message));
    }
}
