using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.StatementImports;

namespace IspBilling.Engine.Coordination;

/// <summary>
/// The nodes of a cluster as one of them sees them. Whatever is asked is done where it lives, by a call that may be lost on the way there
/// or on the way back.
/// </summary>
public interface INodes
{
    /// <summary>Asks an account, which is woken where its shard lives unless it is awake already.</summary>
    ValueTask<AccountReply> Ask(AccountId account, Envelope envelope);

    /// <summary>Has an account do what is due, and see to its reminder.</summary>
    ValueTask CatchUp(AccountId account);

    /// <summary>Has a shard of a billing run worked off where the shard's accounts live; returns at once.</summary>
    /// <param name="again">Also when it has failed.</param>
    Task<ShardProgress> Continue(RunId run, AccountShard shard, bool again);

    /// <summary>Has a statement booked; returns at once.</summary>
    /// <returns>Why booking stopped, when it did; null while it goes on and when it has ended.</returns>
    Task<string?> Continue(ImportId import);

    /// <summary>Has the accounts of one shard asked where they live.</summary>
    /// <returns>For each batch, in the same order, a reply to each of its commands.</returns>
    Task<AccountReply[][]> Book(int shard, AccountBatch[] batches);

    /// <summary>The failure is about a node and not about what was asked of it: asked again with the same ids, another node answers.</summary>
    bool IsAway(Exception failure);

    /// <summary>Too many commands wait for the account.</summary>
    bool IsBusy(Exception failure);
}

/// <summary>Runs work beside the turns of its host, which does one thing at a time.</summary>
public delegate Task Aside(Func<Task> work);
