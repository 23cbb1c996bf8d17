using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Postgres.Settings;

/// <summary>What a tariff is to be; its code says which.</summary>
/// <param name="Versions">
/// Each first day once. Versions that the tariff has and that are not named here stay. <see cref="TariffVersion.Reprices"/> is the choice of
/// whoever enters a price; <see cref="TariffVersion.Entered"/> is assigned where the terms are stored.
/// </param>
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
        if (AppliedTo(before, id: default, revision: 1, entry: null).Versions.Length > MaxVersions) return $"tariff {Code}: at most {MaxVersions} price versions in all its time expected";
        var currency = (before?.Versions ?? Versions)[0].MonthlyPrice.Currency;
        return Versions.Any(version => version.MonthlyPrice.Currency != currency) ? $"tariff {Code}: prices in {currency} expected" : null;
    }

    /// <summary>The prices that the terms bring to a tariff: those it does not have yet, and those that are now to apply to what is invoiced.</summary>
    public IReadOnlyList<TariffVersion> Brings(Tariff before) =>
        [.. AppliedTo(before, before.Id, revision: long.MaxValue, entry: null).Versions.Except(before.Versions)];

    /// <summary>
    /// No price ever disappears, because past charges were made from it. A corrected one stands beside the one it corrects and prices what is
    /// not invoiced yet; with <see cref="TariffVersion.Reprices"/> everything. The same price that is now to apply to what is invoiced, too,
    /// stands beside the one that was not: a version never changes once it is entered.
    /// </summary>
    /// <param name="revision">Of the catalogue that the terms lead to.</param>
    /// <param name="entry">Revision of the settings journal that tells of it; null on a draft.</param>
    public Tariff AppliedTo(Tariff? before, TariffId id, long revision, long? entry)
    {
        var versions = before?.Versions ?? [];
        foreach (var version in Versions.OrderBy(version => version.ValidFrom))
        {
            // What a new tariff begins with can have left nothing alone.
            versions = before is null
                ? versions.Add(new TariffVersion(version.ValidFrom, version.MonthlyPrice, Revision: entry))
                : With(versions, version with { Entered = revision, Revision = entry });
        }

        return new Tariff(id, Code, Name, Kind, PriceMode, VatCategory, versions);
    }

    private static ImmutableArray<TariffVersion> With(ImmutableArray<TariffVersion> versions, TariffVersion entered)
    {
        var after = versions.Length;
        while (after > 0 && versions[after - 1].ValidFrom > entered.ValidFrom) after--;
        var known = after > 0 && versions[after - 1].ValidFrom == entered.ValidFrom ? versions[after - 1] : null;
        var isNews = known is null || known.MonthlyPrice != entered.MonthlyPrice || (entered.Reprices && known.LeavesInvoicedAlone);
        return isNews ? versions.Insert(after, entered) : versions;
    }
}
