using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>Services and one-off items within a snapshot.</summary>
internal static class ServiceShape
{
    public static void Write(SnapshotWriter writer, Service service)
    {
        writer.Number(service.Number);
        writer.Text(service.Reference);
        writer.Date(service.Start);
        writer.Date(service.End);
        writer.List(service.Terms, WriteTerms);
        writer.List(service.SpecialPrices, WriteSpecialPrice);
        writer.List(service.Pauses, WritePause);
        writer.List(service.Charged, WriteSegment);
        writer.Date(service.SettledUpTo);
        writer.Flag(service.ChangedSinceBilled);
    }

    public static Service Read(ref SnapshotReader reader) => new(
        Number: reader.Int(),
        Reference: reader.Text(),
        Start: reader.Date(),
        End: reader.OptionalDate(),
        reader.List(ReadTerms),
        reader.List(ReadSpecialPrice),
        reader.List(ReadPause),
        reader.List(ReadSegment),
        SettledUpTo: reader.OptionalDate(),
        ChangedSinceBilled: reader.Flag());

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

    private static void WriteSegment(SnapshotWriter writer, ChargedSegment segment)
    {
        writer.Date(segment.Period.From);
        writer.Date(segment.Period.To);
        writer.Number(segment.Tariff.Value);
        writer.Byte((byte)segment.PriceMode);
        writer.Byte((byte)segment.VatCategory);
        writer.List(segment.Parts, WritePart);
    }

    private static ChargedSegment ReadSegment(ref SnapshotReader reader) => new(
        new Period(reader.Date(), reader.Date()),
        new TariffId(reader.Int()),
        (PriceMode)reader.Byte(),
        (VatCategory)reader.Byte(),
        reader.List(ReadPart));

    private static void WritePart(SnapshotWriter writer, ChargePart part)
    {
        writer.Number(part.Document);
        writer.Number(part.Line);
        writer.Money(part.Amount);
        writer.Number(part.VatRate.BasisPoints);
    }

    private static ChargePart ReadPart(ref SnapshotReader reader) =>
        new(reader.Int(), reader.Int(), reader.Money(), new VatRate(reader.Int()));
}
