using System.Runtime.CompilerServices;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Gpc;

/// <summary>Reads GPC, the ABO statement of Czech and Slovak banks: windows-1250, 128 bytes a record.</summary>
internal sealed class GpcStatementReader(StatementReaderOptions options) : IStatementReader
{
    public async IAsyncEnumerable<StatementItem> Read(
        Stream file, string fileName, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var lines = new GpcLines(file, fileName);
        var parser = new GpcParser(options, fileName);
        do
        {
            while (TakeNext(lines, parser))
            {
                // Indexed: the list is short, and an enumerator would live across the yield.
                for (var i = 0; i < parser.Items.Count; i++) yield return parser.Items[i];
                parser.Items.Clear();
            }
        }
        while (await lines.Refill(cancellation));

        parser.End();
        foreach (var item in parser.Items) yield return item;
    }

    private static bool TakeNext(GpcLines lines, GpcParser parser)
    {
        if (!lines.TryNext(out var record)) return false;
        parser.Take(record);
        return true;
    }
}
