using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>
/// What a subscription owes, in the auditor's own arithmetic: day by day, each day one part in as many as its month has days. Every
/// month has 28, 29, 30 or 31 days, so all of it is whole numbers over their common multiple, rounded once per line.
/// </summary>
internal static class Owed
{
    /// <summary>The least common multiple of 28, 29, 30 and 31.</summary>
    private const long Month = 377_580;

    /// <summary>What decides the price of a day; days with the same stand on one line.</summary>
    private readonly record struct DayPrice(DateOnly Version, long Entered, long MonthlyMinor, string? Price, string? Discount, int DiscountPoints);

    /// <param name="through">Periods due on or before this day are owed: in advance on their first day, in arrears on their last.</param>
    /// <param name="chargedUpTo">First day after what documents charged already; what began before it stays owed.</param>
    public static List<Stretch> Of(Subscription subscription, TariffCatalogue catalogue, DateOnly through, DateOnly? chargedUpTo)
    {
        var owed = new List<Stretch>();
        var end = subscription.End ?? DateOnly.MaxValue;
        var day = subscription.FirstDay;
        while (day < end)
        {
            var terms = subscription.TermsOn(day);
            var cycleBegan = CycleBegan(subscription, day);
            var (from, to) = BillingPeriod(terms, cycleBegan, day);
            to = Earlier(to, Earlier(end, NextTerms(subscription, day)));
            var due = terms.InArrears ? to.AddDays(-1) : Later(from, cycleBegan);
            if (due > through && !(day < chargedUpTo)) break;
            AddLines(owed, subscription, catalogue.Tariffs[new TariffId(terms.Tariff)], terms, day, to);
            day = to;
        }

        return owed;
    }

    private static void AddLines(List<Stretch> owed, Subscription subscription, Tariff tariff, Terms terms, DateOnly from, DateOnly to)
    {
        DayPrice? running = null;
        var began = from;
        for (var day = from; day < to; day = day.AddDays(1))
        {
            var price = PriceOf(subscription, tariff, day);
            if (price == running) continue;
            EndLine(day);
            (running, began) = (price, day);
        }

        EndLine(to);

        void EndLine(DateOnly end)
        {
            if (running is not { } price) return;
            var amount = Amount(price, terms, began, end);
            if (amount != 0) owed.Add(new Stretch(began, end, terms.Tariff, amount));
        }
    }

    private static DayPrice? PriceOf(Subscription subscription, Tariff tariff, DateOnly day)
    {
        if (subscription.IsFree(day)) return null;
        Agreement? price = null, discount = null;
        foreach (var agreement in subscription.Agreements)
        {
            if (!agreement.Holds(day)) continue;
            if (agreement.MonthlyMinor is not null && !(agreement.Agreed < price?.Agreed)) price = agreement;
            if (agreement.DiscountPoints is not null && !(agreement.Agreed < discount?.Agreed)) discount = agreement;
        }

        // What was entered after the day was invoiced leaves it alone, unless it is meant to reach back. Of one first day the last entry holds.
        TariffVersion? version = null;
        var known = subscription.PricedUnder(day, tariff.Id.Value);
        foreach (var candidate in tariff.Versions)
        {
            if (candidate.ValidFrom > day || (candidate.Entered > known && !candidate.Reprices)) continue;
            if (version is null || (candidate.ValidFrom, candidate.Entered).CompareTo((version.ValidFrom, version.Entered)) > 0) version = candidate;
        }

        return new DayPrice(
            version!.ValidFrom, version.Entered, price?.MonthlyMinor ?? version.MonthlyPrice.Minor, price?.Id, discount?.Id, discount?.DiscountPoints ?? 0);
    }

    private static long Amount(DayPrice price, Terms terms, DateOnly from, DateOnly to)
    {
        Int128 parts = 0;
        for (var day = from; day < to;)
        {
            var (monthFrom, monthTo) = MonthOf(terms.Anchor, day);
            var until = Earlier(monthTo, to);
            parts += (until.DayNumber - day.DayNumber) * (Month / (monthTo.DayNumber - monthFrom.DayNumber));
            day = until;
        }

        var numerator = parts * price.MonthlyMinor * terms.Thousandths * (10_000 - price.DiscountPoints);
        var denominator = (Int128)Month * 1000 * 10_000;
        return (long)(((2 * numerator) + denominator) / (2 * denominator));
    }

    /// <summary>The day since when the service has been billed in the cycle of a day; changes of tariff do not begin it anew.</summary>
    private static DateOnly CycleBegan(Subscription subscription, DateOnly day)
    {
        var began = subscription.Start;
        for (var i = 1; i < subscription.Terms.Count && subscription.Terms[i].From <= day; i++)
        {
            var (before, after) = (subscription.Terms[i - 1], subscription.Terms[i]);
            if (before.Months != after.Months || before.Anchor != after.Anchor) began = Later(subscription.Start, after.From);
        }

        return began;
    }

    /// <summary>The first day on which something else than on a day is agreed; agreeing the same again changes nothing.</summary>
    private static DateOnly NextTerms(Subscription subscription, DateOnly day)
    {
        var now = subscription.TermsOn(day);
        foreach (var later in subscription.Terms)
        {
            if (later.From > day && !later.SameAs(now)) return later.From;
        }

        return DateOnly.MaxValue;
    }

    private static (DateOnly From, DateOnly To) BillingPeriod(Terms terms, DateOnly cycleBegan, DateOnly day)
    {
        if (terms.Anchor is null)
        {
            var first = new DateOnly(day.Year, ((day.Month - 1) / terms.Months * terms.Months) + 1, 1);
            return (first, first.AddMonths(terms.Months));
        }

        // Counted in months from the one in which the cycle began.
        var began = MonthOf(terms.Anchor, cycleBegan).From;
        var origin = new DateOnly(began.Year, began.Month, 1);
        var number = 0;
        while (AnchoredIn(origin.AddMonths(number + terms.Months), terms.Anchor.Value) <= day) number += terms.Months;
        return (AnchoredIn(origin.AddMonths(number), terms.Anchor.Value), AnchoredIn(origin.AddMonths(number + terms.Months), terms.Anchor.Value));
    }

    /// <summary>The month, from its anchor day to the next, that holds a day.</summary>
    private static (DateOnly From, DateOnly To) MonthOf(int? anchor, DateOnly day)
    {
        var first = new DateOnly(day.Year, day.Month, 1);
        var here = AnchoredIn(first, anchor ?? 1);
        return here <= day ? (here, AnchoredIn(first.AddMonths(1), anchor ?? 1)) : (AnchoredIn(first.AddMonths(-1), anchor ?? 1), here);
    }

    private static DateOnly AnchoredIn(DateOnly firstOfMonth, int anchor)
    {
        var length = firstOfMonth.AddMonths(1).DayNumber - firstOfMonth.DayNumber;
        return firstOfMonth.AddDays(Math.Min(anchor, length) - 1);
    }

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
}
