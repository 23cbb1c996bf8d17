using System.Collections.Immutable;

namespace IspBilling.Domain;

public enum ServiceKind { Internet, Iptv, Voip, Rental, Other }

public static class ServiceKinds
{
    /// <summary>Whether it is a service of electronic communications, which has a date of supply of its own (<see cref="SupplyDating.BillingDay"/>).</summary>
    public static bool IsElectronicCommunication(this ServiceKind kind) => kind is ServiceKind.Internet or ServiceKind.Iptv or ServiceKind.Voip;
}

/// <param name="ValidFrom">First day the price applies to everyone on the tariff without a special price.</param>
/// <param name="MonthlyPrice">Price of one unit for one whole month, in the tariff's price mode.</param>
public sealed record TariffVersion(DateOnly ValidFrom, Money MonthlyPrice);

/// <summary>A priced product. Its versions are ordered by <see cref="TariffVersion.ValidFrom"/>, each date once.</summary>
public sealed record Tariff(
    TariffId Id,
    string Code,
    string Name,
    ServiceKind Kind,
    PriceMode PriceMode,
    VatCategory VatCategory,
    ImmutableArray<TariffVersion> Versions)
{
    /// <exception cref="BrokenReferenceException">The tariff has no price on that day.</exception>
    public TariffVersion VersionOn(DateOnly day)
    {
        for (var i = Versions.Length - 1; i >= 0; i--)
        {
            if (Versions[i].ValidFrom <= day) return Versions[i];
        }

        throw new BrokenReferenceException($"tariff {Code} has no price on {day:yyyy-MM-dd}");
    }
}

/// <summary>All tariffs at one moment; replaced as a whole when one changes.</summary>
/// <param name="Revision">Grows with every change, so that accounts proposed under an older catalogue can be found.</param>
public sealed record TariffCatalogue(long Revision, ImmutableDictionary<TariffId, Tariff> Tariffs)
{
    public static readonly TariffCatalogue Empty = new(0, ImmutableDictionary<TariffId, Tariff>.Empty);

    /// <exception cref="BrokenReferenceException">The catalogue does not know the tariff.</exception>
    public Tariff this[TariffId id] =>
        Tariffs.TryGetValue(id, out var tariff) ? tariff : throw new BrokenReferenceException($"tariff {id} is not in the catalogue");

    public static TariffCatalogue Of(long revision, params IEnumerable<Tariff> tariffs) =>
        new(revision, tariffs.ToImmutableDictionary(tariff => tariff.Id));
}
