namespace IspBilling.Banking.Camt;

/// <summary>Which ISO 20022 message a document is, by its namespace.</summary>
internal static class CamtVersion
{
    private const string Family = "urn:iso:std:iso:20022:tech:xsd:";
    private const string Statement = "camt.053.001.";
    private const int FirstRead = 2;
    private const int LastRead = 8;

    /// <summary>The message name, such as camt.053.001.02; null when this is not a statement in a version that is read.</summary>
    public static string? OfNamespace(string name)
    {
        if (!name.StartsWith(Family + Statement, StringComparison.Ordinal)) return null;
        var version = name.AsSpan((Family + Statement).Length);
        return version.Length == 2 && int.TryParse(version, out var number) && number is >= FirstRead and <= LastRead
            ? name[Family.Length..]
            : null;
    }

    public static string Describe(string? rootNamespace, string rootName)
    {
        var isOfFamily = rootNamespace is not null && rootNamespace.StartsWith(Family, StringComparison.Ordinal);
        var message = isOfFamily ? rootNamespace![Family.Length..] : null;
        return message switch
        {
            null => $"an XML document {Printable.Quote(rootName)}",
            _ when message.StartsWith("camt.054", StringComparison.Ordinal) =>
                $"{Printable.Quote(message)}, a notification: its bookings come with the statement",
            _ when message.StartsWith("camt.052", StringComparison.Ordinal) =>
                $"{Printable.Quote(message)}, an intraday report: its bookings come with the statement",
            _ => Printable.Quote(message),
        };
    }
}
