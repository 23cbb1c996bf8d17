using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.BillingRuns;

/// <summary>Numbers are stored: never renumber.</summary>
public enum RunMode { Preview = 0, Issue = 1 }

/// <summary>Numbers are stored: never renumber.</summary>
public enum RunStatus
{
    Running = 0,
    Finished = 1,
    Failed = 2,

    /// <summary>Accounts bill themselves into it as their turns come: nobody works it off. See <see cref="DailyRun"/>.</summary>
    Open = 3,
}

/// <param name="Issuer">Only accounts of this issuer; null for all.</param>
/// <param name="Accounts">Only these; null for all.</param>
public sealed record RunFilter(IssuerId? Issuer, IReadOnlyList<AccountId>? Accounts)
{
    public const int MaxAccounts = 10_000;

    public static readonly RunFilter Everyone = new(null, null);
}

/// <param name="Through">Everything due on or before this day.</param>
/// <param name="RequestedBy">Who started it; a reminder where accounts fill it by themselves.</param>
/// <param name="ComparedTo">The preview whose outcome the issue is compared with; null when there is none.</param>
/// <param name="FinishedAt">Of an open run: since when no account may begin to bill into it.</param>
/// <param name="Cursor">Every account up to this one has been dealt with.</param>
/// <param name="Failure">Why a failed run stopped; it can be resumed.</param>
public sealed record BillingRun(
    RunId Id,
    RunMode Mode,
    DateOnly Through,
    RunFilter Filter,
    RunId? ComparedTo,
    Actor RequestedBy,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    RunStatus Status,
    AccountId Cursor,
    RunCounts Counts,
    string? Failure)
{
    /// <summary>In whose name accounts are asked: the run's, or their own reminder's. Kept, because a million are asked.</summary>
    public Actor Asking { get; } = RequestedBy.Kind == ActorKind.Reminder ? RequestedBy : new Actor(ActorKind.Run, Id.ToString(), "billing run");

    /// <summary>Whether accounts may bill into it in their turns.</summary>
    public bool TakesTurns => Status == RunStatus.Open && FinishedAt is null;
}

/// <summary>How many accounts ended how; money is what documents of the run sum to (credit notes negative).</summary>
public sealed record RunCounts(long Issued, long NothingToBill, long Skipped, long Parked, long Documents, long TotalMinor)
{
    public static readonly RunCounts None = new(0, 0, 0, 0, 0, 0);

    /// <summary>What the items sum to.</summary>
    public static RunCounts Of(IEnumerable<RunItem> items) => items.Aggregate(None, (counts, item) => counts.With(item));

    public static RunCounts operator +(RunCounts one, RunCounts other) => new(
        one.Issued + other.Issued,
        one.NothingToBill + other.NothingToBill,
        one.Skipped + other.Skipped,
        one.Parked + other.Parked,
        one.Documents + other.Documents,
        one.TotalMinor + other.TotalMinor);

    public static RunCounts operator -(RunCounts one, RunCounts other) => new(
        one.Issued - other.Issued,
        one.NothingToBill - other.NothingToBill,
        one.Skipped - other.Skipped,
        one.Parked - other.Parked,
        one.Documents - other.Documents,
        one.TotalMinor - other.TotalMinor);

    /// <summary>Accounts dealt with so far.</summary>
    public long Accounts => Issued + NothingToBill + Skipped + Parked;

    public RunCounts With(RunItem item) => this with
    {
        Issued = Issued + (item.Outcome == RunOutcome.Issued ? 1 : 0),
        NothingToBill = NothingToBill + (item.Outcome == RunOutcome.NothingToBill ? 1 : 0),
        Skipped = Skipped + (item.Outcome == RunOutcome.Skipped ? 1 : 0),
        Parked = Parked + (item.Outcome == RunOutcome.Parked ? 1 : 0),
        Documents = Documents + item.Documents,
        TotalMinor = TotalMinor + item.TotalMinor,
    };
}

/// <summary>Numbers are stored: never renumber.</summary>
public enum RunOutcome
{
    /// <summary>Documents were issued; in a preview, would be.</summary>
    Issued = 1,
    NothingToBill = 2,

    /// <summary>The account refused, with a reason.</summary>
    Skipped = 3,

    /// <summary>The account could not decide, with a reason.</summary>
    Parked = 4,
}

/// <summary>How one account ended in a run.</summary>
/// <param name="Hash">Of the proposal; 0 when there was none.</param>
/// <param name="PreviousTotalMinor">The account's last invoice before the run; null when there was none.</param>
/// <param name="Detail">Why skipped or parked.</param>
public sealed record RunItem(
    AccountId Account, RunOutcome Outcome, ulong Hash, int Documents, long TotalMinor, long? PreviousTotalMinor, string? Detail);

