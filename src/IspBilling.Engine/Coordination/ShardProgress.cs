using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Engine.Coordination;

/// <summary>How far a shard of a run is; stored, and told to the run. Names of its properties are stored: never rename.</summary>
public sealed record ShardProgress
{
    /// <summary>Every account of the shard up to this id has been dealt with.</summary>
    public long Cursor { get; init; }

    public RunStatus Status { get; init; }

    /// <summary>Why it stopped; asked to continue, it tries again.</summary>
    public string? Failure { get; init; }

    public long Issued { get; init; }

    public long NothingToBill { get; init; }

    public long Skipped { get; init; }

    public long Parked { get; init; }

    public long Documents { get; init; }

    public long TotalMinor { get; init; }

    internal RunCounts Counts => new(Issued, NothingToBill, Skipped, Parked, Documents, TotalMinor);

    internal static ShardProgress Of(BillingRun run) => new()
    {
        Cursor = run.Cursor.Value,
        Status = run.Status,
        Failure = run.Failure,
        Issued = run.Counts.Issued,
        NothingToBill = run.Counts.NothingToBill,
        Skipped = run.Counts.Skipped,
        Parked = run.Counts.Parked,
        Documents = run.Counts.Documents,
        TotalMinor = run.Counts.TotalMinor,
    };

    /// <summary>The run as the shard sees it, with the shard's own cursor and counts.</summary>
    internal BillingRun Seen(BillingRun run) => run with { Cursor = new AccountId(Cursor), Counts = Counts, Status = Status, Failure = Failure };
}
