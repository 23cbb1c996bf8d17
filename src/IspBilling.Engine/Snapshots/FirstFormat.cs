using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>
/// What a snapshot of <see cref="StateSnapshot.FirstFormat"/> holds otherwise than one of today: read, never written. Each account's next
/// commit writes it anew, so that an upgrade folds no journal.
/// </summary>
internal static class FirstFormat
{
    public static ChargedSegment ReadSegment(ref SnapshotReader reader) => new(
        new Period(reader.Date(), reader.Date()),
        new TariffId(reader.Int()),
        (PriceMode)reader.Byte(),
        (VatCategory)reader.Byte(),
        reader.List(ServiceShape.ReadPart));

    public static OpenDocument ReadDocument(ref SnapshotReader reader) => new(
        Ordinal: reader.Int(),
        (DocumentKind)reader.Byte(),
        Number: reader.Text(),
        IssuedOn: reader.Date(),
        DueOn: reader.Date(),
        LedgerShape.ReadSymbol(ref reader),
        Total: reader.Money(),
        Settled: reader.Money(),
        Disputed: reader.Flag(),
        reader.List(LedgerShape.ReadAllocation));

    public static Payment ReadPayment(ref SnapshotReader reader) => new(
        Ordinal: reader.Int(),
        Entry: reader.Text(),
        Amount: reader.Money(),
        BookedOn: reader.Date(),
        LedgerShape.ReadSymbol(ref reader),
        CounterAccount: reader.OptionalText(),
        OrderReference: reader.OptionalText(),
        (MatchRule)reader.Byte(),
        (PaymentStatus)reader.Byte(),
        reader.List(LedgerShape.ReadAllocation),
        ReversedBy: reader.OptionalText());
}
