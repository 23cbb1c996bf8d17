namespace IspBilling.Banking.Camt;

/// <summary>Which ISO 20022 message a document is, by its namespace.</summary>
internal static class CamtVersion
{
    public const string Family = "urn:iso:std:iso:20022:tech:xsd:";
    private const int FirstRead = 2;
    private const int LastRead = 14;

    public const string Statement = "camt.053.001.";
    public const string Notification = "camt.054.001.";

    /// <summary>The message name, such as camt.053.001.02; null for another message, or a version that is not read.</summary>
    public static string? OfNamespace(string name, string message)
    {
        if (!name.StartsWith(Family + message, StringComparison.Ordinal)) return null;
        var version = name.AsSpan((Family + message).Length);
        return version.Length == 2 && int.TryParse(version, out var number) && number is >= FirstRead and <= LastRead ? name[Family.Length..] : null;
    }
}
