namespace IspBilling.Domain;

/// <summary>
/// Which event changed what a day of a service costs: not the last one that reaches it, but the last of those that can have had that effect. A
/// push may move the end and change the quantity at once; the days after the end are gone because of the end.
/// </summary>
internal static class ChangeCauses
{
    /// <summary>Days of a period on which another event than on the day before may be the cause, in order.</summary>
    public static IEnumerable<DateOnly> Bounds(Service service, Period period)
    {
        var days = new SortedSet<DateOnly>();
        Consider(service.End);
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

        return days;

        void Consider(DateOnly? day)
        {
            if (day > period.From && day < period.To) days.Add(day.Value);
        }
    }

    /// <summary>Of a day that is charged and not owed any more; null when no event is known that did it.</summary>
    /// <param name="tariff">That it is charged in.</param>
    public static long? OfGone(Service service, DateOnly day, TariffId tariff)
    {
        var ended = service.End <= day ? service.LastChange(ChangeKind.End, day) : 0;
        var rests = service.RestsOn(day) ? service.LastChange(ChangeKind.Pause, day) : 0;

        // The first of the two took the day away; the other found nothing left to take.
        if (ended > 0 && rests > 0) return Math.Min(ended, rests);
        if (ended > 0 || rests > 0) return ended + rests;
        return Known(service.LastChange(service.TermsOn(day).Tariff == tariff ? ChangeKind.Price : ChangeKind.Terms, day));
    }

    /// <summary>Of a day that is owed and not charged; the agreement itself where nothing was taken back.</summary>
    public static long? OfFresh(Service service, DateOnly day, ChargeBasis after)
    {
        var place = service.LastChargedFrom(day);
        if (place >= 0 && day < service.Charged[place].Period.To) return Known(service.LastChange(ChangeKind.Terms, day));
        var takenBack = Math.Max(service.LastChange(ChangeKind.End, day), service.LastChange(ChangeKind.Pause, day));
        return Known(takenBack > 0 ? takenBack : Math.Max(service.LastChange(ChangeKind.Price, day), after.Cause));
    }

    /// <summary>Of a day that costs more or less than is charged; 0 when the catalogue changed its price, null when no event is known.</summary>
    /// <param name="before">Null of a release that did not keep it.</param>
    public static long? OfPrice(Service service, DateOnly day, ChargeBasis? before, ChargeBasis after)
    {
        if (before is null) return null;
        var terms = before.Quantity != after.Quantity ? service.LastChange(ChangeKind.Terms, day) : 0;
        var price = IsAgreedAlike(before, after) ? 0 : service.LastChange(ChangeKind.Price, day);
        if (terms > 0 || price > 0) return Math.Max(terms, price);
        return before.Quantity == after.Quantity && IsAgreedAlike(before, after) && before.MonthlyPrice != after.MonthlyPrice ? 0 : null;
    }

    /// <summary>Whether the two differ at most by what the catalogue says.</summary>
    private static bool IsAgreedAlike(ChargeBasis before, ChargeBasis after) =>
        before.SpecialPrice == after.SpecialPrice && before.Discount == after.Discount && before.DiscountBasisPoints == after.DiscountBasisPoints
        && (after.SpecialPrice is null || before.MonthlyPrice == after.MonthlyPrice);

    private static long? Known(long cause) => cause > 0 ? cause : null;
}
