using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>All charges an account should have up to a date, minus what is already on its documents.</summary>
/// <param name="Charges">Lines of services; positive to charge, negative to credit.</param>
/// <param name="OneOffs">Items to charge, and billed ones that were cancelled.</param>
public sealed record BillingProposal(List<ProposedCharge> Charges, List<OneOff> OneOffs)
{
    /// <summary>By service number: everything the service owes, for services whose earlier charges change.</summary>
    internal Dictionary<int, List<Charge>> Recharged { get; } = [];

    public bool IsEmpty => Charges.Count == 0 && OneOffs.Count == 0;

    /// <param name="through">Everything due on or before this day.</param>
    /// <exception cref="BrokenReferenceException">A tariff or price is missing.</exception>
    public static BillingProposal Of(ImmutableArray<Service> services, ImmutableArray<OneOff> oneOffs, TariffCatalogue catalogue, DateOnly through)
    {
        var charges = new List<ProposedCharge>();
        var proposal = new BillingProposal(charges, []);
        foreach (var service in services)
        {
            var owed = OwedCharges.Of(service, catalogue, through);
            if (!ChargeDifference.AddTo(charges, service, catalogue, owed)) proposal.Recharged.Add(service.Number, owed);
        }

        foreach (var item in oneOffs)
        {
            if (item.Cancelled || (item.Billed is null && item.Date <= through)) proposal.OneOffs.Add(item);
        }

        return proposal;
    }

    /// <summary>The first day on which billing may have something to do; null when never. Early is harmless, late is not.</summary>
    public static DateOnly? NextDueOn(ImmutableArray<Service> services, ImmutableArray<OneOff> oneOffs)
    {
        DateOnly? next = null;
        foreach (var service in services)
        {
            if (OwedCharges.NextDueOn(service) is { } due) Consider(due);
        }

        foreach (var item in oneOffs)
        {
            if (item.Cancelled) Consider(DateOnly.MinValue);
            else if (item.Billed is null) Consider(item.Date);
        }

        return next;

        void Consider(DateOnly day)
        {
            if (next is null || day < next) next = day;
        }
    }

    /// <summary>
    /// A fingerprint of everything that makes up the proposal: two proposals with the same hash lead to the same documents.
    /// </summary>
    public ulong Hash()
    {
        var hash = new Fingerprint();
        foreach (var charge in Charges)
        {
            hash.Mix(charge.Service.Number);
            hash.Mix(charge.Period.From.DayNumber);
            hash.Mix(charge.Period.To.DayNumber);
            hash.Mix(charge.Tariff.Value);
            hash.Mix(charge.Amount.Minor);
            hash.Mix((int)charge.Reason);
            hash.Mix(charge.Corrects?.Document ?? 0);
            hash.Mix(charge.Corrects?.Line ?? 0);
        }

        foreach (var item in OneOffs)
        {
            hash.Mix(item.Id);
            hash.Mix(item.Amount.Minor);
            hash.Mix(item.Cancelled ? 1 : 0);
        }

        return hash.Value;
    }
}
