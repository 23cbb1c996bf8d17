using System.Collections.Immutable;

namespace IspBilling.Architecture.Tests;

/// <summary>The floors of the house, from the ground up. A project sees the floors below its own, never its own and never above.</summary>
internal static class Floors
{
    private static readonly ImmutableArray<ImmutableArray<string>> FromTheGround =
    [
        ["IspBilling.Domain"],
        ["IspBilling.Engine"],
        ["IspBilling.Postgres", "IspBilling.Banking", "IspBilling.Documents", "IspBilling.Outreach"],
        ["IspBilling.Desk", "IspBilling.Access"],
        ["IspBilling.Http", "IspBilling.BackOffice", "IspBilling.Grains", "IspBilling.Demo"],
        ["IspBilling.Hosting"],
        ["IspBilling.Api", "IspBilling.Silo", "IspBilling.Benchmarks"],
        ["IspBilling.FaultKit", "IspBilling.Cluster.Benchmarks"],
        ["IspBilling.LoadTests"],
    ];

    /// <summary>Neighbours that may see each other, each with its reason.</summary>
    private static readonly ImmutableDictionary<(string From, string To), string> Exceptions =
        ImmutableDictionary<(string From, string To), string>.Empty;

    public static bool Has(string project) => FloorOf(project) is not null;

    /// <summary>Why the one may not refer to the other; null when it may.</summary>
    public static string? Refusal(string from, string to)
    {
        if (FloorOf(from) is not { } own) return $"{from} is on no floor of {nameof(Floors)}.cs: place it";
        if (FloorOf(to) is not { } other) return $"{from} → {to}, which is on no floor of {nameof(Floors)}.cs: place it";
        if (other < own || Exceptions.ContainsKey((from, to))) return null;
        return other == own ? $"{from} → {to} on the same floor" : $"{from} → {to}, which is above it";
    }

    private static int? FloorOf(string project)
    {
        for (var floor = 0; floor < FromTheGround.Length; floor++)
        {
            if (FromTheGround[floor].Contains(project)) return floor;
        }

        return null;
    }
}
