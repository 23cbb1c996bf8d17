using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>Contracts within a snapshot.</summary>
internal static class ContractShape
{
    public static void Write(SnapshotWriter writer, Contract contract)
    {
        writer.Text(contract.Reference);
        writer.Text(contract.Number);
        writer.Date(contract.SignedOn);
        writer.Date(contract.Start);
        writer.Date(contract.End);
        writer.Number(contract.MinimumMonths);
        writer.Number(contract.NoticeDays);
        writer.Text(contract.Document);
        writer.Flag(contract.EarlyEnd is not null);
        if (contract.EarlyEnd is { } terms) WriteEarlyEnd(writer, terms);
        writer.Optional(contract.PushRevision);
    }

    public static Contract Read(ref SnapshotReader reader) => new(
        Reference: reader.Text(),
        Number: reader.Text(),
        SignedOn: reader.OptionalDate(),
        Start: reader.Date(),
        End: reader.OptionalDate(),
        MinimumMonths: reader.Int(),
        NoticeDays: reader.Int(),
        Document: reader.OptionalText(),
        EarlyEnd: reader.Flag() ? ReadEarlyEnd(ref reader) : null)
    {
        PushRevision = reader.Optional(),
    };

    private static void WriteEarlyEnd(SnapshotWriter writer, EarlyEndTerms terms)
    {
        writer.Number(terms.ShareBasisPoints);
        writer.Optional(terms.ShareMonths);
        writer.Money(terms.EquipmentDiscount);
    }

    private static EarlyEndTerms ReadEarlyEnd(ref SnapshotReader reader) => new(reader.Int(), reader.OptionalInt(), reader.OptionalMoney());
}
