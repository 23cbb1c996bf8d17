using IspBilling.Domain;

namespace IspBilling.Hosting;

/// <summary>What stands in an empty database until the operator says otherwise.</summary>
internal static class SampleSettings
{
    public static readonly Issuer Issuer = new(
        IssuerId.Default, Revision: 0, Domain.Issuer.SampleName,
        new PostalAddress("Sample Street 1", "Sampletown", "100 00", "CZ"),
        CompanyNumber: "00000000", VatNumber: "CZ00000000", RegisterText: null, Currency.Czk,
        new IssuerBankAccount("19-2000145399/0800", "CZ6508000000192000145399", "GIBACZPX"),
        Email: null, Phone: null, Web: null, SupplyDating: SupplyDating.BillingDay);

    /// <summary>Told twice, then slowed down, then blocked; each only when a notice before it was really sent.</summary>
    public static readonly DunningPolicy DunningPolicy = new(
        "standard",
        [
            new DunningStep("reminder", 5, [Money.Czk(50)], DunningActions.Email, 0),
            new DunningStep("second-reminder", 14, [Money.Czk(50)], DunningActions.Email | DunningActions.Sms, 5),
            new DunningStep("throttle", 21, [Money.Czk(100)], DunningActions.Throttle, 5, Profile: "debtor"),
            new DunningStep("block", 30, [Money.Czk(100)], DunningActions.Block, 5),
        ],
        ThankOnClearing: true);

}
