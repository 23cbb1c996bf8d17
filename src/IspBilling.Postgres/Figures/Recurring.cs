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
internal static class Recurring
{
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
        if (RecurringRevenue.On(service, day) is not { } brought) return null;
        return brought.Agreed is { } agreed
            ? new Bringing(FigureMeasure.AtAgreedPrice, brought.Tariff.Value, agreed.Minor)
            : new Bringing(FigureMeasure.AtListPrice, brought.Tariff.Value, brought.ListUnits);
    }
}
