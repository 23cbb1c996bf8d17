using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>Services and one-off items within a snapshot.</summary>
internal static class ServiceShape
{
    /// <summary>In what a charged segment is like the one before it: month after month a service is charged the same.</summary>
    [Flags]
    private enum SegmentTraits : byte
    {
        None = 0,
        TariffAsBefore = 1,

        /// <summary>Price mode and VAT category.</summary>
        TermsAsBefore = 2,
        HasOnePart = 4,
        LineAsBefore = 8,
        AmountAsBefore = 16,
        VatRateAsBefore = 32,

        /// <summary>The terms; where there were none, there are none.</summary>
        BasisAsBefore = 64,

        /// <summary>Invoiced under the same catalogue.</summary>
        CatalogueAsBefore = 128,
    }

    public static void Write(SnapshotWriter writer, Service service)
    {
        writer.Number(service.Number);
        writer.Text(service.Reference);
        writer.Date(service.Start);
        writer.Date(service.End);
        writer.List(service.Terms, WriteTerms);
        writer.List(service.SpecialPrices, WriteSpecialPrice);
        writer.List(service.Pauses, WritePause);
        writer.Chain(service.Charged, WriteSegment);
        writer.Date(service.SettledUpTo);
        writer.Flag(service.ChangedSinceBilled);
        writer.List(service.Changes, WriteChange);
        writer.Optional(service.PushRevision);
        writer.Text(service.Contract);
        writer.List(service.TakenBack, WriteTakenBack);
        writer.List(service.PastChanges, WriteChange);
    }

    public static Service Read(ref SnapshotReader reader) => new(
        Number: reader.Int(),
        Reference: reader.Text(),
        Start: reader.Date(),
        End: reader.OptionalDate(),
        reader.List(ReadTerms),
        reader.List(ReadSpecialPrice),
        reader.List(ReadPause),
        reader.Format == StateSnapshot.FirstFormat ? reader.List(FirstFormat.ReadSegment) : reader.Chain<ChargedSegment>(ReadSegment),
        SettledUpTo: reader.OptionalDate(),
        ChangedSinceBilled: reader.Flag())
    {
        Changes = ReadChanges(ref reader),
        PushRevision = reader.Format >= StateSnapshot.FormatOfTerms ? reader.Optional() : null,
        Contract = reader.Format >= StateSnapshot.FormatOfContracts ? reader.OptionalText() : null,
        TakenBack = reader.Format >= StateSnapshot.FormatOfTakenBack ? reader.List(ReadTakenBack) : [],
        PastChanges = reader.Format >= StateSnapshot.FormatOfTakenBack ? reader.List(ReadChange) : [],
    };

    public static void WriteOneOff(SnapshotWriter writer, OneOff item)
    {
        writer.Text(item.Id);
        writer.Date(item.Date);
        writer.Text(item.Text);
        writer.Signed(item.Quantity.Thousandths);
        writer.Money(item.UnitPrice);
        writer.Byte((byte)item.PriceMode);
        writer.Byte((byte)item.VatCategory);
        writer.Number(item.Cause);
        writer.Flag(item.Billed is not null);
        if (item.Billed is { } billed) WritePart(writer, billed);
        writer.Flag(item.Cancelled);
    }

    public static OneOff ReadOneOff(ref SnapshotReader reader) => new(
        Id: reader.Text(),
        reader.Date(),
        reader.Text(),
        new Quantity(reader.Signed()),
        UnitPrice: reader.Money(),
        (PriceMode)reader.Byte(),
        (VatCategory)reader.Byte(),
        Cause: reader.Number(),
        Billed: reader.Flag() ? ReadPart(ref reader) : null,
        Cancelled: reader.Flag());

    public static void WritePastItem(SnapshotWriter writer, PastItem item)
    {
        writer.Fixed(item.Key);
        writer.Fixed(item.Content);
    }

    public static PastItem ReadPastItem(ref SnapshotReader reader) => new(reader.Fixed64(), reader.Fixed32());

    private static void WriteTerms(SnapshotWriter writer, ServiceTerms terms)
    {
        writer.Date(terms.From);
        writer.Number(terms.Tariff.Value);
        writer.Signed(terms.Quantity.Thousandths);
        writer.Byte((byte)terms.Cycle.Months);
        writer.Optional(terms.Cycle.AnchorDay);
        writer.Byte((byte)terms.Timing);
        writer.Number(terms.Cause);
    }

    private static ServiceTerms ReadTerms(ref SnapshotReader reader) => new(
        From: reader.Date(),
        new TariffId(reader.Int()),
        new Quantity(reader.Signed()),
        new BillingCycle(reader.Byte(), reader.OptionalInt()),
        (BillingTiming)reader.Byte(),
        Cause: reader.Number());

