namespace IspBilling.Banking.Camt;

/// <summary>Which ISO 20022 message a document is, by its namespace.</summary>
internal static class CamtVersion
{
    public const string Family = "urn:iso:std:iso:20022:tech:xsd:";
    private const int FirstRead = 2;
    private const int LastRead = 14;

    private static readonly string[] Read = ["camt.053.001.", "camt.054.001."];

    /// <summary>The message name, such as camt.053.001.02; null when this is no statement or notification in a version that is read.</summary>
    public static string? OfNamespace(string name)
    {
        if (!name.StartsWith(Family, StringComparison.Ordinal)) return null;
        var message = name[Family.Length..];
        var prefix = Array.Find(Read, read => message.StartsWith(read, StringComparison.Ordinal));
        if (prefix is null) return null;
        var version = message.AsSpan(prefix.Length);
        return version.Length == 2 && int.TryParse(version, out var number) && number is >= FirstRead and <= LastRead ? message : null;
    }
}
