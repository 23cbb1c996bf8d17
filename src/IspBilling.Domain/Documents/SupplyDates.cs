namespace IspBilling.Domain;

/// <summary>The date of taxable supply (DUZP) of what a bill charges.</summary>
internal readonly struct SupplyDates(Issuer issuer, TariffCatalogue catalogue, DateOnly issuedOn)
{
    /// <summary>
    /// A correction is a supply of its own, on the day its reason is found out (Czech VAT act §42 (3)): the day of issue, whatever month it
    /// corrects. Anything else counts as supplied on its last day or, billed in advance, on the day of issue (§21 (3)).
    /// </summary>
    public DateOnly Of(ProposedCharge charge)
    {
        if (charge.Corrects is not null) return issuedOn;
        if (issuer.SupplyDating == SupplyDating.BillingDay && catalogue[charge.Tariff].Kind.IsElectronicCommunication()) return issuedOn;
        return NotAfterIssue(charge.Period.LastDay);
    }

    public DateOnly Of(OneOff item) => item.Billed is null ? NotAfterIssue(item.Date) : issuedOn;

    private DateOnly NotAfterIssue(DateOnly day) => day < issuedOn ? day : issuedOn;
}