    private static void WriteSpecialPrice(SnapshotWriter writer, SpecialPrice price)
    {
        writer.Text(price.Id);
        writer.Date(price.From);
        writer.Date(price.To);
        writer.Money(price.MonthlyPrice);
        writer.Optional(price.DiscountBasisPoints);
        writer.Text(price.Reason);
        writer.Number(price.Cause);
    }

    private static SpecialPrice ReadSpecialPrice(ref SnapshotReader reader) => new(
        Id: reader.Text(),
        From: reader.Date(),
        To: reader.OptionalDate(),
        MonthlyPrice: reader.OptionalMoney(),
        DiscountBasisPoints: reader.OptionalInt(),
        Reason: reader.Text(),
        Cause: reader.Number());

    private static void WritePause(SnapshotWriter writer, Pause pause)
    {
        writer.Text(pause.Id);
        writer.Date(pause.From);
        writer.Date(pause.To);
        writer.Flag(pause.Bills);
        writer.Text(pause.Reason);
    }

    private static Pause ReadPause(ref SnapshotReader reader) => new(
        Id: reader.Text(), From: reader.Date(), To: reader.OptionalDate(), Bills: reader.Flag(), Reason: reader.Text());

    private static void WriteChange(SnapshotWriter writer, ServiceChange change)
    {
        writer.Number(change.Cause);
        writer.Date(change.From);
        writer.Date(change.To);
        writer.Byte((byte)change.Kind);
    }

    /// <summary>Older formats tell more days than an event changed: nothing is taken from them, see <see cref="StateSnapshot.IsWhole"/>.</summary>
    private static ImmutableArray<ServiceChange> ReadChanges(ref SnapshotReader reader)
    {
        if (reader.Format < StateSnapshot.FormatOfTerms) return [];
        var changes = reader.List(ReadChange);
        return reader.Format >= StateSnapshot.FormatOfTakenBack ? changes : [];
    }

    private static ServiceChange ReadChange(ref SnapshotReader reader) => new(
        Cause: reader.Number(), From: reader.Date(), To: reader.OptionalDate(),
        reader.Format >= StateSnapshot.FormatOfKinds ? (ChangeKind)reader.Byte() : ChangeKind.Any);

    private static void WriteTakenBack(SnapshotWriter writer, TakenBackDays days)
    {
        WritePeriod(writer, days.Period);
        writer.Number(days.Tariff.Value);
        writer.Number(days.BilledUnder);
    }

    private static TakenBackDays ReadTakenBack(ref SnapshotReader reader) => new(ReadPeriod(ref reader), new TariffId(reader.Int()), BilledUnder: reader.Number());

    private static void WritePeriod(SnapshotWriter writer, Period period)
    {
        writer.Date(period.From);
        writer.Shift(period.To, period.From);
    }

    private static Period ReadPeriod(ref SnapshotReader reader)
    {
        var from = reader.Date();
        return new Period(from, reader.ShiftedDate(from));
    }

    private static void WriteSegment(SnapshotWriter writer, ChargedSegment before, ChargedSegment segment)
    {
        var (traits, charged) = (TraitsOf(before, segment), LastPart(before));
        writer.Byte((byte)traits);
        writer.Shift(segment.Period.From, before.Period.To);
        writer.Shift(segment.Period.To, segment.Period.From);
        if (!traits.HasFlag(SegmentTraits.TariffAsBefore)) writer.Number(segment.Tariff.Value);
        if (!traits.HasFlag(SegmentTraits.TermsAsBefore))
        {
            writer.Byte((byte)segment.PriceMode);
            writer.Byte((byte)segment.VatCategory);
        }

        if (!traits.HasFlag(SegmentTraits.BasisAsBefore)) WriteBasis(writer, segment.Basis);
        if (!traits.HasFlag(SegmentTraits.CatalogueAsBefore)) writer.Number(segment.BilledUnder);
        if (!traits.HasFlag(SegmentTraits.HasOnePart))
        {
            writer.List(segment.Parts, WritePartOfSegment);
            return;
        }

        var part = segment.Parts[0];
        writer.Shift(part.Document, charged.Document);
        if (!traits.HasFlag(SegmentTraits.LineAsBefore)) writer.Number(part.Line);
        if (!traits.HasFlag(SegmentTraits.AmountAsBefore)) writer.Money(part.Amount);
        if (!traits.HasFlag(SegmentTraits.VatRateAsBefore)) writer.Number(part.VatRate.BasisPoints);
    }

