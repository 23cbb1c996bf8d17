using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>Which days of a service an event reaches, so that a corrected line can name the event that did it.</summary>
internal static class ServiceChanges
{
    /// <summary>More changes between two documents than anybody makes; beyond it the oldest two become one.</summary>
    public const int Max = 64;

    /// <param name="service">As it was before the event.</param>
    public static ServiceChange By(AccountEvent happened, Service service, long version)
    {
        var ((from, to), kind) = happened switch
        {
            ServiceTermsChanged e => ((e.From, null), ChangeKind.Terms),
            ServiceEndSet e => ((Earlier(service.End, e.End), (DateOnly?)null), ChangeKind.End),
            // A pause that bills is charged like any other day.
            ServicePaused { Pause.Bills: true } e => (FreeDays(service, e.Pause.Id) ?? Never, ChangeKind.Pause),
            ServicePaused e => (Both((e.Pause.From, e.Pause.To), FreeDays(service, e.Pause.Id)), ChangeKind.Pause),
            PauseRemoved e => (FreeDays(service, e.Pause) ?? Never, ChangeKind.Pause),
            SpecialPriceAgreed e => (Both((e.From, e.To), FindPrice(service, e.Id)), ChangeKind.Price),
            SpecialPriceRemoved e => (FindPrice(service, e.Id) ?? Ever, ChangeKind.Price),
            _ => (Ever, ChangeKind.Any),
        };
        return new ServiceChange(version, from, to, kind);
    }

    public static ImmutableArray<ServiceChange> Bounded(ImmutableArray<ServiceChange> changes)
    {
        if (changes.Length <= Max) return changes;
        var (first, second) = (changes[0], changes[1]);
        var (earliest, latest) = Both((second.From, second.To), (first.From, first.To));
        return changes.RemoveAt(0).SetItem(0, new ServiceChange(second.Cause, earliest, latest, first.Kind == second.Kind ? first.Kind : ChangeKind.Any));
    }

    private static (DateOnly From, DateOnly? To) Ever => (DateOnly.MinValue, null);

    private static (DateOnly From, DateOnly? To) Never => (DateOnly.MaxValue, DateOnly.MaxValue);

    private static (DateOnly From, DateOnly? To)? FreeDays(Service service, string id)
    {
        foreach (var pause in service.Pauses)
        {
            if (pause.Id == id) return pause.Bills ? null : (pause.From, pause.To);
        }

        return null;
    }

    private static (DateOnly From, DateOnly? To)? FindPrice(Service service, string id)
    {
        foreach (var price in service.SpecialPrices)
        {
            if (price.Id == id) return (price.From, price.To);
        }

        return null;
    }

    private static (DateOnly From, DateOnly? To) Both((DateOnly From, DateOnly? To) one, (DateOnly From, DateOnly? To)? other)
    {
        if (other is not { } before) return one;
        var from = one.From < before.From ? one.From : before.From;
        return (from, one.To is { } to && before.To is { } end ? (to > end ? to : end) : null);
    }

    private static DateOnly Earlier(DateOnly? one, DateOnly? other)
    {
        var (a, b) = (one ?? DateOnly.MaxValue, other ?? DateOnly.MaxValue);
        return a < b ? a : b;
    }
}
