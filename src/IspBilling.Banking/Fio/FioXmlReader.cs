using System.Runtime.CompilerServices;
using System.Xml;
using IspBilling.Banking.Xml;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Fio;

/// <summary>Reads the XML of Fio's API: <c>AccountStatement</c> with <c>Info</c> and then <c>TransactionList/Transaction/column_N</c>.</summary>
internal sealed class FioXmlReader(StatementReaderOptions options) : IStatementReader
{
    public const string Root = "AccountStatement";

    /// <summary>AccountStatement, TransactionList, Transaction, column_N.</summary>
    private const int MaxDepth = 8;

    public async IAsyncEnumerable<StatementItem> Read(
        Stream file, string fileName, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var statement = new FioStatement(options, fileName, static number => number);
        using var bounded = new MarkupBoundStream(file, fileName, cancellation);
        using var xml = XmlReader.Create(bounded, BankXml.Settings(isAsync: true));
        var (info, movement) = (new FioInfo(), new FioMovement());
        var (name, text) = ("", "");
        while (await Next(xml, fileName, statement.Records))
        {
            if (xml.Depth > MaxDepth) throw statement.Refuse(Line(xml), $"elements at most {MaxDepth} deep", "deeper ones");
            switch (xml.NodeType)
            {
                case XmlNodeType.Element:
                    (name, text) = (xml.LocalName, "");
                    if (Is(xml, 1, "TransactionList") && !statement.IsOpened) yield return statement.Open(info, currencyOfEntries: null, Line(xml));
                    if (Is(xml, 2, "Transaction"))
                    {
                        if (!statement.IsOpened) throw statement.Refuse(Line(xml), "Info before the transactions", "a transaction");
                        movement.Clear();
                    }

                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    text += await Value(xml, fileName, statement.Records);
                    break;
                case XmlNodeType.EndElement when xml.LocalName == name:
                    if (xml.Depth == 2 && !statement.IsOpened) info.Take(name, text.Trim());
                    else if (xml.Depth == 3 && FioColumns.OfNumberedName(name) is var column and not FioColumn.None) movement[column] = text;
                    break;
            }

            if (xml.NodeType == XmlNodeType.EndElement && Is(xml, 2, "Transaction")) yield return statement.Read(movement, Line(xml));
        }

        if (!statement.IsOpened) yield return statement.Open(info, currencyOfEntries: null, Line(xml));
        yield return statement.Close();
    }

    private static async ValueTask<bool> Next(XmlReader xml, string fileName, long record)
    {
        try
        {
            return await xml.ReadAsync();
        }
        catch (Exception e) when (BankXml.IsMalformed(e))
        {
            throw BankXml.Malformed(e, (IXmlLineInfo)xml, fileName, Math.Max(record, 1));
        }
    }

    private static async ValueTask<string> Value(XmlReader xml, string fileName, long record)
    {
        try
        {
            return await xml.GetValueAsync();
        }
        catch (Exception e) when (BankXml.IsMalformed(e))
        {
            throw BankXml.Malformed(e, (IXmlLineInfo)xml, fileName, Math.Max(record, 1));
        }
    }

    private static bool Is(XmlReader xml, int depth, string name) =>
        xml.Depth == depth && xml.LocalName.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static int Line(XmlReader xml) => ((IXmlLineInfo)xml).LineNumber;
}
