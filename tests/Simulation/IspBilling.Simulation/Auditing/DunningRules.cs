using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>A step as the auditor saw it taken.</summary>
/// <param name="ToldOn">When its message reached the client; null for one without a message.</param>
/// <param name="HeardOn">When the last message before it had reached the client.</param>
internal readonly record struct SeenStep(DateOnly On, DateOnly? ToldOn, DateOnly? HeardOn);

/// <summary>An invoice with something open that nobody disputes.</summary>
internal readonly record struct OpenInvoice(int Ordinal, DateOnly DueOn, long Minor);

/// <summary>Where an account stands in dunning, by the auditor's own count: what happened since its debt was last cleared.</summary>
/// <param name="Steps">By code, the last time each was taken.</param>
/// <param name="PromisedFor">How many documents there were when the promise was made.</param>
internal sealed record DunningPosition(
    IReadOnlyDictionary<string, SeenStep> Steps, DateOnly? PromisedUntil, int PromisedFor, bool Exempt, DateOnly? RestoredOn, ServiceLevel Level)
{
    public static readonly DunningPosition Start = new(new Dictionary<string, SeenStep>(StringComparer.Ordinal), null, 0, false, null, ServiceLevel.Full);

    public bool HasConsequences => Steps.Count > 0 || Level != ServiceLevel.Full;

    public DunningPosition Taking(string code, DateOnly on, bool told)
    {
        var heard = Steps.Values.Select(step => step.ToldOn).Max();
        return With(code, new SeenStep(on, told ? on : null, heard));
    }

    public DunningPosition Reaching(string code, DateOnly on) => With(code, Steps[code] with { ToldOn = on });

    private DunningPosition With(string code, SeenStep step) =>
        this with { Steps = new Dictionary<string, SeenStep>(Steps, StringComparer.Ordinal) { [code] = step } };
}

/// <summary>
/// What dunning may do on a day and what level it may leave a client at, written from the rules alone: nothing here asks the engine's
/// classes for dunning, and an architecture test sees to that. All money in a simulation is in one currency.
/// </summary>
internal sealed class DunningRules
{
    private const DunningActions Messages = DunningActions.Email | DunningActions.Sms;
    private const DunningActions Restrictions = DunningActions.Throttle | DunningActions.Block | DunningActions.NotifyCollections;

    private readonly DateOnly _day;
    private readonly DunningPosition _at;
    private readonly DunningPolicy _policy;
    private readonly bool _isPromised;

    public DunningRules(DateOnly day, DunningPosition at, IReadOnlyList<OpenInvoice> open, DunningPolicy policy)
    {
        (_day, _at, _policy) = (day, at, policy);
        var tolerated = policy.Tolerance is [var tolerance, ..] ? tolerance.Minor : 0;
        foreach (var invoice in open.Where(invoice => invoice.DueOn < day).OrderBy(invoice => invoice.DueOn))
        {
            Debt += invoice.Minor;
            if (Debt > tolerated) Since ??= invoice.DueOn;
        }

        _isPromised = at.PromisedUntil >= day && open.Where(invoice => invoice.Ordinal <= at.PromisedFor).Sum(invoice => invoice.Minor) > tolerated;
    }

    /// <summary>Overdue and not disputed.</summary>
    public long Debt { get; }

    /// <summary>The due date of the oldest debt, not counting what is tolerated; null when there is none.</summary>
    public DateOnly? Since { get; }

    /// <summary>Whether the debt is too small to have consequences.</summary>
    public bool IsCleared => Since is null || (_policy.Steps.Length > 0 && Debt < _policy.Steps.Min(Minimum));

    /// <summary>What the client may be restricted to.</summary>
    public ServiceLevel Level
    {
        get
        {
            if (IsCleared || _at.Exempt || _isPromised) return ServiceLevel.Full;
            var justified = _policy.Steps.Where((step, i) => IsReached(step) && IsAnnounced(i) && Stands(step)).Select(LevelOf).Append(ServiceLevel.Full);
            return justified.Max();
        }
    }

