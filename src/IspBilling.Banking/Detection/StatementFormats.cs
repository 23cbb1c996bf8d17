using IspBilling.Banking.Camt;
using IspBilling.Banking.Fio;
using IspBilling.Banking.Gpc;
using IspBilling.Banking.Mt940;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Banking.Detection;

/// <summary>Every format that is read. A new one is a folder of its own and a line here.</summary>
internal static class StatementFormats
{
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
            start => start.Root is { Namespace: { } name } ? CamtVersion.OfNamespace(name) : null,
            (_, version, options) => new CamtStatementReader(
                options, version.StartsWith("camt.054", StringComparison.Ordinal) ? StatementKind.Notification : StatementKind.Statement)),
        new(start => Mt940Reader.Recognises(start.Bytes) ? "MT940" : null, (_, _, options) => new Mt940Reader(options)),
    ];
}
