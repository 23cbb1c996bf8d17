using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Postgres.Settings;

/// <summary>What a tariff is to be; its code says which.</summary>
/// <param name="Versions">Each first day once. Versions that the tariff has and that are not named here stay.</param>
public sealed record TariffTerms(
    string Code, string Name, ServiceKind Kind, PriceMode PriceMode, VatCategory VatCategory, ImmutableArray<TariffVersion> Versions)
{
    public const int MaxCodeLength = 64;
    public const int MaxVersions = 1_000;

    /// <summary>What is wrong with the terms, and what would be accepted; null when nothing is.</summary>
    /// <param name="before">The tariff as it is; null for a new one.</param>
    public string? Problem(Tariff? before)
    {
        if (Code.Length is 0 or > MaxCodeLength) return $"a tariff code of 1 to {MaxCodeLength} characters expected";
        if (Versions.IsDefaultOrEmpty || Versions.Length > MaxVersions) return $"tariff {Code}: 1 to {MaxVersions} price versions expected";
        if (Versions.DistinctBy(version => version.ValidFrom).Count() != Versions.Length) return $"tariff {Code}: one price for each first day expected";
        if (Versions.Any(version => version.MonthlyPrice.IsNegative)) return $"tariff {Code}: prices of 0 or more expected";
        var currency = (before?.Versions ?? Versions)[0].MonthlyPrice.Currency;
        return Versions.Any(version => version.MonthlyPrice.Currency != currency) ? $"tariff {Code}: prices in {currency} expected" : null;
    }

    /// <summary>No price ever disappears, because past charges were made from it; one can be corrected.</summary>
    internal Tariff AppliedTo(Tariff? before, TariffId id)
    {
        var stay = before is null ? [] : before.Versions.Where(old => Versions.All(version => version.ValidFrom != old.ValidFrom));
        return new Tariff(id, Code, Name, Kind, PriceMode, VatCategory, [.. Versions.Concat(stay).OrderBy(version => version.ValidFrom)]);
    }
}
