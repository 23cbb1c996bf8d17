using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Why a proposed line exists.</summary>
public enum LineReason
{
    /// <summary>A stretch that no document charged before; in earlier releases also one that was credited whole.</summary>
    NewPeriod,

    /// <summary>The price of a charged stretch turned out different.</summary>
    PriceChanged,

    /// <summary>A charged stretch is no longer owed: cancellation, pause, or another tariff took its place.</summary>
    NoLongerOwed,

    /// <summary>
    /// The same price, cut into other stretches, which round otherwise. In earlier releases: a charged stretch was credited whole and
    /// charged anew.
    /// </summary>
    Rearranged,

    /// <summary>A one-off item, or taking one back.</summary>
    OneOff,

    /// <summary>A stretch that earlier documents charged and credit notes took back, or that they charge in another tariff until now.</summary>
    ChargedAgain,
}

/// <param name="Period">The stretch the amount is for.</param>
/// <param name="Amount">Positive: to charge. Negative: to credit, then <paramref name="Corrects"/> names the original line.</param>
/// <param name="Basis">The terms now in force, over the stretch, also where they cost nothing; null on a credit of something no longer owed.</param>
/// <param name="Corrects">The line this corrects; on a positive line, the one it adds to.</param>
/// <param name="Factors">What the line prints beside the amount.</param>
/// <param name="Change">What became of the stretch; null where nothing overlapping was charged before and it is due as agreed.</param>
/// <param name="TariffRevision">Revision of the settings journal that brought the tariff's price of <paramref name="Basis"/>; null where none tells of it.</param>
public sealed record ProposedCharge(
    Service Service,
    Period Period,
    TariffId Tariff,
    PriceMode PriceMode,
    VatCategory VatCategory,
    Money Amount,
    LineReason Reason,
    ChargeBasis? Basis,
    ChargePart? Corrects,
    LineFactors Factors,
    StretchChange? Change,
    long? TariffRevision);

/// <summary>What a service owes minus what documents charge for it.</summary>
/// <remarks>
/// Owed and charged stretches of one tariff that overlap form a group, which all their boundaries cut into pieces; each piece that changed
/// is a line. Days that come back after they were taken back are lines of their own, and so are days that another tariff charged:
/// <code>
///   charged      |──────── 499 ────────|──────── 499 ────────|
///   owed              |────── 499 ─────|──── 399 ────|───────── 399 ───────|
///   lines        |gone|   none         |    cheaper  |cheaper|    fresh    |
/// </code>
/// What did not change keeps its price and the pieces that did share the rest, so that the lines sum to owed − charged exactly.
/// </remarks>
public static class ChargeDifference
{
    /// <returns>True when existing charges stay and new lines only follow them; false when what is charged must be restated whole.</returns>
    public static bool AddTo(List<ProposedCharge> proposed, Service service, TariffCatalogue catalogue, List<Charge> owed)
    {
        if (AddTailOnly(proposed, service, owed)) return true;
        foreach (var tariff in TariffsOf(service, owed))
        {
            var ofTariff = owed.FindAll(charge => charge.Basis.Tariff == tariff);
            var charged = new List<ChargedSegment>();
            foreach (var segment in service.Charged)
            {
                if (segment.Tariff == tariff) charged.Add(segment);
            }

            foreach (var stretches in OverlappingStretches.Of(charged, ofTariff)) stretches.AddTo(proposed, service, catalogue);
        }

        return false;
    }

    /// <summary>The common case, without grouping: everything charged is still owed, and new periods follow.</summary>
    private static bool AddTailOnly(List<ProposedCharge> proposed, Service service, List<Charge> owed)
    {
        var charged = service.Charged;
        if (owed.Count < charged.Length) return false;
        for (var i = 0; i < charged.Length; i++)
        {
            var (segment, charge) = (charged[i], owed[i]);
            if (segment.Period != charge.Period || segment.Tariff != charge.Basis.Tariff || segment.Amount != charge.Amount) return false;
        }

        // Of days that are charged again a line says so: that takes a look at each day.
        for (var i = charged.Length; i < owed.Count; i++)
        {
            foreach (var days in service.TakenBack)
            {
                if (days.Period.Overlaps(owed[i].Period)) return false;
            }
        }

        for (var i = charged.Length; i < owed.Count; i++) proposed.Add(NewCharge(service, owed[i]));
        return true;
    }

    internal static ProposedCharge NewCharge(Service service, Charge charge) => new(
        service, charge.Period, charge.Basis.Tariff, charge.PriceMode, charge.VatCategory, charge.Amount, LineReason.NewPeriod, charge.Basis,
        Corrects: null, LineFactors.Of(charge.Basis), MadeDue(service, charge), charge.TariffRevision);

    /// <summary>What made a period due that was not while the last document was issued; null where it has come due by date, as agreed.</summary>
    private static StretchChange? MadeDue(Service service, Charge charge)
    {
        if (ChangeCauses.OfLate(service, charge.Period) is not { } causes) return null;
        return new StretchChange(Before: null, Money.Zero(charge.Amount.Currency), charge.Amount, charge.Basis.Share, causes.Last) { OtherCauses = causes.OthersOrNone };
    }

    private static HashSet<TariffId> TariffsOf(Service service, List<Charge> owed)
    {
        var tariffs = new HashSet<TariffId>();
        foreach (var segment in service.Charged) tariffs.Add(segment.Tariff);
        foreach (var charge in owed) tariffs.Add(charge.Basis.Tariff);
        return tariffs;
    }
}
