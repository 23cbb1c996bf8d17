using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Detection;

/// <summary>One format as the table of formats knows it: how its first bytes look and who reads it.</summary>
/// <param name="Recognise">The name of the format, such as "camt.053.001.02"; null for a file of another format.</param>
/// <param name="Create">A reader for one file that this format recognised, by that name.</param>
internal sealed record StatementFormat(Func<FileStart, string?> Recognise, Func<FileStart, string, StatementReaderOptions, IStatementReader> Create);

/// <summary>The beginning of a file, from its first byte that is neither mark nor blank.</summary>
/// <param name="Root">Namespace and name of an XML document's first element; null for anything but XML.</param>
internal sealed record FileStart(ReadOnlyMemory<byte> Content, (string? Namespace, string Name, int Line)? Root)
{
    public ReadOnlySpan<byte> Bytes => Content.Span;
}
