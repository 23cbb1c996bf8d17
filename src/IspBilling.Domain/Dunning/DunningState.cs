using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What became of a step's message on one channel.</summary>
/// <remarks>Numbers are stored: never renumber.</remarks>
public enum NoticeStatus
{
    /// <summary>A target accepted it, and nothing took that back.</summary>
    Accepted = 1,

    /// <summary>It was refused for good, or given up.</summary>
    Failed = 2,

    /// <summary>It was not sent because what it was about no longer held, or where it failed is no longer where the client is.</summary>
    Withdrawn = 3,

    /// <summary>It was accepted, and came back.</summary>
    Bounced = 4,
}

/// <summary>The last that is known of a step's message on one channel.</summary>
/// <param name="Version">With <paramref name="Ordinal"/> the delivery, of the account's own.</param>
/// <param name="On">The day of the status.</param>
public readonly record struct Notice(MessageChannel Channel, long Version, int Ordinal, NoticeStatus Status, DateOnly On)
{
    public bool Is(DeliveryId delivery) => Version == delivery.Version && Ordinal == delivery.Ordinal;
}

/// <summary>A step that was taken, remembered by its code: in another policy its place may be another step's.</summary>
/// <param name="ToldOn">The first day on which a target accepted its message, of those that stand; null when it has none or none did.</param>
/// <param name="HeardOn">When a message before it had reached the client; null when none had.</param>
public readonly record struct TakenStep(string Code, DateOnly On, DateOnly? ToldOn, DateOnly? HeardOn)
{
    /// <summary>What of its channels delivered when it was taken: none in what was taken before there was delivery.</summary>
    public DunningActions By { get; init; }

    /// <summary>At most one for a channel.</summary>
    public ValueList<Notice> Notices { get; init; }

    /// <summary>Its message failed on every channel that it went by.</summary>
    public bool HasFailed => ToldOn is null && IsOver && !IsAny(NoticeStatus.Withdrawn);

    /// <summary>Its message was not sent, and nothing of it reached the client.</summary>
    public bool IsWithdrawn => ToldOn is null && IsOver && IsAny(NoticeStatus.Withdrawn);

    /// <summary>The last day of the substitute deadline that its message set; null when it set none, or the client was not told.</summary>
    public DateOnly? DeadlineOn(DunningPolicy policy) => policy.Find(Code)?.DeadlineDays is { } days ? ToldOn?.AddDays(days) : null;

    /// <summary>What is known of its message on a channel; null when nothing is.</summary>
    public Notice? NoticeBy(MessageChannel channel)
    {
        foreach (var notice in Notices)
        {
            if (notice.Channel == channel) return notice;
        }

        return null;
    }

    internal TakenStep Knowing(Notice notice)
    {
        var others = new List<Notice>(Notices.Count + 1);
        foreach (var known in Notices)
        {
            if (known.Channel != notice.Channel) others.Add(known);
        }

        others.Add(notice);
        return Of([.. others]);
    }

    private TakenStep Of(ValueList<Notice> notices)
    {
        DateOnly? told = null;
        foreach (var notice in notices)
        {
            if (notice.Status == NoticeStatus.Accepted && !(notice.On >= told)) told = notice.On;
        }

        return this with { Notices = notices, ToldOn = told };
    }

    /// <summary>Nothing more is expected of what it was sent by. A step that nothing delivered has nothing to expect, and did not fail either.</summary>
    private bool IsOver
    {
        get
        {
            if (By == DunningActions.None) return false;
            if (By.HasFlag(DunningActions.Email) && NoticeBy(MessageChannel.Email) is null) return false;
            return !By.HasFlag(DunningActions.Sms) || NoticeBy(MessageChannel.Sms) is not null;
        }
    }

    private bool IsAny(NoticeStatus status)
    {
        foreach (var notice in Notices)
        {
            if (notice.Status == status) return true;
        }

        return false;
    }
}

