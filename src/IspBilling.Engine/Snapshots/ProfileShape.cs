using IspBilling.Domain;

namespace IspBilling.Engine.Snapshots;

/// <summary>The client's particulars within a snapshot.</summary>
internal static class ProfileShape
{
    public static void Write(SnapshotWriter writer, AccountProfile profile)
    {
        writer.Number(profile.Issuer.Value);
        writer.Text(profile.Name);
        writer.Text(profile.Address.Street);
        writer.Text(profile.Address.City);
        writer.Text(profile.Address.PostalCode);
        writer.Text(profile.Address.Country);
        writer.Text(profile.CompanyNumber);
        writer.Text(profile.VatNumber);
        writer.Text(profile.Email);
        writer.Text(profile.Phone);
        writer.Text(profile.Language);
        writer.Byte((byte)profile.Delivery);
        writer.Byte((byte)profile.SymbolPolicy);
        writer.Optional(profile.AccountSymbol?.Value);
        writer.Byte((byte)profile.AllocationPolicy);
        writer.Number(profile.DueDays);
        writer.Text(profile.Group);
    }

    public static AccountProfile Read(ref SnapshotReader reader) => new(
        new IssuerId(reader.Int()),
        Name: reader.Text(),
        new PostalAddress(reader.Text(), reader.Text(), reader.Text(), reader.Text()),
        CompanyNumber: reader.OptionalText(),
        VatNumber: reader.OptionalText(),
        Email: reader.OptionalText(),
        Phone: reader.OptionalText(),
        Language: reader.Text(),
        (DeliveryPreference)reader.Byte(),
        (SymbolPolicy)reader.Byte(),
        LedgerShape.ReadSymbol(ref reader),
        (AllocationPolicy)reader.Byte(),
        DueDays: reader.Int())
    {
        Group = reader.Format >= StateSnapshot.FormatOfNotices ? reader.OptionalText() : null,
    };
}