    /// <summary>Why a step may not be taken; null when it may.</summary>
    public string? Objection(int index)
    {
        if (index >= _policy.Steps.Length) return $"the policy has no step {index}";
        var step = _policy.Steps[index];
        if (Since is null) return "nothing is overdue";
        if (_at.Exempt) return "the client is exempt";
        if (_isPromised) return $"payment is promised until {_at.PromisedUntil:yyyy-MM-dd}";
        if (_at.RestoredOn >= _day || _at.Steps.Values.Any(taken => taken.On >= _day)) return "something was done that day already";
        if (!IsReached(step)) return $"{Debt} since {Since:yyyy-MM-dd}, {Minimum(step)} for {step.DaysOverdue} days needed";
        if (IsBehind(index)) return "it was taken, or one behind it";
        if (LastOn is { } last && _day.DayNumber - last.DayNumber < step.LeastDaysSincePrevious)
            return $"{_day.DayNumber - last.DayNumber} days after the step before, {step.LeastDaysSincePrevious} needed";
        if (!Restricts(step)) return RestrictionDueBefore(index) is { } skipped ? $"step {skipped} is skipped" : null;
        if (!IsAnnounced(index)) return "no message is before it in the policy";
        if (!_at.Steps.Values.Any(taken => taken.ToldOn is { } told && IsAbout(told))) return "the client heard nothing of this debt";
        return RestrictionDueBefore(index) is { } before ? $"step {before} is skipped" : null;
    }

    /// <summary>A step that should have been taken; null when there is none.</summary>
    public int? Due
    {
        get
        {
            if (IsCleared) return null;
            for (var step = 0; step < _policy.Steps.Length; step++)
            {
                if (Objection(step) is null) return step;
            }

            return null;
        }
    }

    /// <summary>When something was last done about this debt.</summary>
    private DateOnly? LastOn
    {
        get
        {
            var days = _at.Steps.Values.SelectMany(taken => new[] { taken.On, taken.ToldOn ?? taken.On }).Where(IsAbout).ToList();
            if (_at.RestoredOn is { } restored && restored > Since) days.Add(restored);
            return days.Count == 0 ? null : days.Max();
        }
    }

    /// <summary>A restriction before a step that is due and open: nothing goes past it.</summary>
    private int? RestrictionDueBefore(int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (Restricts(_policy.Steps[i]) && IsReached(_policy.Steps[i]) && IsAnnounced(i) && !IsBehind(i)) return i;
        }

        return null;
    }

    private bool IsBehind(int index)
    {
        var restricts = Restricts(_policy.Steps[index]);
        return Stands(_policy.Steps[index]) || _policy.Steps.Skip(index + 1).Any(later => Stands(later) && (!restricts || Restricts(later)));
    }

    /// <summary>Taken about the debt there is, and if it restricts, after a message about that debt.</summary>
    private bool Stands(DunningStep step)
    {
        if (!_at.Steps.TryGetValue(step.Code, out var taken) || !IsAbout(taken.On)) return false;
        return !Restricts(step) || (taken.HeardOn is { } heard && IsAbout(heard));
    }

    private bool IsAbout(DateOnly on) => on > Since && !(on <= _at.RestoredOn);

    private bool IsReached(DunningStep step) => Since is { } since && _day.DayNumber - since.DayNumber >= step.DaysOverdue && Debt >= Minimum(step);

    private bool IsAnnounced(int index) =>
        _policy.Steps.Take(index).Any(before => (before.Actions & Messages) != DunningActions.None && Minimum(before) <= Minimum(_policy.Steps[index]));

    private static long Minimum(DunningStep step) => step.MinimumDebt[0].Minor;

    private static bool Restricts(DunningStep step) => (step.Actions & Restrictions) != DunningActions.None;

    private static ServiceLevel LevelOf(DunningStep step)
    {
        if ((step.Actions & DunningActions.Block) != DunningActions.None) return ServiceLevel.Blocked;
        return (step.Actions & DunningActions.Throttle) != DunningActions.None ? ServiceLevel.Throttled : ServiceLevel.Full;
    }
}
