using IspBilling.Domain;
using IspBilling.Engine.BillingRuns;
using Orleans;

namespace IspBilling.Grains.Runs;

/// <summary>How far a shard of a run is; stored, and told to the run.</summary>
[GenerateSerializer, Alias("IspBilling.ShardProgress")]
public sealed record ShardProgress
{
    public static readonly ShardProgress None = new();

    /// <summary>Every account of the shard up to this id has been dealt with.</summary>
    [Id(0)]
    public long Cursor { get; init; }

    [Id(1)]
    public RunStatus Status { get; init; }

    /// <summary>Why it stopped; asked to continue, it tries again.</summary>
    [Id(2)]
    public string? Failure { get; init; }

    [Id(3)]
    public long Issued { get; init; }

    [Id(4)]
    public long NothingToBill { get; init; }

    [Id(5)]
    public long Skipped { get; init; }

    [Id(6)]
    public long Parked { get; init; }

    [Id(7)]
    public long Documents { get; init; }

    [Id(8)]
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

    /// <summary>The run as the shard sees it: its own cursor and counts.</summary>
    internal BillingRun Seen(BillingRun run) => run with { Cursor = new AccountId(Cursor), Counts = Counts, Status = Status, Failure = Failure };
}
