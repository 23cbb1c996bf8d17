using System.Runtime.CompilerServices;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Mt940;

/// <summary>
/// Reads MT940, the SWIFT customer statement, with or without the envelope of the network. What is behind <c>:86:</c> is read as Czech
/// and German banks write it; other texts are kept as messages.
/// </summary>
internal sealed class Mt940Reader(StatementReaderOptions options) : IStatementReader
{
    public static bool Recognises(ReadOnlySpan<byte> content) =>
        content.StartsWith(":20:"u8) || content.StartsWith("{1:"u8) || content.StartsWith(":940:"u8);

    public async IAsyncEnumerable<StatementItem> Read(
        Stream file, string fileName, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var fields = new Mt940Fields(file, fileName);
        var parser = new Mt940Parser(options.Limits, fileName);
        while (await fields.Next(cancellation) is { } field)
        {
            parser.Take(field);
            for (var i = 0; i < parser.Items.Count; i++) yield return parser.Items[i];
            parser.Items.Clear();
        }

        parser.End(fields.Line);
        foreach (var item in parser.Items) yield return item;
    }
}