    private static ChargedSegment ReadSegment(ref SnapshotReader reader, ChargedSegment before)
    {
        var (traits, charged) = ((SegmentTraits)reader.Byte(), LastPart(before));
        var from = reader.ShiftedDate(before.Period.To);
        var period = new Period(from, reader.ShiftedDate(from));
        var tariff = traits.HasFlag(SegmentTraits.TariffAsBefore) ? before.Tariff : new TariffId(reader.Int());
        var mode = traits.HasFlag(SegmentTraits.TermsAsBefore) ? before.PriceMode : (PriceMode)reader.Byte();
        var category = traits.HasFlag(SegmentTraits.TermsAsBefore) ? before.VatCategory : (VatCategory)reader.Byte();
        var basis = reader.Format < StateSnapshot.FormatOfTerms ? null
            : traits.HasFlag(SegmentTraits.BasisAsBefore) ? before.Basis
            : ReadBasis(ref reader);
        var billedUnder = before.BilledUnder;
        if (reader.Format >= StateSnapshot.FormatOfTerms && !traits.HasFlag(SegmentTraits.CatalogueAsBefore)) billedUnder = reader.Number();
        return new ChargedSegment(
            period, tariff, mode, category,
            traits.HasFlag(SegmentTraits.HasOnePart)
                ?
                [
                    new ChargePart(
                        reader.ShiftedInt(charged.Document),
                        traits.HasFlag(SegmentTraits.LineAsBefore) ? charged.Line : reader.Int(),
                        traits.HasFlag(SegmentTraits.AmountAsBefore) ? charged.Amount : reader.Money(),
                        traits.HasFlag(SegmentTraits.VatRateAsBefore) ? charged.VatRate : new VatRate(reader.Int())),
                ]
                : reader.List<ChargePart>(reader.Format >= StateSnapshot.FormatOfTakenBack ? ReadPartOfSegment : ReadPart))
        {
            Basis = basis,
            BilledUnder = billedUnder,
        };
    }

    private static void WriteBasis(SnapshotWriter writer, ChargeBasis? basis)
    {
        writer.Flag(basis is not null);
        if (basis is null) return;
        writer.Number(basis.Tariff.Value);
        writer.Date(basis.TariffVersion);
        writer.Money(basis.MonthlyPrice);
        writer.Signed(basis.Quantity.Thousandths);
        writer.Text(basis.SpecialPrice);
        writer.Text(basis.Discount);
        writer.Number(basis.DiscountBasisPoints);
        writer.Number(basis.Share.Whole);
        writer.Number(basis.Share.LeadingDays);
        writer.Number(basis.Share.LeadingOf);
        writer.Number(basis.Share.TrailingDays);
        writer.Number(basis.Share.TrailingOf);
        writer.Number(basis.Cause);
    }

    private static ChargeBasis? ReadBasis(ref SnapshotReader reader) => !reader.Flag() ? null : new ChargeBasis(
        new TariffId(reader.Int()),
        TariffVersion: reader.Date(),
        MonthlyPrice: reader.Money(),
        new Quantity(reader.Signed()),
        SpecialPrice: reader.OptionalText(),
        Discount: reader.OptionalText(),
        DiscountBasisPoints: reader.Int(),
        new MonthShare(reader.Int(), reader.Int(), reader.Int(), reader.Int(), reader.Int()),
        Cause: reader.Number());

    private static SegmentTraits TraitsOf(ChargedSegment before, ChargedSegment segment)
    {
        var traits = SegmentTraits.None;
        if (segment.Tariff == before.Tariff) traits |= SegmentTraits.TariffAsBefore;
        if (segment.PriceMode == before.PriceMode && segment.VatCategory == before.VatCategory) traits |= SegmentTraits.TermsAsBefore;
        if (segment.Basis == before.Basis) traits |= SegmentTraits.BasisAsBefore;
        if (segment.BilledUnder == before.BilledUnder) traits |= SegmentTraits.CatalogueAsBefore;
        if (segment.Parts is not [{ Days: null } part]) return traits;
        traits |= SegmentTraits.HasOnePart;
        var charged = LastPart(before);
        if (part.Line == charged.Line) traits |= SegmentTraits.LineAsBefore;
        if (part.Amount == charged.Amount) traits |= SegmentTraits.AmountAsBefore;
        if (part.VatRate == charged.VatRate) traits |= SegmentTraits.VatRateAsBefore;
        return traits;
    }

    /// <summary>Nothing before the first segment.</summary>
    private static ChargePart LastPart(ChargedSegment segment) => segment.Parts is { IsDefaultOrEmpty: false } parts ? parts[^1] : default;

    private static void WritePart(SnapshotWriter writer, ChargePart part)
    {
        writer.Number(part.Document);
        writer.Number(part.Line);
        writer.Money(part.Amount);
        writer.Number(part.VatRate.BasisPoints);
    }

    private static void WritePartOfSegment(SnapshotWriter writer, ChargePart part)
    {
        WritePart(writer, part);
        writer.Flag(part.Days is not null);
        if (part.Days is { } days) WritePeriod(writer, days);
    }

    private static ChargePart ReadPartOfSegment(ref SnapshotReader reader) =>
        ReadPart(ref reader) with { Days = reader.Flag() ? ReadPeriod(ref reader) : null };

    public static ChargePart ReadPart(ref SnapshotReader reader) =>
        new(reader.Int(), reader.Int(), reader.Money(), new VatRate(reader.Int()));
}
