using IspBilling.Engine.Journal;

namespace IspBilling.Postgres.Journal;

/// <summary>A commit that waits for its flight, and the caller that waits for it.</summary>
/// <remarks>
/// The caller is an account: told by <see cref="Land"/>, it folds the events, answers and takes its next command, which is little
/// and never blocks. So it runs right there, and not as a work item for every one of a thousand passengers.
/// </remarks>
internal sealed class Passenger(AccountCommit commit)
{
    private readonly TaskCompletionSource<AppendResult> _landed = new();

    public AccountCommit Commit { get; } = commit;

    /// <summary>Numbers for the commit's documents, in order; empty when it has none.</summary>
    public long[] Sequences { get; set; } = [];

    public Task<AppendResult> Landed => _landed.Task;

    public void Land(AppendResult result) => _landed.TrySetResult(result);

    public void Crash(Exception exception) => _landed.TrySetException(exception);
}

/// <summary>Commits that share a transaction.</summary>
/// <param name="Passengers">Ordered by account, one commit per account.</param>
/// <param name="Blocks">The numbers they take.</param>
/// <param name="Before">Done once the flight before has taken its numbers, or given up: blocks of a series must be taken in order.</param>
/// <param name="NumbersTaken">Told the flight behind the same.</param>
internal sealed record Flight(List<Passenger> Passengers, List<NumberBlock> Blocks, Task Before, TaskCompletionSource NumbersTaken);
