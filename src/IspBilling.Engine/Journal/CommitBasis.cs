using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Snapshots;

namespace IspBilling.Engine.Journal;

/// <summary>
/// Where a commit comes from. Deciding is a pure function, so this is enough to make the same commit again, and it is a tenth of
/// the objects: thousands of commits are on their way at once, and a garbage collection walks through all of them.
/// </summary>
/// <param name="Head">Where the account's chain stood.</param>
/// <param name="Snapshot">Of the account's state there.</param>
public sealed record CommitBasis(AccountId Account, Envelope Envelope, Moment Now, JournalHead Head, ReadOnlyMemory<byte> Snapshot, Deciding Decide)
{
    public AccountCommit Commit()
    {
        var before = StateSnapshot.Read(Snapshot.Span);
        return Commit(before, Decide(before, Envelope.Command, Now.Context));
    }

    /// <param name="before">What <see cref="Snapshot"/> was read as.</param>
    public AccountCommit Commit(AccountState before, Decision decision) =>
        new(Account, Envelope.Id, Envelope.By, Now.Instant, before, Head, decision, Now.Context) { Bulk = Envelope.Bulk, Basis = this };
}
