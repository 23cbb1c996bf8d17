namespace IspBilling.Simulation.Faults;

/// <summary>What goes wrong in a simulation. Each is counted when it really had the effect, not when it was drawn.</summary>
public enum Fault
{
    /// <summary>The journal could not be read.</summary>
    LoadFailed,

    /// <summary>A commit failed and nothing was written.</summary>
    CommitFailed,

    /// <summary>A commit was written and its caller was told it failed.</summary>
    CommitReplyLost,

    /// <summary>An account answered and the answer did not arrive.</summary>
    AnswerLost,

    /// <summary>A command arrived twice, the second time soon after.</summary>
    Duplicated,

    /// <summary>A command that was answered arrived again days later.</summary>
    RepeatedLater,

    /// <summary>A command arrived days after it was sent.</summary>
    Delayed,

    /// <summary>A command overtook one that was sent to the same account before it.</summary>
    Reordered,

    /// <summary>An account was let go while a turn of it went on, and came alive again beside it.</summary>
    Evicted,

    /// <summary>A second process held the same account live.</summary>
    SecondActivation,

    /// <summary>The journal refused a commit because another activation was faster.</summary>
    VersionConflict,

    /// <summary>A process died with turns under way.</summary>
    Crashed,

    /// <summary>A commit on its way when its process died was written.</summary>
    CrashAfterCommit,

    /// <summary>A commit on its way when its process died was not written.</summary>
    CrashBeforeCommit,

    /// <summary>A store of runs or imports failed before it wrote anything.</summary>
    StoreFailed,

    /// <summary>A store of runs or imports wrote and its caller was told it failed.</summary>
    StoreReplyLost,

    /// <summary>The same billing run was coordinated by two processes.</summary>
    RunTwice,

    /// <summary>A document was decided before midnight and others of its series were issued after.</summary>
    PassedMidnight,

    /// <summary>Nothing ran for days.</summary>
    EngineDown,

    /// <summary>A bank file broke off in the middle.</summary>
    BrokenFile,

    /// <summary>An account could not decide, for a price that was missing.</summary>
    Parked,

    /// <summary>A call between two nodes was lost because the network between them was cut.</summary>
    Partitioned,

    /// <summary>An account came to life on a node that could not see the one on which it lived.</summary>
    LivesTwice,

    /// <summary>A node went away for good, and its shards moved to the others.</summary>
    NodeLeft,

    /// <summary>A node joined, and some shards moved to it.</summary>
    NodeJoined,

    /// <summary>A coordinator of which another activation had gone on could not store its progress.</summary>
    StaleCoordinator,

    /// <summary>A reminder came while no node could take it.</summary>
    ReminderMissed,
}

public sealed class FaultCounts
{
    private readonly long[] _fired = new long[Enum.GetValues<Fault>().Length];

    public long this[Fault fault] => _fired[(int)fault];

    public void Fired(Fault fault) => _fired[(int)fault]++;

    public void Add(FaultCounts other)
    {
        for (var i = 0; i < _fired.Length; i++) _fired[i] += other._fired[i];
    }

    public override string ToString() => string.Join(", ", Enum.GetValues<Fault>().Select(fault => $"{fault} {this[fault]}"));
}

/// <summary>A dependency did not answer as it should; whether what was asked has happened is unknown.</summary>
public sealed class UnreachableException(Fault fault) : IOException($"simulated: {fault}")
{
    public Fault Fault { get; } = fault;
}

/// <summary>The process that ran this is gone; nothing that it does any more has an effect.</summary>
public sealed class ProcessDiedException() : IOException("simulated: the process died");
