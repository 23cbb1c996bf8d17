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
/// <param name="Entered">
/// Revision of the catalogue that brought the price: what was invoiced under an older one keeps the price it was invoiced at. 0 leaves
/// nothing alone: the prices a tariff began with, and those stored by releases that did not ask.
/// </param>
/// <param name="Reprices">Whoever entered it wants it to apply to what was invoiced before, too.</param>
/// <param name="Revision">Of the settings journal: who entered it, when and why. Null of releases that kept none.</param>
public sealed record TariffVersion(DateOnly ValidFrom, Money MonthlyPrice, long Entered = 0, bool Reprices = false, long? Revision = null)
{
    /// <summary>Whether the price is kept from periods that were invoiced before it was entered.</summary>
    public bool LeavesInvoicedAlone => Entered > 0 && !Reprices;

    /// <param name="billedUnder">Revision of the catalogue under which a period was invoiced.</param>
    public bool AppliesTo(long billedUnder) => Reprices || Entered <= billedUnder;
}

/// <summary>
/// A priced product. Its versions are ordered by <see cref="TariffVersion.ValidFrom"/> and, where a price was corrected, by the order in
/// which they were entered: the last one wins. None ever disappears, because charges were made from it.
/// </summary>
public sealed record Tariff(
    TariffId Id,
    string Code,
    string Name,
    ServiceKind Kind,
    PriceMode PriceMode,
    VatCategory VatCategory,
    ImmutableArray<TariffVersion> Versions)
{
    /// <summary>A period that was not invoiced yet: every version applies to it.</summary>
    public const long NotInvoiced = long.MaxValue;

    /// <summary>Of all versions.</summary>
    public Currency Currency => Versions[0].MonthlyPrice.Currency;

    /// <summary>Whether some price depends on when a period was invoiced.</summary>
    public bool LeavesInvoicedAlone
    {
        get
        {
            foreach (var version in Versions)
            {
                if (version.LeavesInvoicedAlone) return true;
            }

            return false;
        }
    }

    /// <param name="billedUnder">Revision of the catalogue under which the day was invoiced.</param>
    /// <exception cref="BrokenReferenceException">The tariff has no price on that day.</exception>
    public TariffVersion VersionOn(DateOnly day, long billedUnder = NotInvoiced)
    {
        for (var i = Versions.Length - 1; i >= 0; i--)
        {
            if (Versions[i].ValidFrom <= day && Versions[i].AppliesTo(billedUnder)) return Versions[i];
        }

        throw new BrokenReferenceException($"tariff {Code} has no price on {day:yyyy-MM-dd}");
    }

    /// <summary>
    /// The version with which a day that cost nothing by the catalogue came to cost something; null when it never cost nothing, or does still.
    /// Looks only at what was entered: of a day that was invoiced before, some versions do not apply.
    /// </summary>
    /// <param name="billedUnder">Revision of the catalogue that is looked at.</param>
    public TariffVersion? PricedBy(DateOnly day, long billedUnder)
    {
        TariffVersion? by = null;
        var isFree = false;
        foreach (var entered in Versions.Select(version => version.Entered).Where(entered => entered <= billedUnder).Distinct().Order())
        {
            if (Versions.LastOrDefault(version => version.ValidFrom <= day && version.Entered <= entered) is not { } price) continue;
            if (isFree || price.MonthlyPrice.IsZero) by = price.MonthlyPrice.IsZero ? null : price;
            isFree = price.MonthlyPrice.IsZero;
        }

        return by;
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
