using System.Xml;
using IspBilling.Banking.Xml;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Camt;

/// <summary>Walks the document and stops at the starts and ends of the elements that are read.</summary>
internal sealed class CamtScanner : IDisposable
{
    /// <summary>The schema nests about fifteen levels deep.</summary>
    private const int MaxDepth = 64;

    private readonly XmlReader _xml;
    private readonly string _fileName;
    private readonly CamtPath?[] _path = new CamtPath?[MaxDepth];
    private string _namespace = "";
    private bool _isEndPending;

    public CamtScanner(Stream file, string fileName, CancellationToken cancellation)
    {
        _fileName = fileName;
        _xml = XmlReader.Create(new MarkupBoundStream(file, fileName, cancellation), BankXml.Settings(isAsync: true));
    }

    public CamtField Field { get; private set; }

    /// <summary>True at the end of the field's element, where its <see cref="Text"/> is known.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>Trimmed; null when the element has none.</summary>
    public string? Text { get; private set; }

    /// <summary>The currency attribute of the last amount that began.</summary>
    public string? AmountCurrency { get; private set; }

    public int Line => ((IXmlLineInfo)_xml).LineNumber;

    /// <param name="record">The entry that is being read, for the message when the XML breaks off.</param>
    public async ValueTask<bool> Next(long record)
    {
        try
        {
            if (_isEndPending)
            {
                (_isEndPending, IsEnd) = (false, true);
                return true;
            }

            while (await _xml.ReadAsync())
                if (await StopsHere()) return true;
            return false;
        }
        catch (Exception e) when (BankXml.IsMalformed(e))
        {
            throw BankXml.Malformed(e, (IXmlLineInfo)_xml, _fileName, record);
        }
    }

    public void Dispose() => _xml.Dispose();

    private async ValueTask<bool> StopsHere()
    {
        switch (_xml.NodeType)
        {
            case XmlNodeType.Element:
                return Enter();
            case XmlNodeType.Text or XmlNodeType.CDATA:
                // Text comes in pieces where a comment or a CDATA section stands within it.
                if (_path[_xml.Depth - 1] is { Field: not CamtField.None })
                    Text = string.Concat(Text, await _xml.GetValueAsync());
                return false;
            case XmlNodeType.EndElement:
                return Leave(_path[_xml.Depth]);
            default:
                return false;
        }
    }

    private bool Enter()
    {
        var depth = _xml.Depth;
        if (depth >= MaxDepth)
            throw new StatementFormatException(_fileName, $"line {Line}", $"elements at most {MaxDepth} deep", "deeper ones");
        if (depth == 0) _namespace = _xml.NamespaceURI;

        // A supplementary element of another namespace may reuse a name; it is not what the table means.
        var parent = depth == 0 ? CamtPlaces.Document : _path[depth - 1];
        var place = _xml.NamespaceURI == _namespace ? parent?.Child(_xml.LocalName) : null;
        _path[depth] = place;
        Text = null;
        if (place is null || place.Field == CamtField.None) return false;

        if (_xml.HasAttributes && _xml.GetAttribute("Ccy") is { } currency) AmountCurrency = currency;
        (Field, IsEnd) = (place.Field, false);
        _isEndPending = _xml.IsEmptyElement;
        return true;
    }

    private bool Leave(CamtPath? place)
    {
        if (place is null || place.Field == CamtField.None) return false;
        (Field, IsEnd) = (place.Field, true);
        Text = Text?.Trim() is { Length: > 0 } text ? text : null;
        return true;
    }
}
