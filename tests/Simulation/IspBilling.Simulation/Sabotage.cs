using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.BillingRuns;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Engine.StatementImports;
using IspBilling.Simulation.Storage;

namespace IspBilling.Simulation;

/// <summary>
/// Where a deliberate mistake can be put between the engine's parts, to see whether the auditor finds it. This one makes none;
/// those that do live with the tests.
/// </summary>
public class Sabotage
{
    public static Sabotage None { get; } = new();

    /// <summary>In place of the account's decisions.</summary>
    public virtual Decision Decide(AccountState state, AccountCommand command, DecisionContext context) => AccountDecider.Decide(state, command, context);

    /// <summary>Around the journal.</summary>
    public virtual IJournal Wrap(IJournal journal) => journal;

    /// <summary>Around the calls from node to node.</summary>
    public virtual INodes Wrap(INodes nodes) => nodes;

    /// <summary>Around what a shard of a run keeps.</summary>
    public virtual IStoredState<ShardProgress> Wrap(IStoredState<ShardProgress> progress) => progress;

    /// <summary>Around the store of runs, as far as shards of runs use it.</summary>
    public virtual IShardedRunStore Wrap(IShardedRunStore store) => store;

    /// <summary>Around the store of reviews.</summary>
    public virtual IReviewStore Wrap(IReviewStore store) => store;

    /// <summary>Around the store of statement imports.</summary>
    public virtual IStatementImportStore Wrap(IStatementImportStore store) => store;

    /// <summary>In place of what is posted.</summary>
    public virtual ImmutableArray<Posting> Post(AccountState before, AccountEvent happened) => Books.Post(before, happened);
}
