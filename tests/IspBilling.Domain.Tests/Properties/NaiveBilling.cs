using System.Numerics;

namespace IspBilling.Domain.Tests.Properties;

/// <summary>What a service owes, found the slow way: every day by itself, then runs of days with the same answer.</summary>
/// <remarks>Written from the domain's rules only; it shares no arithmetic with the domain.</remarks>
internal static class NaiveBilling
{
    public sealed record Stretch(DateOnly From, DateOnly To, int Tariff, long AmountMinor);

    private sealed record Terms(int Tariff, long Thousandths, int Months, int? Anchor, BillingTiming Timing);

    /// <summary>A day that was invoiced on a tariff, whether it still is or was taken back.</summary>
    public readonly record struct Invoiced(DateOnly Day, int Tariff);

    /// <summary>What decides the price of a day; equal on two neighbouring days means one line.</summary>
    private sealed record DayPrice(DateOnly Version, long Entered, long MonthlyMinor, string? Special, string? Discount, int DiscountPoints);

    /// <param name="chargedUpTo">First day after everything charged by earlier bills; what began before stays owed.</param>
    /// <param name="invoiced">The days that are or were invoiced, and under which revision of the catalogue first; null when no price leaves any of them alone.</param>
    public static List<Stretch> Owed(
        Service service, TariffCatalogue catalogue, DateOnly through, DateOnly chargedUpTo, IReadOnlyDictionary<Invoiced, long>? invoiced = null)
    {
        var stretches = new List<Stretch>();
        var day = service.Start;
        while (service.End is null || day < service.End)
        {
            // One part: days of one billing period under the same terms.
            var terms = TermsOn(service, day);
            var origin = CycleBegan(service, day);
            var (periodFrom, periodTo) = PeriodOf(terms, origin, day);
            var to = day;
            while (to < periodTo && (service.End is null || to < service.End) && TermsOn(service, to) == terms) to = to.AddDays(1);

            var due = terms.Timing == BillingTiming.InArrears ? to.AddDays(-1) : Later(periodFrom, origin);
            if (due > through && day >= chargedUpTo) break;
            AddPart(stretches, service, catalogue.Tariffs[new TariffId(terms.Tariff)], terms, day, to, invoiced);
            day = to;
        }

        return stretches;
    }

    private static void AddPart(
        List<Stretch> stretches, Service service, Tariff tariff, Terms terms, DateOnly from, DateOnly to, IReadOnlyDictionary<Invoiced, long>? invoiced)
    {
        DayPrice? running = null;
        var began = from;
        for (var day = from; day < to; day = day.AddDays(1))
        {
            var price = PriceOn(service, tariff, day, invoiced);
            if (price == running) continue;
            Close(day);
            (running, began) = (price, day);
        }

        Close(to);

        void Close(DateOnly end)
        {
            if (running is null) return;
            var amount = Amount(running, terms, began, end);
            if (amount != 0) stretches.Add(new Stretch(began, end, tariff.Id.Value, amount));
        }
    }

    private static DayPrice? PriceOn(Service service, Tariff tariff, DateOnly day, IReadOnlyDictionary<Invoiced, long>? invoiced)
    {
        if (service.Pauses.Any(pause => !pause.Bills && pause.From <= day && !(pause.To <= day))) return null;
        var version = VersionOn(tariff, day, invoiced);
        var agreed = service.SpecialPrices.Where(special => special.From <= day && !(special.To <= day)).OrderBy(special => special.Cause).ToList();
        var special = agreed.FindLast(candidate => candidate.MonthlyPrice is not null);
        var discount = agreed.FindLast(candidate => candidate.DiscountBasisPoints is not null);
        return new DayPrice(
            version.ValidFrom, version.Entered, special?.MonthlyPrice!.Value.Minor ?? version.MonthlyPrice.Minor, special?.Id, discount?.Id, discount?.DiscountBasisPoints ?? 0);
    }

