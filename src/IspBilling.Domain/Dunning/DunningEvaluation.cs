using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>The part of an account that dunning looks at.</summary>
/// <param name="Documents">Settled ones may be among them.</param>
public readonly record struct Debtor(ImmutableArray<OpenDocument> Documents, DunningState Dunning, ServiceLevel Level);

/// <summary>What dunning wants on a day.</summary>
/// <param name="Level">What is justified by the steps that were taken and still count.</param>
/// <param name="Profile">Network profile of <see cref="ServiceLevel.Throttled"/>.</param>
/// <param name="Step">Index of the step to take; null when none.</param>
/// <param name="Clears">The debt is gone or too small to matter, and something was done or taken about it.</param>
/// <param name="Debt">Overdue and not disputed.</param>
/// <param name="Since">The due date from which the debt's age counts; null when there is none beyond the tolerance.</param>
/// <param name="Acts">There is something to do: a step, a clearing, another level.</param>
public readonly record struct DunningVerdict(
    ServiceLevel Level, string? Profile, int? Step, bool Clears, Money Debt, DateOnly? Since, bool Acts)
{
    /// <summary>Index of a restriction that is due by the calendar and waits; null when none does.</summary>
    public int? Waiting { get; init; }

    /// <summary>For what it waits.</summary>
    public RestrictionWait? Wait { get; init; }
}

/// <summary>
/// Dunning is a function of what is still open, of the steps taken and of the date. A day on which nothing ran is made up for the next
/// day, and a second look on the same day changes nothing.
/// <code>
///   A due 01-10    mail   throttle            block  A paid: nothing of this was about B
///   ───┼────────────┼────────┼──────────────────┼──────┼─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─ ─
///                                   B due 02-10 ┼──────┴─────┼─────────────┼──────────
///                                                    full  B's mail    B's throttle
/// </code>
/// </summary>
public static class DunningEvaluation
{
    public static DunningVerdict On(DateOnly today, Debtor debtor, DunningPolicy policy) => On(today, debtor, new DunningTerms(policy));

    public static DunningVerdict On(DateOnly today, Debtor debtor, DunningTerms terms)
    {
        Span<OpenDebt> room = stackalloc OpenDebt[OpenDebts.Usual];
        return Judge(today, OpenDebts.Of(debtor.Documents, room), debtor, terms);
    }

    /// <inheritdoc cref="NextActionFrom(DateOnly, Debtor, DunningTerms)"/>
    public static DateOnly? NextActionFrom(DateOnly today, Debtor debtor, DunningPolicy policy) => NextActionFrom(today, debtor, new DunningTerms(policy));

    /// <summary>The first day after <paramref name="today"/> on which dunning will act if nothing else happens; null when never.</summary>
    public static DateOnly? NextActionAfter(DateOnly today, Debtor debtor, DunningTerms terms) => NextActionFrom(today.AddDays(1), debtor, terms);

    /// <summary>The last of a number of days after one.</summary>
    public static DateOnly LastOf(DateOnly today, int daysAhead) => today.AddDays(daysAhead);

    /// <summary>The first day from <paramref name="today"/> on which dunning will act if nothing else happens; null when never.</summary>
    /// <remarks>
    /// Verdicts change only on a few days: when a document has been overdue for as long as a step asks, when enough days have
    /// passed since the step before, since the client was told or since a deadline, when a promise lapses, and on the first day after one of
    /// these on which something may be taken away. Those days are tried. What holds everybody today is not expected to do so tomorrow.
    /// </remarks>
    public static DateOnly? NextActionFrom(DateOnly today, Debtor debtor, DunningTerms terms)
    {
        Span<OpenDebt> room = stackalloc OpenDebt[OpenDebts.Usual];
        var (policy, open) = (terms.Policy, terms.Hold is null ? terms : terms with { Hold = null });
        var debts = OpenDebts.Of(debtor.Documents, room);
        DateOnly? best = null;
        Consider(today, debts);
        if (terms.Hold is not null) Consider(today.AddDays(1), debts);
        foreach (var debt in debts.ByDueDate)
        {
            Consider(debt.DueOn.AddDays(1), debts);
            foreach (var step in policy.Steps) Consider(debt.DueOn.AddDays(step.DaysOverdue), debts);
        }

        foreach (var taken in debtor.Dunning.Taken)
        {
            ConsiderAfter(taken.On, debts);
            if (taken.ToldOn is not { } told) continue;
            if (told != taken.On) ConsiderAfter(told, debts);
            Consider(told.AddDays(policy.LeastNoticeDays), debts);
            if (taken.DeadlineOn(policy) is { } deadline) Consider(deadline.AddDays(1), debts);
        }

        if (debtor.Dunning.RestoredOn is { } restored) ConsiderAfter(restored, debts);
        if (debtor.Dunning.PromisedUntil is { } promised) Consider(promised.AddDays(1), debts);
        return best;

        // Never two steps on one day.
        void ConsiderAfter(DateOnly day, in OpenDebts debts)
        {
            Consider(day.AddDays(1), debts);
            foreach (var step in policy.Steps) Consider(day.AddDays(step.LeastDaysSincePrevious), debts);
        }

        void Consider(DateOnly day, in OpenDebts debts)
        {
            Try(day, debts);
            if (!ReferenceEquals(terms.Days, RestrictionDays.Every) && day >= today && terms.Days.FirstFrom(day) is { } later && later != day) Try(later, debts);
        }

        void Try(DateOnly day, in OpenDebts debts)
        {
            if (day >= today && (best is null || day < best) && Judge(day, debts, debtor, day == today ? terms : open).Acts) best = day;
        }
    }

