using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Why a proposed line exists.</summary>
public enum LineReason
{
    /// <summary>A stretch that no document charged yet.</summary>
    NewPeriod,

    /// <summary>The price of a charged stretch turned out different.</summary>
    PriceChanged,

    /// <summary>A charged stretch is no longer owed: cancellation, pause, or another tariff took its place.</summary>
    NoLongerOwed,

    /// <summary>The billing grid changed under a charged stretch; it is credited whole and charged anew.</summary>
    Rearranged,

    /// <summary>A one-off item, or taking one back.</summary>
    OneOff,
}

/// <param name="Period">The stretch the amount is for.</param>
/// <param name="Amount">Positive: to charge. Negative: to credit, then <paramref name="Corrects"/> names the original line.</param>
/// <param name="Basis">The terms now in force; null on a credit of something no longer owed.</param>
/// <param name="Corrects">The line this corrects; on a positive line, the one it adds to.</param>
public sealed record ProposedCharge(
    Service Service,
    Period Period,
    TariffId Tariff,
    PriceMode PriceMode,
    VatCategory VatCategory,
    Money Amount,
    LineReason Reason,
    ChargeBasis? Basis,
    ChargePart? Corrects);

/// <summary>What a service owes minus what documents charge for it.</summary>
/// <remarks>
/// Owed and charged stretches of one tariff that overlap form a group; each group is settled by itself:
/// <code>
///   same cover           charged |────────|   owed |────────|    difference of amounts
///   part no longer owed  charged |────────|   owed |────|        credit of the rest: charged − owed, so the two sum exactly
///   more is owed         charged |────|       owed |────────|    charge of the rest: owed − charged
///   anything else        charged |────|       owed    |────|     credit all, charge all
/// </code>
/// </remarks>
public static class ChargeDifference
{
    /// <returns>True when existing charges stay and new lines only follow them; false when what is charged must be restated whole.</returns>
    public static bool AddTo(List<ProposedCharge> proposed, Service service, List<Charge> owed)
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

            foreach (var stretches in OverlappingStretches.Of(charged, ofTariff)) stretches.AddTo(proposed, service);
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

        for (var i = charged.Length; i < owed.Count; i++) proposed.Add(NewCharge(service, owed[i]));
        return true;
    }

    internal static ProposedCharge NewCharge(Service service, Charge charge, LineReason reason = LineReason.NewPeriod) => new(
        service, charge.Period, charge.Basis.Tariff, charge.PriceMode, charge.VatCategory, charge.Amount, reason, charge.Basis, Corrects: null);

    private static HashSet<TariffId> TariffsOf(Service service, List<Charge> owed)
    {
        var tariffs = new HashSet<TariffId>();
        foreach (var segment in service.Charged) tariffs.Add(segment.Tariff);
        foreach (var charge in owed) tariffs.Add(charge.Basis.Tariff);
        return tariffs;
    }
}
