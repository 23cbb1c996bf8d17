namespace IspBilling.Domain;

/// <summary>
/// What was done about the debt that is open now. A step counts for it if the debt was overdue when the step was taken; a restriction
/// counts only if a message about that debt was accepted before it, and a message only as long as the client may have it or may still get it.
/// </summary>
internal readonly struct DunningPast
{
    private readonly DunningState _dunning;
    private readonly DunningTerms _terms;

    /// <summary>What was taken or told up to this day was about something else, or was taken back by a person.</summary>
    private readonly DateOnly _after;

    /// <param name="since">The due date from which the debt's age counts.</param>
    public DunningPast(DunningState dunning, DateOnly since, DunningTerms terms)
    {
        _dunning = dunning;
        _terms = terms;
        _after = dunning.RestoredOn > since ? dunning.RestoredOn.Value : since;
        LastOn = dunning.RestoredOn > since ? dunning.RestoredOn : null;
        foreach (var taken in dunning.Taken)
        {
            if (taken.On > _after)
            {
                if (!(taken.On <= LastOn)) LastOn = taken.On;
                HasFailed |= taken.HasFailed;
            }

            if (taken.ToldOn > _after)
            {
                if (!(taken.ToldOn >= ToldOn)) ToldOn = taken.ToldOn;
                if (!(taken.ToldOn <= LastOn)) LastOn = taken.ToldOn;
                if (taken.DeadlineOn(terms.Policy) is { } deadline && !(deadline >= DeadlineOn)) DeadlineOn = deadline;
            }
        }
    }

    /// <summary>The last day on which anything was done about the debt; null when nothing was.</summary>
    public DateOnly? LastOn { get; }

    /// <summary>The first day on which a target accepted a message about the debt, of those that stand; null when none did.</summary>
    public DateOnly? ToldOn { get; }

    /// <summary>A message about the debt failed on every channel.</summary>
    public bool HasFailed { get; }

    /// <summary>The first substitute deadline that the client was told of; null when of none.</summary>
    public DateOnly? DeadlineOn { get; }

    /// <summary>Whatever a step of that day was about: never two on one day.</summary>
    public bool HasStepOnOrAfter(DateOnly today) => _dunning.Last?.On >= today || _dunning.RestoredOn >= today;

    public bool Counts(DunningStep step)
    {
        if (_dunning.Find(step.Code) is not { } taken || taken.On <= _after) return false;
        return step.IsRestrictive ? taken.HeardOn > _after : !IsVoid(step, taken);
    }

    /// <summary>
    /// A message that was not sent because it was moot, and one of which no channel delivered when it was taken while one does now: the client
    /// knows nothing of either, and gets another.
    /// </summary>
    private bool IsVoid(DunningStep step, TakenStep taken) =>
        taken.ToldOn is null
        && (taken.IsWithdrawn || (taken.By == DunningActions.None && (step.Channels & _terms.Delivering) != DunningActions.None));
}
