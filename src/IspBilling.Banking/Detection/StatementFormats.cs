using IspBilling.Banking.Camt;
using IspBilling.Banking.Fio;
using IspBilling.Banking.Gpc;
using IspBilling.Banking.Mt940;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Detection;

/// <summary>
/// Every format that has a reader. A new one is a folder of its own and a line here.
/// </summary>
internal static class StatementFormats
{
    /// <summary>What is read, for messages and upload pages.</summary>
    public const string Names = "GPC (ABO), Fio JSON, XML and CSV, camt.053 and camt.054 (.02 to .14), MT940";

    public static readonly StatementFormat[] All =
    [
        new(start => start.Bytes.StartsWith("074"u8) ? "GPC" : null, (_, _, options) => new GpcStatementReader(options)),
        new(start => FioJsonReader.Recognises(start.Bytes) ? "Fio JSON" : null, (_, _, options) => new FioJsonReader(options)),
        new(
            start => start.Root is null && FioCsvReader.Recognises(start.Bytes) ? "Fio CSV" : null,
            (start, _, options) => new FioCsvReader(options, FioCsvReader.IsWindows1250(start.Bytes))),
        new(
            start => start.Root is { Namespace: "" or null, Name: FioXmlReader.Root } ? "Fio XML" : null,
            (_, _, options) => new FioXmlReader(options)),
        new(
            start => start.Root is { Namespace: { } name } ? CamtVersion.OfNamespace(name, CamtVersion.Statement) : null,
            (_, _, options) => new CamtStatementReader(options, StatementKind.Statement)),
        new(
            start => start.Root is { Namespace: { } name } ? CamtVersion.OfNamespace(name, CamtVersion.Notification) : null,
            (_, _, options) => new CamtStatementReader(options, StatementKind.Notification)),
        new(start => Mt940Reader.Recognises(start.Bytes) ? "MT940" : null, (_, _, options) => new Mt940Reader(options)),
    ];
}
