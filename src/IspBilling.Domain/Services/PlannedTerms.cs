namespace IspBilling.Domain;

/// <summary>
/// What a push makes of a service's terms. It says what holds from a day on, as far as the pusher knows today; what is planned for a later
/// day stays planned, with as much of it as differs from what would have held without the plan.
/// <code>
///   today                   ↓
///   agreed    |── A ────────────────|── B (planned) ──
///   pushed                  |── A × 2 ──…
///   then      |── A ────────|─ A × 2 |── B × 2 ───────
/// </code>
/// A plan is taken back by pushing what holds before it from its day on, and moved to a later day by pushing it from that day.
/// </summary>
internal static class PlannedTerms
{
    /// <param name="pushed">Not before the start of the service.</param>
    /// <returns>What is to be agreed, in order of date, each replacing everything later; nothing when it is agreed already.</returns>
    public static List<ServiceTerms> After(Service service, ServiceTerms pushed, DateOnly today)
    {
        var known = pushed.From > today ? pushed.From : today;
        var agreed = service.TermsOn(pushed.From);
        if (agreed.AgreesWith(pushed) && service.Terms.All(terms => terms.From <= pushed.From || terms.From > known || terms.AgreesWith(pushed)))
            return IsPlannedEarlier(service, agreed, pushed, today) ? [Before(service, agreed), .. WithPlans(service, pushed, known)] : [];
        return WithPlans(service, pushed, known);
    }

    /// <summary>The same was planned for a day that has not come yet: the plan moves.</summary>
    private static bool IsPlannedEarlier(Service service, ServiceTerms agreed, ServiceTerms pushed, DateOnly today) =>
        agreed.From > today && agreed.From < pushed.From && agreed.From > service.Start;

    private static ServiceTerms Before(Service service, ServiceTerms agreed) => service.TermsOn(agreed.From.AddDays(-1)) with { From = agreed.From };

    private static List<ServiceTerms> WithPlans(Service service, ServiceTerms pushed, DateOnly known)
    {
        var after = new List<ServiceTerms> { pushed };
        var without = service.TermsOn(known);
        foreach (var plan in service.Terms)
        {
            if (plan.From <= known) continue;
            var now = after[^1];
            var kept = new ServiceTerms(
                plan.From,
                plan.Tariff != without.Tariff ? plan.Tariff : now.Tariff,
                plan.Quantity != without.Quantity ? plan.Quantity : now.Quantity,
                plan.Cycle != without.Cycle ? plan.Cycle : now.Cycle,
                plan.Timing != without.Timing ? plan.Timing : now.Timing,
                Cause: 0);
            if (!kept.AgreesWith(now)) after.Add(kept);
            without = plan;
        }

        return after;
    }
}
