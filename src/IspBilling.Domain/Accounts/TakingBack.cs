using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>
/// Remembers which days documents charged once and charge no more, from document to document:
/// <code>
///   charged           |──── T1 ────|──── T1 ────|
///   after the note    |── T1 ──|
///   taken back                 |────── T1 ──────|
///   charged again     |──── T1 ────|
///   taken back                     |──── T1 ────|
/// </code>
/// </summary>
internal static class TakingBack
{
    /// <param name="before">The service before the document.</param>
    /// <param name="after">The same with what documents charge now.</param>
    public static Service Follow(Service before, Service after)
    {
        // New periods alone take nothing back.
        var isSame = before.Charged == after.Charged;
        if (before.TakenBack.IsEmpty && (isSame || OnlyFollow(before.Charged, after.Charged))) return after;
        var taken = isSame ? before.TakenBack : Days(before, after.Charged);
        return after with { TakenBack = taken, PastChanges = Reaching(taken, [.. before.PastChanges, .. before.Changes]) };
    }

    /// <summary>What settled history leaves of it: nothing when the account remembers no credit note any more.</summary>
    public static Service Leave(Service service, bool remembersCredits)
    {
        if (service.TakenBack.IsEmpty) return service;
        var taken = remembersCredits ? service.TakenBack.RemoveAll(days => days.Period.To <= service.OpenFrom) : [];
        return service with { TakenBack = taken, PastChanges = Reaching(taken, service.PastChanges) };
    }

    private static bool OnlyFollow(ImmutableArray<ChargedSegment> before, ImmutableArray<ChargedSegment> after)
    {
        if (after.Length < before.Length) return false;
        for (var i = 0; i < before.Length; i++)
        {
            if (before[i].Period != after[i].Period || before[i].Tariff != after[i].Tariff) return false;
        }

        return true;
    }

    private static ImmutableArray<TakenBackDays> Days(Service before, ImmutableArray<ChargedSegment> charged)
    {
        var taken = new List<TakenBackDays>();
        foreach (var days in before.TakenBack) AddRest(taken, days, charged);
        foreach (var segment in before.Charged) AddRest(taken, new TakenBackDays(segment.Period, segment.Tariff, segment.BilledUnder), charged);
        taken.Sort(static (one, other) => (one.Tariff.Value, one.Period.From).CompareTo((other.Tariff.Value, other.Period.From)));
        return Joined(taken);
    }

    /// <summary>What of the days is not charged in their tariff.</summary>
    private static void AddRest(List<TakenBackDays> taken, TakenBackDays days, ImmutableArray<ChargedSegment> charged)
    {
        var from = days.Period.From;
        foreach (var segment in charged)
        {
            if (segment.Tariff != days.Tariff || segment.Period.To <= from) continue;
            if (segment.Period.From >= days.Period.To) break;
            if (segment.Period.From > from) taken.Add(days with { Period = new Period(from, segment.Period.From) });
            from = segment.Period.To;
            if (from >= days.Period.To) return;
        }

        taken.Add(days with { Period = new Period(from, days.Period.To) });
    }

    private static ImmutableArray<TakenBackDays> Joined(List<TakenBackDays> taken)
    {
        var joined = ImmutableArray.CreateBuilder<TakenBackDays>(taken.Count);
        foreach (var days in taken)
        {
            if (joined.Count > 0 && joined[^1] is var last && last.Period.To == days.Period.From && last with { Period = days.Period } == days)
                joined[^1] = days with { Period = new Period(last.Period.From, days.Period.To) };
            else
                joined.Add(days);
        }

        return joined.DrainToImmutable();
    }

    private static ImmutableArray<ServiceChange> Reaching(ImmutableArray<TakenBackDays> taken, ImmutableArray<ServiceChange> changes)
    {
        if (taken.IsEmpty) return [];
        return ServiceChanges.Bounded([.. changes.Where(change =>
            change.Kind is ChangeKind.End or ChangeKind.Pause or ChangeKind.Unfreed or ChangeKind.Any && taken.Any(days => change.Reaches(days.Period)))]);
    }
}
