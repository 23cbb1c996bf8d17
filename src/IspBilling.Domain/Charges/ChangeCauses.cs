namespace IspBilling.Domain;

/// <summary>
/// Which event changed what a day of a service costs: not the last one that reaches it, but the last of those that can have had that effect. A
/// push may move the end and change the quantity at once; the days after the end are gone because of the end.
/// </summary>
internal static class ChangeCauses
{
    /// <summary>Days of a period on which another event than on the day before may be the cause, in order.</summary>
    public static IEnumerable<DateOnly> Bounds(Service service, Tariff tariff, Period period)
    {
        var days = new SortedSet<DateOnly>();
        Consider(service.End);
        foreach (var version in tariff.Versions) Consider(version.ValidFrom);
        foreach (var price in service.SpecialPrices)
        {
            Consider(price.From);
            Consider(price.To);
        }

        foreach (var terms in service.Terms) Consider(terms.From);
        foreach (var pause in service.Pauses)
        {
            Consider(pause.From);
            Consider(pause.To);
        }

        foreach (var change in service.Changes)
        {
            Consider(change.From);
            Consider(change.To);
        }

        foreach (var change in service.PastChanges)
        {
            Consider(change.From);
            Consider(change.To);
        }

        foreach (var segment in service.Charged)
        {
            Consider(segment.Period.From);
            Consider(segment.Period.To);
        }

        foreach (var before in service.TakenBack)
        {
            Consider(before.Period.From);
            Consider(before.Period.To);
        }

        return days;

        void Consider(DateOnly? day)
        {
            if (day > period.From && day < period.To) days.Add(day.Value);
        }
    }

    /// <summary>Of a day that is charged and not owed any more; null when no event is known that did it.</summary>
    /// <param name="tariff">That it is charged in.</param>
    public static Causes? OfGone(Service service, DateOnly day, TariffId tariff)
    {
        var ended = service.End <= day ? service.LastChange(ChangeKind.End, day) : 0;
        var rests = service.RestsOn(day) ? service.LastChange(ChangeKind.Pause, day) : 0;

        // The first of the two took the day away; the other found nothing left to take.
        if (ended > 0 && rests > 0) return new Causes(Math.Min(ended, rests));
        if (ended > 0 || rests > 0) return new Causes(ended + rests);
        return Known(service.LastChange(service.TermsOn(day).Tariff == tariff ? ChangeKind.Price : ChangeKind.Terms, day));
    }

    /// <summary>
    /// Of a day that is owed and not charged: what made it due after the last document; where nothing did, the agreement itself of a day that no
    /// document ever charged, and of a day that is charged again what gave it back before, 0 when that was a price of the catalogue.
    /// </summary>
    public static Causes? OfFresh(Service service, DateOnly day, ChargeBasis after)
    {
        if (service.IsCharged(day)) return Known(service.LastChange(ChangeKind.Terms, day));
        var givenBack = service.LastGivenBack(day);
        if (givenBack > 0) return new Causes(givenBack);
        if (!service.WasCharged(day)) return Known(after.Cause);
        var agreed = Math.Max(service.LastChange(ChangeKind.Price, day), service.LastChange(ChangeKind.Terms, day));
        if (agreed == 0) agreed = service.LastPastGivenBack(day);

        // Charged once in other tariffs alone, so that the one it is charged in now was agreed later.
        if (agreed == 0 && !service.TakenBack.Any(days => days.Tariff == after.Tariff && days.Period.Contains(day))) agreed = service.TermsOn(day).Cause;
        return new Causes(agreed);
    }

    /// <summary>
    /// Of a stretch that no document charges a day of, nor ever did: what made each of its days due after the last document. Null where some day was
    /// due all along: then the stretch has come due by date, and its terms say what was agreed.
    /// </summary>
    public static Causes? OfLate(Service service, Period stretch)
    {
        if (service.Changes.IsEmpty) return null;
        var events = new SortedSet<long> { service.LastGivenBack(stretch.From) };
        foreach (var change in service.Changes)
        {
            // A day's answer differs from that of the day before only where a change begins or ends to reach.
            if (change.From > stretch.From && change.From < stretch.To) events.Add(service.LastGivenBack(change.From));
            if (change.To is { } to && to > stretch.From && to < stretch.To) events.Add(service.LastGivenBack(to));
        }

        if (events.Contains(0)) return null;
        var last = events.Max;
        events.Remove(last);
        return new Causes(last, [.. events]);
    }

    /// <summary>Of a day that costs more or less than is charged: what changed its quantity, its price and its discount, each by itself; null when no event is known.</summary>
    /// <param name="before">Null of a release that did not keep it.</param>
    public static Causes? OfPrice(Service service, DateOnly day, ChargeBasis? before, ChargeBasis after)
    {
        if (before is null) return null;
        var events = new SortedSet<long>();
        if (before.Quantity != after.Quantity) events.Add(service.LastChange(ChangeKind.Terms, day));
        if (before.SpecialPrice != after.SpecialPrice || (after.SpecialPrice is not null && before.MonthlyPrice != after.MonthlyPrice))
            events.Add(OfAgreement(service, day, after.SpecialPrice));
        if (before.Discount != after.Discount || before.DiscountBasisPoints != after.DiscountBasisPoints)
            events.Add(OfAgreement(service, day, after.Discount));

        // An event that nobody knows says nothing.
        var isUnknown = events.Remove(0);
        var byCatalogue = before.SpecialPrice is null && after.SpecialPrice is null && before.MonthlyPrice != after.MonthlyPrice;
        if (events.Count == 0) return byCatalogue && !isUnknown ? new Causes(0) : null;
        var last = events.Max;
        events.Remove(last);
        if (byCatalogue) events.Add(0);
        return new Causes(last, [.. events]);
    }

    /// <summary>
    /// The event that brought the agreement in force on a day; where it is older than the last document or there is none, the last that took
    /// another one away. What agreed something else that applies as well is not that, unless nothing else is known.
    /// </summary>
    /// <param name="id">Of the special price or discount; null when none applies any more.</param>
    private static long OfAgreement(Service service, DateOnly day, string? id)
    {
        foreach (var agreed in service.SpecialPrices)
        {
            if (agreed.Id == id && service.Changes.Any(change => change.Cause == agreed.Cause)) return agreed.Cause;
        }

        for (var i = service.Changes.Length - 1; i >= 0; i--)
        {
            var change = service.Changes[i];
            if (change.Kind is not (ChangeKind.Price or ChangeKind.Any) || !change.Reaches(day)) continue;
            if (!service.SpecialPrices.Any(agreed => agreed.Cause == change.Cause && agreed.AppliesOn(day))) return change.Cause;
        }

        return service.LastChange(ChangeKind.Price, day);
    }

    private static Causes? Known(long cause) => cause > 0 ? new Causes(cause) : null;
}

/// <summary>What changed a day: mostly one event, or one price of the catalogue.</summary>
/// <param name="Last">Version of the account's event; 0 for the catalogue.</param>
/// <param name="Others">What had a part in it besides, in order.</param>
internal readonly record struct Causes(long Last, ValueList<long> Others = default)
{
    /// <summary>As lines keep them: null where there are none.</summary>
    public ValueList<long>? OthersOrNone => Others is { Count: > 0 } others ? others : null;
}
