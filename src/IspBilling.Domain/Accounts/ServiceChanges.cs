using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Which days of a service an event reaches, so that a corrected line can name the event that did it.</summary>
internal static class ServiceChanges
{
    /// <summary>More changes between two documents than anybody makes; beyond it the oldest two become one.</summary>
    public const int Max = 64;

    /// <summary>The changes of a service with those that an event made: of each kind exactly the days that it changed in that respect.</summary>
    /// <remarks>
    /// A pause that is moved reaches the days it left and the days it took, not those between them, nor those that it or another pause lies on as
    /// before. So the last end or pause to reach a day is what ended or began it, whatever else was agreed about its neighbours.
    /// </remarks>
    /// <param name="before">As it was before the event.</param>
    /// <param name="after">As it is now.</param>
    public static ImmutableArray<ServiceChange> With(Service before, Service after, AccountEvent happened, long version)
    {
        var changes = before.Changes.ToBuilder();
        switch (happened)
        {
            case ServiceTermsChanged e:
                Add(ChangeKind.Terms, e.From, to: null);
                break;
            case ServiceEndSet when Earlier(before.End, after.End) is var from && Later(before.End, after.End) is var to && from < to:
                Add(ChangeKind.End, from, to == DateOnly.MaxValue ? null : to);
                break;
            case ServiceEndSet:
                break;
            case ServicePaused or PauseRemoved:
                AddDays(ChangeKind.Pause, [.. before.Pauses.Concat(after.Pauses).Select(pause => (pause.From, pause.To))], day => before.RestsOn(day) != after.RestsOn(day));
                break;
            case SpecialPriceAgreed or SpecialPriceRemoved:
                var replaced = before.SpecialPrices.Except(after.SpecialPrices).Concat(after.SpecialPrices.Except(before.SpecialPrices)).ToList();
                AddDays(ChangeKind.Price, Days(replaced), day => replaced.Exists(price => price.AppliesOn(day)));
                if (before.SpecialPrices.Any(price => price.IsFree))
                    AddDays(ChangeKind.Unfreed, Days(before.SpecialPrices.Concat(after.SpecialPrices)), day => before.IsFreeOn(day) && !after.IsFreeOn(day));
                break;
            default:
                Add(ChangeKind.Any, DateOnly.MinValue, to: null);
                break;
        }

        return Bounded(changes.DrainToImmutable());

        void Add(ChangeKind kind, DateOnly from, DateOnly? to) => changes.Add(new ServiceChange(version, from, to, kind));

        void AddDays(ChangeKind kind, List<(DateOnly From, DateOnly? To)> agreed, Func<DateOnly, bool> isChanged)
        {
            foreach (var (from, to) in Stretches(agreed, isChanged)) Add(kind, from, to);
        }
    }

    public static ImmutableArray<ServiceChange> Bounded(ImmutableArray<ServiceChange> changes)
    {
        while (changes.Length > Max)
        {
            var (first, second) = (changes[0], changes[1]);
            var kind = first.Kind == second.Kind ? first.Kind : ChangeKind.Any;
            var to = first.To is { } one && second.To is { } other ? (one > other ? one : other) : (DateOnly?)null;
            changes = changes.RemoveAt(0).SetItem(0, new ServiceChange(second.Cause, first.From < second.From ? first.From : second.From, to, kind));
        }

        return changes;
    }

    private static List<(DateOnly From, DateOnly? To)> Days(IEnumerable<SpecialPrice> prices) => [.. prices.Select(price => (price.From, price.To))];

    /// <summary>Runs of days of which something is so; it can begin and end to be so only where something agreed does.</summary>
    private static List<(DateOnly From, DateOnly? To)> Stretches(List<(DateOnly From, DateOnly? To)> agreed, Func<DateOnly, bool> isSo)
    {
        var bounds = new SortedSet<DateOnly>();
        foreach (var (first, to) in agreed)
        {
            bounds.Add(first);
            if (to is { } end) bounds.Add(end);
        }

        var stretches = new List<(DateOnly From, DateOnly? To)>();
        DateOnly? from = null;
        foreach (var day in bounds)
        {
            if (isSo(day))
            {
                from ??= day;
            }
            else if (from is { } began)
            {
                stretches.Add((began, day));
                from = null;
            }
        }

        if (from is { } open) stretches.Add((open, null));
        return stretches;
    }

    private static DateOnly Earlier(DateOnly? one, DateOnly? other)
    {
        var (a, b) = (one ?? DateOnly.MaxValue, other ?? DateOnly.MaxValue);
        return a < b ? a : b;
    }

    private static DateOnly Later(DateOnly? one, DateOnly? other)
    {
        var (a, b) = (one ?? DateOnly.MaxValue, other ?? DateOnly.MaxValue);
        return a > b ? a : b;
    }
}
