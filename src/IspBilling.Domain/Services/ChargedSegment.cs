using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What one document line still charges after credit notes.</summary>
/// <param name="Document">Ordinal of the document in the account.</param>
/// <param name="Line">Line number on it, from 1.</param>
public readonly record struct ChargePart(int Document, int Line, Money Amount, VatRate VatRate)
{
    /// <summary>
    /// Which days of its stretch the line charges; null where it is all of them, and of releases that did not keep it. Days that were taken back
    /// and charged again stand on another line than their neighbours.
    /// </summary>
    public Period? Days { get; init; }
}

/// <summary>A stretch of a service that documents charge, and which lines do.</summary>
/// <remarks>Segments of one service never overlap. <see cref="Parts"/> sum to the amount; usually there is one.</remarks>
/// <param name="Tariff">A price change within a tariff is billed as a difference; a change of tariff is credited and charged anew.</param>
public readonly record struct ChargedSegment(
    Period Period,
    TariffId Tariff,
    PriceMode PriceMode,
    VatCategory VatCategory,
    ImmutableArray<ChargePart> Parts)
{
    /// <summary>The terms it is charged by; null when a release that did not keep them charged it.</summary>
    public ChargeBasis? Basis { get; init; }

    /// <summary>
    /// Revision of the catalogue when the stretch was first invoiced: versions entered later leave it alone. It stays when the stretch is
    /// corrected. 0 of releases that did not keep it.
    /// </summary>
    public long BilledUnder { get; init; }

    public Money Amount
    {
        get
        {
            var sum = Parts[0].Amount;
            for (var i = 1; i < Parts.Length; i++) sum += Parts[i].Amount;
            return sum;
        }
    }
}

/// <summary>Days that documents charged once and charge no more.</summary>
/// <param name="Tariff">That they were charged in.</param>
/// <param name="BilledUnder">Revision of the catalogue when they were first invoiced, see <see cref="ChargedSegment.BilledUnder"/>.</param>
public readonly record struct TakenBackDays(Period Period, TariffId Tariff, long BilledUnder);

/// <summary>All that documents charge for one service, after earlier charges were corrected.</summary>
/// <param name="Service">Its number.</param>
/// <param name="Segments">Replaces <see cref="Service.Charged"/>.</param>
public sealed record Recharged(int Service, ImmutableArray<ChargedSegment> Segments);
