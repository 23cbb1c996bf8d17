using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace IspBilling.Access.Rights;

/// <summary>The words by which rights are stored, asked for and shown; and scopes, which earlier releases had in their place.</summary>
public static class RightNames
{
    /// <summary>
    /// A scope stands for the rights that it always gave, no more and no fewer: a stored key keeps its meaning, and a scope remains a short
    /// word for rights that belong together.
    /// </summary>
    private static readonly FrozenDictionary<string, RightSet> OfScopes = new Dictionary<string, RightSet>(StringComparer.Ordinal)
    {
        ["clients:read"] = [Right.ReadClients, Right.ReadMoney],
        ["clients:write"] = [Right.WriteClients, Right.AddOneOffs],
        ["billing"] = [Right.ReadBilling, Right.RunBilling],
        ["payments"] = [Right.ReadStatements, Right.BookPayments, Right.HandleDebts],
        ["reports"] = [Right.ReadReports],
        ["settings"] = [Right.ReadSettings, Right.WriteSettings],
        ["operator"] = [Right.Operate, Right.ReadKeys, Right.ManageKeys],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, RightSet> OfWords =
        OfScopes.Concat(Enum.GetValues<Right>().Select(right => KeyValuePair.Create(Of(right), RightSet.Of(right)))).ToFrozenDictionary(StringComparer.Ordinal);

    public static ImmutableArray<string> Scopes { get; } =
        ["clients:read", "clients:write", "billing", "payments", "reports", "settings", "operator"];

    /// <summary>Every right by its own word.</summary>
    public static ImmutableArray<string> All { get; } = [.. Enum.GetValues<Right>().Select(Of)];

    /// <summary>Every word that means rights: the rights themselves, then scopes.</summary>
    public static ImmutableArray<string> Words { get; } = [.. All, .. Scopes];

    /// <summary>Such as <c>readClients</c>.</summary>
    public static string Of(Right right) => JsonNamingPolicy.CamelCase.ConvertName(right.ToString());

    /// <summary>The rights that a word means; null when it means none.</summary>
    public static RightSet? Find(string word) => OfWords.TryGetValue(word, out var rights) ? rights : null;

    /// <summary>The rights that words mean together. A word of a newer release gives none here: rights are never guessed.</summary>
    public static RightSet Read(IEnumerable<string> words) => words.Aggregate(RightSet.None, static (rights, word) => rights.And(Find(word) ?? RightSet.None));

    public static string[] Write(RightSet rights) => [.. rights.Select(Of)];
}
