using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Journal;

namespace IspBilling.Engine.Coordination;

/// <summary>
/// How a coordinator asks the accounts of its node. An account that is asleep is not woken for a single question: it is loaded, asked and
/// forgotten. Waking an account and letting it go again costs more than what it decides in between.
/// </summary>
/// <param name="awake">Asks accounts that are awake, wherever they are.</param>
/// <remarks>While places change, another node may have the account awake. Then one of the two is overtaken and tries again.</remarks>
public sealed class AccountVisits(IJournal journal, IContextSource contexts, AccountPresence presence, IAccounts awake, Deciding decide) : IAccounts
{
    /// <summary>Anyone else who asks a visited account waits for the visit to end. With more commands than this it is woken, and others take turns.</summary>
    private const int MaxCommands = 8;

    public AccountVisits(IJournal journal, IContextSource contexts, AccountPresence presence, IAccounts awake)
        : this(journal, contexts, presence, awake, AccountDecider.Decide)
    {
    }

    public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        if (presence.TryVisit(account) is not { } visit) return await awake.Ask(account, envelope, cancellation);
        try
        {
            return await new AccountActor(account, journal, contexts, decide).Run(envelope, cancellation);
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
            return await awake.AskInOrder(batch, cancellation);
        try
        {
            var actor = new AccountActor(batch.Account, journal, contexts, decide);
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
