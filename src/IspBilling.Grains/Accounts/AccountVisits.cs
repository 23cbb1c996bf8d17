using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Journal;

namespace IspBilling.Grains.Accounts;

/// <summary>
/// How a coordinator asks the accounts of its silo: one that is asleep is not woken for a single question but loaded, asked and
/// forgotten, as on one machine. To wake a grain and let it go costs more than what it decides in between.
/// </summary>
/// <remarks>Another silo may have the account awake when places are changing: then one of the two is overtaken and asks again.</remarks>
internal sealed class AccountVisits(IJournal journal, IContextSource contexts, AccountPresence presence, ClusterAccounts grains) : IAccounts
{
    /// <summary>Whoever else asks a visited account waits for the visit's end: with more to ask it is woken, and they come in between.</summary>
    private const int MaxCommands = 8;

    public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        if (presence.TryVisit(account) is not { } visit) return await grains.Ask(account, envelope, cancellation);
        try
        {
            return await new AccountActor(account, journal, contexts).Run(envelope, cancellation);
        }
        finally
        {
            presence.Leave(account, visit);
        }
    }

    /// <returns>A reply to each command.</returns>
    public async Task<AccountReply[]> Ask(AccountBatch batch, CancellationToken cancellation)
    {
        if (batch.Commands.Count > MaxCommands || presence.TryVisit(batch.Account) is not { } visit)
            return await grains.AskInOrder(batch, cancellation);
        try
        {
            var actor = new AccountActor(batch.Account, journal, contexts);
            var replies = new AccountReply[batch.Commands.Count];
            for (var i = 0; i < replies.Length; i++) replies[i] = await actor.Run(batch.Commands[i], cancellation);
            return replies;
        }
        finally
        {
            presence.Leave(batch.Account, visit);
        }
    }
}
