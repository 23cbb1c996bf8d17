using System.Runtime.CompilerServices;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Camt;

/// <summary>Reads camt.053, the ISO 20022 statement, and camt.054, its notification of single bookings, versions .02 to .14.</summary>
internal sealed class CamtStatementReader(StatementReaderOptions options, StatementKind kind) : IStatementReader
{
    public async IAsyncEnumerable<StatementItem> Read(
        Stream file, string fileName, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var scanner = new CamtScanner(file, fileName, cancellation);
        var parser = new CamtParser(kind, options.Limits, fileName);
        while (await scanner.Next(parser.Record))
        {
            parser.Take(scanner);
            if (parser.Items.Count == 0) continue;
            for (var i = 0; i < parser.Items.Count; i++) yield return parser.Items[i];
            parser.Items.Clear();
        }

        parser.RequireStatement(scanner.Line);
    }
}
