using IspBilling.Domain;

namespace IspBilling.Engine.Accounts;

/// <summary>Commands to one account, each to be asked when the one before it is answered.</summary>
public readonly record struct AccountBatch(AccountId Account, IReadOnlyList<Envelope> Commands);

/// <summary>Asks many accounts side by side, with as few calls from node to node as possible.</summary>
public interface IAccountBatches
{
    /// <summary>Asks every account; how they come in turn among each other is open.</summary>
    /// <param name="batches">At most one for an account; as many as may be in hand at once.</param>
    /// <returns>For each batch, in the same order, a reply to each of its commands.</returns>
    /// <exception cref="Exception">As <see cref="IAccounts.Ask"/>; what happened by then is unknown, ask again with the same ids.</exception>
    Task<IReadOnlyList<IReadOnlyList<AccountReply>>> AskAll(IReadOnlyList<AccountBatch> batches, CancellationToken cancellation);
}

/// <summary>All accounts of this process.</summary>
public sealed class AccountBatches(IAccounts accounts) : IAccountBatches
{
    public async Task<IReadOnlyList<IReadOnlyList<AccountReply>>> AskAll(IReadOnlyList<AccountBatch> batches, CancellationToken cancellation) =>
        await Task.WhenAll(batches.Select(batch => accounts.AskInOrder(batch, cancellation)));
}

public static class AccountBatchAsking
{
    /// <returns>A reply to each command.</returns>
    public static async Task<AccountReply[]> AskInOrder(this IAccounts accounts, AccountBatch batch, CancellationToken cancellation)
    {
        var replies = new AccountReply[batch.Commands.Count];
        for (var i = 0; i < replies.Length; i++) replies[i] = await accounts.Ask(batch.Account, batch.Commands[i], cancellation);
        return replies;
    }
}