    /// <summary>Whether a document is open, overdue and not disputed.</summary>
    public static bool IsOverdue(DateOnly today, Debtor debtor)
    {
        foreach (var document in debtor.Documents)
        {
            if (document.IsReceivable && document.DueOn < today && !document.Disputed && document.Open.IsPositive) return true;
        }

        return false;
    }

    /// <summary>Whether a promise to pay holds: it has not lapsed, and of what it was made for something is open.</summary>
    public static bool IsPromised(DateOnly today, Debtor debtor, DunningPolicy policy)
    {
        Span<OpenDebt> room = stackalloc OpenDebt[OpenDebts.Usual];
        return IsPromised(today, OpenDebts.Of(debtor.Documents, room), debtor.Dunning, policy);
    }

    /// <summary>Why a reminder that was decided on a day should not be sent any more; null when it should.</summary>
    /// <param name="on">The day on which the step was taken; null in messages of earlier releases.</param>
    public static string? WhyNotToRemind(DateOnly today, Debtor debtor, DunningTerms terms, string code, DateOnly? on)
    {
        var policy = terms.Policy;
        Span<OpenDebt> room = stackalloc OpenDebt[OpenDebts.Usual];
        var debts = OpenDebts.Of(debtor.Documents, room);
        var debt = debts.Overdue(today, policy);
        if (IsCleared(debt, policy)) return "the debt was paid meanwhile, or is too small to be reminded of";
        if (debtor.Dunning.Exempt) return "the client was exempted from reminders meanwhile";
        if (IsPromised(today, debts, debtor.Dunning, policy)) return "the client promised meanwhile to pay";
        if (policy.Steps.FirstOrDefault(step => step.Code == code) is not { } step) return "the policy has no such step any more";
        if (!debtor.Dunning.Taken.Any(taken => taken.Code == code && (on is null || taken.On == on)) || !new DunningPast(debtor.Dunning, debt.Since!.Value, terms).Counts(step))
            return "the step is not about what is open now";
        if (debtor.Dunning.Taken.Any(taken => taken.Code != code && taken.On > (on ?? DateOnly.MaxValue) && policy.Steps.Any(later => later.Code == taken.Code && later.IsMessage)))
            return "a later step reminds since";
        return IsDue(today, debt, step) ? null : "what is open now does not reach the step";
    }

    private static DunningVerdict Judge(DateOnly today, in OpenDebts debts, Debtor debtor, DunningTerms terms)
    {
        var policy = terms.Policy;
        var debt = debts.Overdue(today, policy);
        if (IsCleared(debt, policy))
        {
            var clears = !debtor.Dunning.Taken.IsEmpty || debtor.Level != ServiceLevel.Full;
            return new DunningVerdict(ServiceLevel.Full, null, null, clears, debt.Sum, null, Acts: clears);
        }

        if (debtor.Dunning.Exempt || IsPromised(today, debts, debtor.Dunning, policy))
            return new DunningVerdict(ServiceLevel.Full, null, null, false, debt.Sum, debt.Since, Acts: debtor.Level != ServiceLevel.Full);

        var past = new DunningPast(debtor.Dunning, debt.Since!.Value, terms);
        var (level, profile) = JustifiedLevel(today, debt, past, policy);
        // What comes back when a promise lapses is taken away like anything else: not before a free day.
        if (level > debtor.Level && (terms.Hold is not null || !terms.Days.Contains(today))) (level, profile) = (debtor.Level, null);
        var next = NextStep(today, debt, past, terms);
        var step = past.HasStepOnOrAfter(today) ? null : next.Step;
        return new DunningVerdict(level, profile, step, false, debt.Sum, debt.Since, Acts: step is not null || level != debtor.Level)
        {
            Waiting = next.Waiting,
            Wait = next.Wait,
        };
    }

