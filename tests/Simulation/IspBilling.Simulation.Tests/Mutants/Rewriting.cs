using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Journal;

namespace IspBilling.Simulation.Tests.Mutants;

/// <summary>Other events in place of those decided, folded onto the same state.</summary>
internal static class Rewriting
{
    public static Decision With(this Decision decision, AccountState before, IEnumerable<AccountEvent> events)
    {
        var rewritten = events.ToImmutableArray();
        return decision with { Events = rewritten, State = rewritten.Aggregate(before, AccountEvolution.Evolve) };
    }

    public static Decision WithEach(this Decision decision, AccountState before, Func<AccountEvent, AccountEvent> rewrite) =>
        decision.With(before, decision.Events.Select(rewrite));

    public static AccountCommit WithDocuments(this AccountCommit commit, Func<Document, Document> rewrite) => commit with
    {
        Decision = commit.Decision.WithEach(commit.Before, happened => happened is DocumentIssued issued ? issued with { Document = rewrite(issued.Document) } : happened),
    };
}

/// <summary>A journal in which one thing is wrong; everything else goes through.</summary>
internal abstract class WrongJournal(IJournal journal) : IJournal
{
    protected IJournal Journal { get; } = journal;

    public virtual ValueTask<LoadedAccount> Load(AccountId account, CommandId asking, bool bulk, CancellationToken cancellation) => Journal.Load(account, asking, bulk, cancellation);

    public virtual ValueTask<(AccountReply? Reply, long Version)> FindReply(AccountId account, CommandId command, CancellationToken cancellation) =>
        Journal.FindReply(account, command, cancellation);

    public virtual ValueTask<AppendResult> Append(AccountCommit commit, CancellationToken cancellation) => Journal.Append(commit, cancellation);

    public ValueTask Park(AccountId account, string command, string reason, DateTimeOffset at, CancellationToken cancellation) =>
        Journal.Park(account, command, reason, at, cancellation);

    public ValueTask Unpark(AccountId account, CancellationToken cancellation) => Journal.Unpark(account, cancellation);
}
