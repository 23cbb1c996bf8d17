using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>Documents and payments within a snapshot.</summary>
internal static class LedgerShape
{
    public static void WriteDocument(SnapshotWriter writer, OpenDocument document)
    {
        writer.Number(document.Ordinal);
        writer.Byte((byte)document.Kind);
        writer.Text(document.Number);
        writer.Date(document.IssuedOn);
        writer.Date(document.DueOn);
        writer.Optional(document.Symbol?.Value);
        writer.Money(document.Total);
        writer.Money(document.Settled);
        writer.Flag(document.Disputed);
        writer.List(document.Allocations, WriteAllocation);
    }

    public static OpenDocument ReadDocument(ref SnapshotReader reader) => new(
        Ordinal: reader.Int(),
        (DocumentKind)reader.Byte(),
        Number: reader.Text(),
        IssuedOn: reader.Date(),
        DueOn: reader.Date(),
        ReadSymbol(ref reader),
        Total: reader.Money(),
        Settled: reader.Money(),
        Disputed: reader.Flag(),
        reader.List(ReadAllocation));

    public static void WritePayment(SnapshotWriter writer, Payment payment)
    {
        writer.Number(payment.Ordinal);
        writer.Text(payment.Entry);
        writer.Money(payment.Amount);
        writer.Date(payment.BookedOn);
        writer.Optional(payment.Symbol?.Value);
        writer.Text(payment.CounterAccount);
        writer.Text(payment.OrderReference);
        writer.Byte((byte)payment.Rule);
        writer.Byte((byte)payment.Status);
        writer.List(payment.Allocations, WriteAllocation);
        writer.Text(payment.ReversedBy);
    }

    public static Payment ReadPayment(ref SnapshotReader reader) => new(
        Ordinal: reader.Int(),
        Entry: reader.Text(),
        Amount: reader.Money(),
        BookedOn: reader.Date(),
        ReadSymbol(ref reader),
        CounterAccount: reader.OptionalText(),
        OrderReference: reader.OptionalText(),
        (MatchRule)reader.Byte(),
        (PaymentStatus)reader.Byte(),
        reader.List(ReadAllocation),
        ReversedBy: reader.OptionalText());

    public static VariableSymbol? ReadSymbol(ref SnapshotReader reader) => reader.Optional() is { } value ? new VariableSymbol(value) : null;

    private static void WriteAllocation(SnapshotWriter writer, Allocation allocation)
    {
        writer.Number(allocation.Document);
        writer.Money(allocation.Amount);
    }

    private static Allocation ReadAllocation(ref SnapshotReader reader) => new(reader.Int(), reader.Money());
}