    private static bool IsCleared(OverdueDebt debt, DunningPolicy policy) =>
        debt.Since is null || (policy.SmallestDebtIn(debt.Sum.Currency) is { } smallest && debt.Sum < smallest);

    private static bool IsPromised(DateOnly today, in OpenDebts debts, DunningState dunning, DunningPolicy policy) =>
        dunning.PromisedUntil >= today && debts.AreOpenUpTo(dunning.PromisedFor, policy);

    /// <summary>The worst that a step which was taken, still counts and is still reached asks for.</summary>
    private static (ServiceLevel Level, string? Profile) JustifiedLevel(DateOnly today, OverdueDebt debt, DunningPast past, DunningPolicy policy)
    {
        var (level, profile) = (ServiceLevel.Full, (string?)null);
        for (var i = 0; i < policy.Steps.Length; i++)
        {
            var step = policy.Steps[i];
            if (step.Level is not { } wanted || wanted <= level || !IsDue(today, debt, step)) continue;
            if (policy.IsAnnounced(i, debt.Sum.Currency) && past.Counts(step)) (level, profile) = (wanted, wanted == ServiceLevel.Throttled ? step.Profile : null);
        }

        return (level, profile);
    }

    /// <summary>
    /// The latest notice that is due, but never past a restriction. Restrictions are taken one at a time, each only after a message about what
    /// is open was accepted and enough days have passed.
    /// </summary>
    private static (int? Step, int? Waiting, RestrictionWait? Wait) NextStep(DateOnly today, OverdueDebt debt, DunningPast past, DunningTerms terms)
    {
        var policy = terms.Policy;
        int? chosen = null;
        for (var i = 0; i < policy.Steps.Length; i++)
        {
            var step = policy.Steps[i];
            if (!IsDue(today, debt, step) || IsBehind(i, past, policy)) continue;
            var isPermitted = past.LastOn is not { } last || today >= last.AddDays(step.LeastDaysSincePrevious);
            if (!step.IsRestrictive)
            {
                if (isPermitted) chosen = i;
                continue;
            }

            if (!policy.IsAnnounced(i, debt.Sum.Currency)) continue;
            return WaitOf(today, step, past, isPermitted, terms) is { } wait ? (chosen, i, wait) : (i, null, null);
        }

        return (chosen, null, null);
    }

    /// <summary>For what a restriction that is due waits; null when for nothing.</summary>
    private static RestrictionWait? WaitOf(DateOnly today, DunningStep step, DunningPast past, bool isPermitted, DunningTerms terms)
    {
        if (past.ToldOn is not { } told) return past.HasFailed ? RestrictionWait.Unreachable : RestrictionWait.NotTold;
        if (today < told.AddDays(terms.Policy.LeastNoticeDays)) return RestrictionWait.NoticeDays;
        if (step.WaitsForDeadline && !(past.DeadlineOn < today)) return RestrictionWait.Deadline;
        if (!isPermitted) return RestrictionWait.StepBefore;
        if (!terms.Days.Contains(today)) return RestrictionWait.FreeDay;
        return terms.Hold switch
        {
            null => null,
            RestrictionHold.StaleBankData => RestrictionWait.StaleBankData,
            _ => RestrictionWait.Brake,
        };
    }

    private static bool IsDue(DateOnly today, OverdueDebt debt, DunningStep step) =>
        today.DayNumber - debt.Since!.Value.DayNumber >= step.DaysOverdue && step.IsReachedBy(debt.Sum);

    /// <summary>Taken already, or a later one was: after a notice the ones before it say nothing new, but only a restriction stands for another.</summary>
    private static bool IsBehind(int index, DunningPast past, DunningPolicy policy)
    {
        for (var i = index; i < policy.Steps.Length; i++)
        {
            if ((i == index || policy.Steps[i].IsRestrictive || !policy.Steps[index].IsRestrictive) && past.Counts(policy.Steps[i])) return true;
        }

        return false;
    }
}
