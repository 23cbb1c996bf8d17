using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Postgres.Journal;

/// <summary>A commit that waits for its flight, and the caller that waits for it.</summary>
/// <remarks>
/// The caller is an account: told how it landed, it folds the events, answers and takes its next command, which is little and never
/// blocks. So it runs right there, and not as a work item for every one of a thousand passengers.
/// </remarks>
internal sealed class Passenger(AccountCommit commit) : TaskCompletionSource<AppendResult>
{
    private readonly CommitBasis? _basis = commit.Basis;
    private AccountCommit? _commit = commit;
    private AppendResult? _outcome;

    public AccountId Account { get; } = commit.Account;

    public CommandId Command { get; } = commit.Command;

    /// <summary>The account's version that was decided on.</summary>
    public long Version { get; } = commit.Before.Version;

    /// <summary>Decided again when it was let go: only a flight that is flown again asks for it.</summary>
    public AccountCommit Commit => _commit ??= _basis!.Commit();

    /// <summary>Numbers for the commit's documents, in order; empty when it has none.</summary>
    public long[] Sequences { get; set; } = [];

    /// <summary>All rows are written: should they become durable only the answer is needed, and should they not, other numbers.</summary>
    /// <param name="hash">Of the commit's last event.</param>
    public void Encoded(FinishedCommit finished, ReadOnlySpan<byte> hash)
    {
        Sequences = [];
        if (_basis is null)
        {
            _outcome = new AppendResult.Committed(finished, new JournalHead(finished.State.Version, [.. hash]));
            return;
        }

        _outcome = new AppendResult.CommittedInBulk(finished.Reply);
        _commit = null;
    }

    /// <summary>The flight that carries what was encoded has landed.</summary>
    public void Land() => TrySetResult(_outcome!);

    public void Land(AppendResult result) => TrySetResult(result);

    public void Crash(Exception exception) => TrySetException(exception);
}

/// <summary>Commits that share a transaction.</summary>
/// <param name="Passengers">Ordered by account, one commit per account.</param>
/// <param name="Blocks">The numbers they take.</param>
/// <param name="Before">Done once the flight before has taken its numbers, or given up: blocks of a series must be taken in order.</param>
/// <param name="NumbersTaken">Told the flight behind the same.</param>
internal sealed record Flight(List<Passenger> Passengers, List<NumberBlock> Blocks, Task Before, TaskCompletionSource NumbersTaken);