/// <summary>
/// Due = issued + nothing to bill + skipped + parked, account by account: <see cref="Missed"/> names every account that is due and has no
/// outcome, <see cref="Unrecorded"/> every one whose documents of the run are not counted, <see cref="Exceptions"/> every one that needs a person.
/// </summary>
/// <param name="Due">Accounts the run found due.</param>
/// <param name="Missed">Accounts that are still due after the run and were not dealt with; at most <see cref="MaxNamed"/>.</param>
/// <param name="Unrecorded">
/// Accounts that were billed, as their documents say, and that the run does not count yet: it was interrupted, and counts them when it goes
/// on. At most <see cref="MaxNamed"/>.
/// </param>
/// <param name="Exceptions">Skipped and parked accounts with reasons; at most <see cref="MaxNamed"/>.</param>
public sealed record CompletenessProof(
    RunCounts Counts, long Due, IReadOnlyList<AccountId> Missed, IReadOnlyList<AccountId> Unrecorded, IReadOnlyList<RunItem> Exceptions)
{
    public const int MaxNamed = 1_000;

    public bool IsComplete => Missed.Count == 0 && Unrecorded.Count == 0 && Due == Counts.Accounts;
}

public enum RunDifferenceKind
{
    /// <summary>No invoice before.</summary>
    New,

    /// <summary>An invoice before, and nothing will be billed again.</summary>
    Gone,

    /// <summary>Another total than the last invoice.</summary>
    Changed,
}

/// <summary>One account that is billed differently from its last period.</summary>
public sealed record RunDifference(AccountId Account, RunDifferenceKind Kind, long? BeforeMinor, long? NowMinor);

/// <summary>An account for which the issue is not what the preview showed.</summary>
public sealed record RunDeviation(AccountId Account, RunOutcome? Previewed, long? PreviewedMinor, RunOutcome? Issued, long? IssuedMinor);

/// <summary>Another runner works the same run off and saved a page first. Nothing was saved here; the run is not a failed one.</summary>
public sealed class RunOvertakenException(RunId run, AccountId cursor)
    : InvalidOperationException($"run {run} went on after account {cursor} elsewhere; is it executed twice?");

/// <summary>Keeps runs and their outcomes; progress of a page and its outcomes become durable together.</summary>
public interface IBillingRunStore
{
    /// <summary>Stores a new run; the run already stored under that id otherwise.</summary>
    ValueTask<BillingRun> Create(BillingRun run, CancellationToken cancellation);

    ValueTask<BillingRun?> Find(RunId run, CancellationToken cancellation);

    /// <summary>Runs that a crash left unfinished.</summary>
    ValueTask<IReadOnlyList<BillingRun>> Unfinished(CancellationToken cancellation);

    /// <summary>The next accounts due under the run's filter, ordered by id, after a cursor.</summary>
    /// <param name="catalogueRevision">Accounts last billed under an older catalogue count as due.</param>
    ValueTask<IReadOnlyList<AccountId>> DueAfter(BillingRun run, AccountId after, long catalogueRevision, int max, CancellationToken cancellation);

    /// <summary>Records a page's outcomes and moves the cursor, in one transaction.</summary>
    /// <exception cref="RunOvertakenException">The page does not follow on what is stored.</exception>
    ValueTask SavePage(BillingRun run, IReadOnlyList<RunItem> items, CancellationToken cancellation);

    ValueTask Finish(BillingRun run, CancellationToken cancellation);

    ValueTask<CompletenessProof> Prove(BillingRun run, CancellationToken cancellation);
}

/// <summary>What a run needs that is worked off in shards, each of which keeps a cursor and counts of its own elsewhere.</summary>
public interface IShardedRunStore
{
    /// <summary>
    /// Like <see cref="IBillingRunStore.DueAfter"/>, of the accounts of one shard, and with those whose outcome is recorded already: a crash came
    /// between their outcomes and the shard's cursor, so they are not counted yet.
    /// </summary>
    ValueTask<IReadOnlyList<AccountId>> DueAfter(
        BillingRun run, AccountShard shard, AccountId after, long catalogueRevision, int max, CancellationToken cancellation);

    /// <summary>Records outcomes; whatever was recorded before for these accounts is replaced.</summary>
    ValueTask SaveItems(RunId run, IReadOnlyList<RunItem> items, CancellationToken cancellation);

    /// <summary>Shows the counts of all shards together to people who look at the run; the run is then running.</summary>
    ValueTask SaveProgress(RunId run, RunCounts counts, CancellationToken cancellation);

    /// <summary>
    /// Stores how the run ended together with the counts of all shards, unless it is finished already. Together, because an overtaken
    /// coordinator of the run may still save older counts at any moment before.
    /// </summary>
    ValueTask Finish(BillingRun run, CancellationToken cancellation);
}
