using IspBilling.Banking.Detection;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking;

/// <summary>A bank statement file whose format has been recognised; its items are read once, as they are enumerated.</summary>
/// <param name="Format">"GPC", "Fio JSON", "Fio XML", "Fio CSV", "MT940" or the camt message name, such as "camt.053.001.02".</param>
/// <param name="Items">
/// In file order and in constant memory. Enumerate once. Throws <see cref="StatementFormatException"/> at the first record that
/// cannot be trusted, and no other exception for anything that the file holds.
/// </param>
public sealed record StatementFile(string Format, IAsyncEnumerable<StatementItem> Items);

/// <summary>The entry point of this library: bytes in, statement items out.</summary>
public static class StatementReaders
{
    /// <summary>What <see cref="Open"/> recognises, for messages and upload pages.</summary>
    public const string SupportedFormats = StatementFormats.Names;

    /// <summary>Recognises the format by the first bytes; the file name decides nothing and serves messages only.</summary>
    /// <param name="file">Forward-only; the caller keeps and disposes it, after the items are read.</param>
    /// <exception cref="StatementFormatException">The file is empty, or of a format that is not read.</exception>
    public static async Task<StatementFile> Open(
        Stream file, string fileName, StatementReaderOptions options, CancellationToken cancellation)
    {
        var prefix = await FilePrefix.Peek(file, cancellation);
        var format = FormatDetection.Detect(prefix, fileName);
        var whole = prefix.Replay(file, from: format.ContentStart);
        var items = format.CreateReader(options).Read(whole, fileName, cancellation);
        return new StatementFile(format.Name, StatementChecks.Check(items, options, fileName, cancellation));
    }
}