    /// <summary>The price that was valid on the day by what was known when the day was invoiced; one that reprices is known always.</summary>
    private static TariffVersion VersionOn(Tariff tariff, DateOnly day, IReadOnlyDictionary<Invoiced, long>? invoiced)
    {
        var known = invoiced is not null && invoiced.TryGetValue(new Invoiced(day, tariff.Id.Value), out var then) ? then : long.MaxValue;
        return tariff.Versions.Where(version => version.ValidFrom <= day && (version.Reprices || version.Entered <= known))
            .GroupBy(version => version.ValidFrom).MaxBy(versions => versions.Key)!.MaxBy(version => version.Entered)!;
    }

    /// <summary>Each day is one part in as many as its own (anchored) month has days; summed exactly, rounded once.</summary>
    private static long Amount(DayPrice price, Terms terms, DateOnly from, DateOnly to)
    {
        BigInteger numerator = 0, denominator = 1;
        for (var day = from; day < to; day = day.AddDays(1))
        {
            var (monthFrom, monthTo) = MonthOf(terms.Anchor ?? 1, day);
            var length = monthTo.DayNumber - monthFrom.DayNumber;
            numerator = (numerator * length) + denominator;
            denominator *= length;
            var common = BigInteger.GreatestCommonDivisor(numerator, denominator);
            (numerator, denominator) = (numerator / common, denominator / common);
        }

        numerator *= (BigInteger)price.MonthlyMinor * terms.Thousandths * (10_000 - price.DiscountPoints);
        denominator *= 1000 * 10_000;
        return (long)((2 * numerator + denominator) / (2 * denominator));
    }

    private static Terms TermsOn(Service service, DateOnly day)
    {
        var terms = service.Terms.LastOrDefault(candidate => candidate.From <= day, service.Terms[0]);
        return new Terms(terms.Tariff.Value, terms.Quantity.Thousandths, terms.Cycle.Months, terms.Cycle.AnchorDay, terms.Timing);
    }

    /// <summary>The day since which the service has been on the cycle of <paramref name="day"/>.</summary>
    private static DateOnly CycleBegan(Service service, DateOnly day)
    {
        var began = service.Start;
        for (var i = 1; i < service.Terms.Length && service.Terms[i].From <= day; i++)
        {
            if (service.Terms[i].Cycle != service.Terms[i - 1].Cycle) began = Later(service.Start, service.Terms[i].From);
        }

        return began;
    }

    private static (DateOnly From, DateOnly To) PeriodOf(Terms terms, DateOnly origin, DateOnly day)
    {
        if (terms.Anchor is null)
        {
            var first = new DateOnly(day.Year, (day.Month - 1) / terms.Months * terms.Months + 1, 1);
            return (first, first.AddMonths(terms.Months));
        }

        var (from, _) = MonthOf(terms.Anchor.Value, origin);
        for (var n = 0; ; n += terms.Months)
        {
            var to = Anchored(terms.Anchor.Value, new DateOnly(from.Year, from.Month, 1).AddMonths(n + terms.Months));
            if (day < to) return (Anchored(terms.Anchor.Value, new DateOnly(from.Year, from.Month, 1).AddMonths(n)), to);
        }
    }

    private static (DateOnly From, DateOnly To) MonthOf(int anchor, DateOnly day)
    {
        var first = new DateOnly(day.Year, day.Month, 1);
        var here = Anchored(anchor, first);
        return day >= here ? (here, Anchored(anchor, first.AddMonths(1))) : (Anchored(anchor, first.AddMonths(-1)), here);
    }

    private static DateOnly Anchored(int anchor, DateOnly firstOfMonth)
    {
        var last = firstOfMonth.AddMonths(1).AddDays(-1);
        return anchor >= last.Day ? last : firstOfMonth.AddDays(anchor - 1);
    }

    private static DateOnly Later(DateOnly a, DateOnly b) => a > b ? a : b;
}
