using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>Where an account stands in dunning, by the auditor's own count.</summary>
internal sealed record DunningPosition(int StepsTaken, DateOnly? LastStepOn, DateOnly? PromisedUntil, bool Exempt, ServiceLevel Level)
{
    public static readonly DunningPosition Start = new(0, null, null, false, ServiceLevel.Full);

    public bool HasConsequences => StepsTaken > 0 || Level != ServiceLevel.Full;
}

/// <summary>Open and overdue invoices that nobody disputes.</summary>
internal readonly record struct OverdueDebt(long Minor, int OldestDays)
{
    public bool IsNone => Minor == 0;
}

/// <summary>When a step of dunning may be taken, written from the rules alone.</summary>
internal static class DunningRules
{
    /// <summary>Why a step may not be taken on a day; null when it may.</summary>
    public static string? Objection(int step, DateOnly day, DunningPosition at, OverdueDebt debt, DunningPolicy policy)
    {
        if (step >= policy.Steps.Length) return $"the policy has no step {step}";
        if (at.Exempt) return "the client is exempt";
        if (at.PromisedUntil >= day) return $"payment is promised until {at.PromisedUntil:yyyy-MM-dd}";
        if (at.LastStepOn >= day) return "a step was taken that day already";
        if (step < at.StepsTaken) return $"step {step} after {at.StepsTaken} steps";
        var wanted = policy.Steps[step];
        if (debt.IsNone) return "nothing is overdue";
        if (debt.OldestDays < wanted.DaysOverdue) return $"{debt.OldestDays} days overdue, {wanted.DaysOverdue} needed";
        if (debt.Minor < wanted.MinimumDebt.Minor) return $"debt {debt.Minor}, {wanted.MinimumDebt.Minor} needed";
        if (at.LastStepOn is { } last && day.DayNumber - last.DayNumber < wanted.LeastDaysSincePrevious)
            return $"{day.DayNumber - last.DayNumber} days after the step before, {wanted.LeastDaysSincePrevious} needed";
        if (at.LastStepOn is null && IsRestrictive(wanted)) return "nothing was sent before";
        for (var skipped = at.StepsTaken; skipped < step; skipped++)
        {
            // A notice may be skipped for a later one, a restriction never while it is due.
            if (IsRestrictive(policy.Steps[skipped]) && debt.OldestDays >= policy.Steps[skipped].DaysOverdue) return $"step {skipped} is skipped";
        }

        return null;
    }

    /// <summary>A step that should have been taken on a day; null when there is none.</summary>
    public static int? Due(DateOnly day, DunningPosition at, OverdueDebt debt, DunningPolicy policy)
    {
        for (var step = at.StepsTaken; step < policy.Steps.Length; step++)
        {
            if (Objection(step, day, at, debt, policy) is null) return step;
        }

        return null;
    }

    /// <summary>Whether the debt is too small to have consequences.</summary>
    public static bool IsCleared(OverdueDebt debt, DunningPolicy policy) => debt.IsNone || debt.Minor < policy.Steps.Min(step => step.MinimumDebt.Minor);

    private static bool IsRestrictive(DunningStep step) =>
        (step.Actions & (DunningActions.Throttle | DunningActions.Block | DunningActions.NotifyCollections)) != DunningActions.None;
}
