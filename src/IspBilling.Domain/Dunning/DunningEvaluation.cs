using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>The part of an account that dunning looks at.</summary>
/// <param name="Documents">Settled ones may be among them.</param>
public readonly record struct Debtor(ImmutableArray<OpenDocument> Documents, DunningState Dunning, ServiceLevel Level);

/// <summary>What dunning wants done on a day.</summary>
/// <param name="Step">Index of the step to take; null when none.</param>
/// <param name="Clear">The debt no longer justifies what was done: restore and start over.</param>
public readonly record struct DunningVerdict(int? Step, bool Clear)
{
    public static readonly DunningVerdict Nothing = new(null, false);
    public bool Acts => Step is not null || Clear;
}

/// <summary>
/// Dunning is a function of open documents, steps taken and the date. A day on which nothing ran is made up for the next day, and a
/// second look on the same day changes nothing.
/// </summary>
public static class DunningEvaluation
{
    public static DunningVerdict On(DateOnly today, Debtor debtor, DunningPolicy policy)
    {
        var dunning = debtor.Dunning;
        var debt = OverdueDebt(debtor, today, out var oldestDue);
        var hasConsequences = dunning.StepsTaken > 0 || debtor.Level != ServiceLevel.Full;
        if (hasConsequences && IsCleared(debt, policy)) return new DunningVerdict(null, Clear: true);
        if (debt is null || dunning.Exempt || dunning.PromisedUntil >= today) return DunningVerdict.Nothing;
        if (dunning.LastStepOn >= today) return DunningVerdict.Nothing;
        return new DunningVerdict(NextStep(today, debt.Value, today.DayNumber - oldestDue.DayNumber, dunning, policy), false);
    }

    /// <summary>The first day from <paramref name="today"/> on which dunning will act if nothing else happens; null when never.</summary>
    /// <remarks>
    /// Verdicts change only on a few days: when a document has been overdue for as long as a step asks, when enough days have
    /// passed since the step before, when a promise lapses. Those days are tried in order.
    /// </remarks>
    public static DateOnly? NextActionFrom(DateOnly today, Debtor debtor, DunningPolicy policy)
    {
        DateOnly? best = null;
        Consider(today);
        foreach (var document in debtor.Documents)
        {
            if (!CountsAsDebt(document)) continue;
            Consider(document.DueOn.AddDays(1));
            foreach (var step in policy.Steps) Consider(document.DueOn.AddDays(step.DaysOverdue));
        }

        if (debtor.Dunning.LastStepOn is { } last)
        {
            // Never two steps on one day.
            Consider(last.AddDays(1));
            foreach (var step in policy.Steps) Consider(last.AddDays(step.LeastDaysSincePrevious));
        }

        if (debtor.Dunning.PromisedUntil is { } promised) Consider(promised.AddDays(1));
        return best;

        void Consider(DateOnly day)
        {
            if (day >= today && (best is null || day < best) && On(day, debtor, policy).Acts) best = day;
        }
    }

    /// <summary>Whether a document is open, overdue and not disputed.</summary>
    public static bool IsOverdue(DateOnly today, Debtor debtor) => OverdueDebt(debtor, today, out _) is not null;

    /// <summary>Sum of what is open, overdue and not disputed; null when nothing is.</summary>
    private static Money? OverdueDebt(Debtor debtor, DateOnly today, out DateOnly oldestDue)
    {
        Money? debt = null;
        oldestDue = DateOnly.MaxValue;
        foreach (var document in debtor.Documents)
        {
            if (!CountsAsDebt(document) || document.DueOn >= today) continue;
            debt = debt is null ? document.Open : debt.Value + document.Open;
            if (document.DueOn < oldestDue) oldestDue = document.DueOn;
        }

        return debt;
    }

    private static bool CountsAsDebt(OpenDocument document) =>
        document.Kind == DocumentKind.Invoice && !document.Disputed && document.Open.IsPositive;

    private static bool IsCleared(Money? debt, DunningPolicy policy) =>
        debt is null || (policy.SmallestDebt is { } smallest && debt.Value < smallest);

    /// <summary>
    /// The latest notice that is due, but never past a restrictive step. Restrictive steps are taken one at a time, each only after a
    /// notice was really sent and enough days have passed.
    /// </summary>
    private static int? NextStep(DateOnly today, Money debt, int daysOverdue, DunningState dunning, DunningPolicy policy)
    {
        int? chosen = null;
        for (var i = dunning.StepsTaken; i < policy.Steps.Length; i++)
        {
            var step = policy.Steps[i];
            if (daysOverdue < step.DaysOverdue) continue;
            if (debt < step.MinimumDebt)
            {
                if (step.IsRestrictive) break;
                continue;
            }

            var permitted = dunning.LastStepOn is { } last ? today >= last.AddDays(step.LeastDaysSincePrevious) : !step.IsRestrictive;
            if (permitted) chosen = i;
            if (step.IsRestrictive) break;
        }

        return chosen;
    }
}
