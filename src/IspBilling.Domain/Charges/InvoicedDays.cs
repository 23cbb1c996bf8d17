namespace IspBilling.Domain;

/// <summary>
/// Under which catalogue the days of a service were invoiced, as far as that decides their price: a version of the catalogue prices only what
/// was not invoiced when it was entered, unless it says otherwise. Days that were taken back come back at what they were invoiced at.
/// <code>
///   charged           |──── revision 7 ────|                    |── revision 9 ──|
///   taken back                             |── 7 ──|
///   priced by         |             7              |   today    |       9        |  today …
/// </code>
/// </summary>
internal readonly struct InvoicedDays(Service service, Tariff tariff, long today)
{
    /// <summary>Most tariffs never had another price, and then no stretch needs to be looked for.</summary>
    private readonly bool _matters = tariff.LeavesInvoicedAlone;

    /// <param name="until">First day that may have another answer.</param>
    /// <returns>Revision of the catalogue; what was invoiced on another tariff counts as not invoiced on this one.</returns>
    public long BilledUnder(DateOnly day, out DateOnly until)
    {
        until = DateOnly.MaxValue;
        if (!_matters) return today;
        var charged = service.Charged;
        var at = service.LastChargedFrom(day);
        if (at >= 0 && day < charged[at].Period.To)
        {
            until = charged[at].Period.To;
            if (charged[at].Tariff == tariff.Id) return charged[at].BilledUnder;
        }
        else if (at + 1 < charged.Length)
        {
            until = charged[at + 1].Period.From;
        }

        return TakenBackUnder(day, ref until) ?? today;
    }

    private long? TakenBackUnder(DateOnly day, ref DateOnly until)
    {
        foreach (var days in service.TakenBack)
        {
            if (days.Tariff != tariff.Id || days.Period.To <= day) continue;
            // In a tariff they are in order: what does not hold the day begins after it.
            var holds = days.Period.From <= day;
            var bound = holds ? days.Period.To : days.Period.From;
            if (bound < until) until = bound;
            return holds ? days.BilledUnder : null;
        }

        return null;
    }
}