/// <summary>What happened in the dunning of an account. What it means now follows from it and from what is open: <see cref="DunningEvaluation"/>.</summary>
/// <param name="Taken">Each code once, with the last day it was taken; the longest ago first.</param>
/// <param name="PromisedUntil">Last day of a promise to pay.</param>
/// <param name="PromisedFor">The promise is about invoices up to this ordinal: those there were when it was made.</param>
/// <param name="Exempt">Never escalates.</param>
/// <param name="RestoredOn">A person gave the service back: what was taken up to that day counts no more.</param>
public readonly record struct DunningState(
    ImmutableArray<TakenStep> Taken, DateOnly? PromisedUntil, int PromisedFor, bool Exempt, DateOnly? RestoredOn)
{
    /// <summary>More codes than a policy has, for those of policies before it.</summary>
    public const int MaxTaken = 2 * DunningPolicy.MaxSteps;

    public static readonly DunningState None = new([], null, 0, false, null);

    public TakenStep? Last => Taken.IsEmpty ? null : Taken[^1];

    public TakenStep? Find(string code) => IndexOf(code) is >= 0 and var i ? Taken[i] : null;

    /// <param name="by">What of the step's channels delivers.</param>
    internal DunningState Take(string code, DateOnly on, DunningActions by)
    {
        var others = Taken.RemoveAll(step => step.Code == code);
        if (others.Length == MaxTaken) others = others.RemoveAt(0);
        return this with { Taken = others.Add(new TakenStep(code, on, ToldOn: null, HeardBy(on, except: -1)) { By = by }), PromisedUntil = null };
    }

    /// <summary>
    /// Something became known of a step's message. What was told no more is heard no more either: a restriction that stood on it alone does
    /// not stand.
    /// </summary>
    internal DunningState Know(string code, Notice notice)
    {
        if (IndexOf(code) is not (>= 0 and var i)) return this;
        var (before, after) = (Taken[i], Taken[i].Knowing(notice));
        var known = this with { Taken = Taken.SetItem(i, after) };
        if (notice.Status == NoticeStatus.Accepted) return known.Reheard((step, of) => of != i && step.On >= notice.On && !(step.HeardOn >= notice.On));
        return before.ToldOn is { } lost && after.ToldOn != lost ? known.Reheard((step, _) => step.HeardOn == lost) : known;
    }

    /// <summary>A step's message leaves by one more channel: what becomes of it there is waited for.</summary>
    internal DunningState GoingBy(string code, DateOnly on, MessageChannel channel)
    {
        if (IndexOf(code) is not (>= 0 and var i) || Taken[i].On != on || channel != MessageChannel.Sms) return this;
        return this with { Taken = Taken.SetItem(i, Taken[i] with { By = Taken[i].By | DunningActions.Sms }) };
    }

    /// <summary>The debt is gone, and with it what was done and promised about it.</summary>
    internal DunningState Clear() => None with { Exempt = Exempt };

    /// <param name="which">Of the steps and their places, those that heard another message last than they knew.</param>
    private DunningState Reheard(Func<TakenStep, int, bool> which)
    {
        var steps = Taken.ToBuilder();
        for (var i = 0; i < steps.Count; i++)
        {
            if (which(steps[i], i)) steps[i] = steps[i] with { HeardOn = HeardBy(steps[i].On, except: i) };
        }

        return this with { Taken = steps.MoveToImmutable() };
    }

    /// <summary>The last day up to one on which a message that stands was accepted, of other steps than one.</summary>
    private DateOnly? HeardBy(DateOnly day, int except)
    {
        DateOnly? heard = null;
        for (var i = 0; i < Taken.Length; i++)
        {
            if (i != except && Taken[i].ToldOn is { } told && told <= day && !(told <= heard)) heard = told;
        }

        return heard;
    }

    private int IndexOf(string code)
    {
        for (var i = 0; i < Taken.Length; i++)
        {
            if (Taken[i].Code == code) return i;
        }

        return -1;
    }
}
