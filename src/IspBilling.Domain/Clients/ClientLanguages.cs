using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>The languages that clients are written to in, by their codes of ISO 639-1.</summary>
public static class ClientLanguages
{
    public const string Czech = "cs";
    public const string Slovak = "sk";
    public const string English = "en";

    public static readonly ImmutableArray<string> All = [Czech, Slovak, English];

    public static bool IsKnown(string language) => All.Contains(language);
}
