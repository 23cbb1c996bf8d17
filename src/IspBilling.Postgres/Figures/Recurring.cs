using IspBilling.Domain;

namespace IspBilling.Postgres.Figures;

/// <summary>
/// When a service brings which recurring revenue, as changes on days: what the services of all clients bring on a day is the sum of
/// changes up to it.
/// <code>
///   service       |───────────────────────────────────|
///   discount           |─────────|
///   free pause                         |──────|
///   changes       +    ∓         ∓     −      +       −
/// </code>
/// </summary>
public static class Recurring
{
    /// <summary>One unit of quantity without a discount: thousandths of a unit times hundredths of a percent.</summary>
    public const long ListUnit = Quantity.PerUnit * (long)VatRate.Whole;

    private readonly record struct Bringing(FigureMeasure Measure, int Tariff, long Amount);

    /// <summary>Whether two versions of a service may differ in what they bring; billing it changes nothing here.</summary>
    internal static bool IsSame(Service one, Service other) =>
        one.End == other.End && one.Terms == other.Terms && one.SpecialPrices == other.SpecialPrices && one.Pauses == other.Pauses;

    /// <param name="sign">−1 takes back what the service brought before a change.</param>
    internal static void Add(Service service, int sign, Action<FigureMeasure, DateOnly, int, long, long> change)
    {
        Bringing? before = null;
        foreach (var day in Cuts(service))
        {
            Bringing? now = day == service.End ? null : On(service, day);
            if (now == before) continue;
            if (before is { } ended) change(ended.Measure, day, ended.Tariff, -sign * ended.Amount, -sign);
            if (now is { } begun) change(begun.Measure, day, begun.Tariff, sign * begun.Amount, sign);
            before = now;
        }
    }

    private static SortedSet<DateOnly> Cuts(Service service)
    {
        var end = service.End ?? DateOnly.MaxValue;
        var cuts = new SortedSet<DateOnly>();
        if (end <= service.Start) return cuts;
        cuts.Add(service.Start);
        if (service.End is { } last) cuts.Add(last);
        foreach (var terms in service.Terms) Consider(terms.From);
        foreach (var price in service.SpecialPrices)
        {
            Consider(price.From);
            Consider(price.To);
        }

        foreach (var pause in service.Pauses)
        {
            Consider(pause.From);
            Consider(pause.To);
        }

        return cuts;

        void Consider(DateOnly? day)
        {
            if (day > service.Start && day < end) cuts.Add(day.Value);
        }
    }

    /// <summary>Null while a free pause lasts.</summary>
    private static Bringing? On(Service service, DateOnly day)
    {
        foreach (var pause in service.Pauses)
        {
            if (!pause.Bills && pause.From <= day && (pause.To is null || day < pause.To)) return null;
        }

        var terms = service.TermsOn(day);
        SpecialPrice? price = null, discount = null;
        foreach (var special in service.SpecialPrices)
        {
            if (!special.AppliesOn(day)) continue;
            if (special.MonthlyPrice is not null && (price is null || special.Cause >= price.Cause)) price = special;
            if (special.DiscountBasisPoints is not null && (discount is null || special.Cause >= discount.Cause)) discount = special;
        }

        var units = terms.Quantity.Thousandths * (long)(VatRate.Whole - (discount?.DiscountBasisPoints ?? 0));
        return price?.MonthlyPrice is { } agreed
            ? new Bringing(FigureMeasure.AtAgreedPrice, terms.Tariff.Value, agreed.Times(units, ListUnit).Minor)
            : new Bringing(FigureMeasure.AtListPrice, terms.Tariff.Value, units);
    }
}
