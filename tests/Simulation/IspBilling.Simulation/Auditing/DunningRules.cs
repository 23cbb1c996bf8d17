using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>What the auditor heard of a message on one channel.</summary>
/// <param name="AcceptedOn">Null when it was not, or is no longer.</param>
/// <param name="Moot">It was not sent, or where it failed is no longer where the client is.</param>
internal readonly record struct SeenNotice(DateOnly? AcceptedOn, bool Moot);

/// <summary>A step as the auditor saw it taken.</summary>
/// <param name="By">What of its channels delivered.</param>
/// <param name="HeardOn">When a message before it had reached the client.</param>
/// <param name="Notices">By channel, what was heard last.</param>
internal sealed record SeenStep(DateOnly On, DunningActions By, DateOnly? HeardOn, IReadOnlyDictionary<MessageChannel, SeenNotice> Notices)
{
    /// <summary>When its message first reached the client; null when it did not.</summary>
    public DateOnly? ToldOn => Notices.Values.Select(notice => notice.AcceptedOn).Min();

    /// <summary>Everything was heard of it that will be, and somewhere it was moot.</summary>
    public bool IsMoot =>
        By != DunningActions.None && ToldOn is null && Notices.Values.Any(notice => notice.Moot)
        && (!By.HasFlag(DunningActions.Email) || Notices.ContainsKey(MessageChannel.Email))
        && (!By.HasFlag(DunningActions.Sms) || Notices.ContainsKey(MessageChannel.Sms));

    public SeenStep Hearing(MessageChannel channel, SeenNotice notice) =>
        this with { Notices = new Dictionary<MessageChannel, SeenNotice>(Notices) { [channel] = notice } };
}

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

    public DunningPosition Taking(string code, DateOnly on, DunningActions by) =>
        With(code, new SeenStep(on, by, HeardBy(on, except: null), new Dictionary<MessageChannel, SeenNotice>()));

    public DunningPosition Reaching(string code, MessageChannel channel, DateOnly on)
    {
        var reached = With(code, Steps[code].Hearing(channel, new SeenNotice(on, Moot: false)));
        return reached.Rehearing((other, step) => other != code && step.On >= on && !(step.HeardOn >= on));
    }

    public DunningPosition Losing(string code, MessageChannel channel, bool moot)
    {
        var told = Steps[code].ToldOn;
        var lost = With(code, Steps[code].Hearing(channel, new SeenNotice(null, moot)));
        return told is null || lost.Steps[code].ToldOn == told ? lost : lost.Rehearing((_, step) => step.HeardOn == told);
    }

    private DunningPosition Rehearing(Func<string, SeenStep, bool> which) => this with
    {
        Steps = Steps.ToDictionary(
            step => step.Key, step => which(step.Key, step.Value) ? step.Value with { HeardOn = HeardBy(step.Value.On, step.Key) } : step.Value, StringComparer.Ordinal),
    };

    private DateOnly? HeardBy(DateOnly day, string? except) =>
        Steps.Where(step => step.Key != except).Select(step => step.Value.ToldOn).Where(told => told <= day).Max();

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
    private readonly DunningActions _delivering;
    private readonly bool _isPromised;

    /// <param name="delivering">Which of e-mail and SMS deliver.</param>
    public DunningRules(DateOnly day, DunningPosition at, IReadOnlyList<OpenInvoice> open, DunningPolicy policy, DunningActions delivering)
    {
        (_day, _at, _policy, _delivering) = (day, at, policy, delivering);
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
        if (_at.Steps.Values.Select(taken => taken.ToldOn).Where(on => on is { } day && IsAbout(day)).Min() is not { } told)
            return "the client heard nothing of this debt";
        if (_day.DayNumber - told.DayNumber < (_policy.NoticeDays ?? 7)) return $"the client heard of it only on {told:yyyy-MM-dd}";
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

    /// <summary>
    /// Taken about the debt there is; if it restricts, after a message about that debt was accepted, and if it is a message, not one that nobody sent.
    /// </summary>
    private bool Stands(DunningStep step)
    {
        if (!_at.Steps.TryGetValue(step.Code, out var taken) || !IsAbout(taken.On)) return false;
        if (Restricts(step)) return taken.HeardOn is { } heard && IsAbout(heard);
        var unsent = taken.By == DunningActions.None && (step.Actions & Messages & _delivering) != DunningActions.None;
        return taken.ToldOn is not null || !(unsent || taken.IsMoot);
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
