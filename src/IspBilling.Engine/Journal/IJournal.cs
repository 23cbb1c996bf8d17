using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Engine.Journal;

/// <summary>Where an account's chain of events stands: how many there are, and the hash of the last.</summary>
/// <param name="Hash">32 bytes; empty before the first event.</param>
public readonly record struct JournalHead(long Version, ImmutableArray<byte> Hash)
{
    public static readonly JournalHead Start = new(0, []);
}

/// <param name="StoredReply">The reply to the command asked about, if it is already in the journal.</param>
/// <param name="Parked">Why the account is parked; null when it is not.</param>
public sealed record LoadedAccount(AccountState State, JournalHead Head, AccountReply? StoredReply, string? Parked)
{
    /// <summary>What the state was read from, which is much smaller; empty when it was not read from one.</summary>
    public ReadOnlyMemory<byte> Snapshot { get; init; }
}

/// <summary>How an append ended. Infrastructure faults are exceptions: then nobody knows, and the same command id finds out.</summary>
public abstract record AppendResult
{
    /// <summary>Durable. <paramref name="Head"/> is where the chain now stands.</summary>
    public sealed record Committed(FinishedCommit Commit, JournalHead Head) : AppendResult;

    /// <summary>Durable, and one of very many: the state it led to is not kept, whoever needs it loads it.</summary>
    public sealed record CommittedInBulk(AccountReply Reply) : AppendResult;

    /// <summary>This command was durable before; nothing was written.</summary>
    public sealed record AlreadyDone(AccountReply Reply) : AppendResult;

    /// <summary>Someone else appended to this account since it was loaded; nothing was written.</summary>
    public sealed record VersionConflict : AppendResult;

    /// <summary>What was decided has no written form, or the database takes it from nobody; nothing was written.</summary>
    public sealed record Unwritable(Exception Cause) : AppendResult;

    /// <summary>A document's date lies before the last of its series; nothing was written.</summary>
    public sealed record DateBeforeSeries(SeriesKey Series, DateOnly LastIssuedOn) : AppendResult;
}

/// <summary>
/// The durable history of accounts. One implementation shares a database transaction among thousands of commits, the other
/// keeps everything in memory; one conformance suite runs on both.
/// </summary>
public interface IJournal
{
    /// <param name="asking">The command about to be decided, so that a repeated one is recognised in the same round trip.</param>
    /// <param name="bulk">One of very many: lets those go first that somebody waits for.</param>
    ValueTask<LoadedAccount> Load(AccountId account, CommandId asking, bool bulk, CancellationToken cancellation);

    /// <summary>The stored reply to a command, null when the journal does not know it; and where the account stands, so that one
    /// that is active twice learns that it is behind.</summary>
    ValueTask<(AccountReply? Reply, long Version)> FindReply(AccountId account, CommandId command, CancellationToken cancellation);

    /// <summary>Makes a commit durable, together with whatever else waits to become durable, and assigns its documents' numbers.</summary>
    ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation);

    /// <summary>Records that an account could not decide, so that a clerk sees it; replaces an earlier reason.</summary>
    ValueTask Park(AccountId account, string command, string reason, DateTimeOffset at, CancellationToken cancellation);

    ValueTask Unpark(AccountId account, CancellationToken cancellation);
}
