namespace IspBilling.Domain;

/// <summary>
/// What was done about the debt that is open now. A step counts for it if the debt was overdue when the step was taken; a restriction
/// counts only if a message about that debt came before it.
/// </summary>
internal readonly struct DunningPast
{
    private readonly DunningState _dunning;

    /// <summary>What was taken or told up to this day was about something else, or was taken back by a person.</summary>
    private readonly DateOnly _after;

    /// <param name="since">The due date from which the debt's age counts.</param>
    public DunningPast(DunningState dunning, DateOnly since)
    {
        _dunning = dunning;
        _after = dunning.RestoredOn > since ? dunning.RestoredOn.Value : since;
        LastOn = dunning.RestoredOn > since ? dunning.RestoredOn : null;
        foreach (var taken in dunning.Taken)
        {
            if (taken.On > _after && !(taken.On <= LastOn)) LastOn = taken.On;
            if (taken.ToldOn > _after)
            {
                WasTold = true;
                if (!(taken.ToldOn <= LastOn)) LastOn = taken.ToldOn;
            }
        }
    }

    /// <summary>The last day on which anything was done about the debt; null when nothing was.</summary>
    public DateOnly? LastOn { get; }

    /// <summary>A message about the debt reached the client.</summary>
    public bool WasTold { get; }

    /// <summary>Whatever a step of that day was about: never two on one day.</summary>
    public bool HasStepOnOrAfter(DateOnly today) => _dunning.Last?.On >= today || _dunning.RestoredOn >= today;

    public bool Counts(DunningStep step)
    {
        foreach (var taken in _dunning.Taken)
        {
            if (taken.Code == step.Code) return taken.On > _after && (!step.IsRestrictive || taken.HeardOn > _after);
        }

        return false;
    }
}
