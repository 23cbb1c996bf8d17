using System.Text.Json;
using System.Text.Json.Serialization;
using IspBilling.Domain;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Postgres.Imports;

/// <summary>The ranked candidates of an entry, as its row keeps them.</summary>
internal static partial class CandidateJson
{
    /// <summary>Null when there are none.</summary>
    public static string? Write(IReadOnlyList<Candidate> candidates) => candidates.Count == 0
        ? null
        : JsonSerializer.Serialize(
            [.. candidates.Select(candidate => new Stored(candidate.Account.Value, candidate.Rule, candidate.Why))], Context.Default.StoredArray);

    public static IReadOnlyList<Candidate> Read(string? json) => json is null
        ? []
        : Array.ConvertAll(
            JsonSerializer.Deserialize(json, Context.Default.StoredArray) ?? [],
            stored => new Candidate(new AccountId(stored.Account), stored.Rule, stored.Why));

    /// <param name="Rule">By its number.</param>
    internal sealed record Stored(long Account, MatchRule Rule, string Why);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    [JsonSerializable(typeof(Stored[]))]
    internal sealed partial class Context : JsonSerializerContext;
}
