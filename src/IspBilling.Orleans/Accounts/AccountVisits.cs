using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;

namespace IspBilling.Orleans.Accounts;

/// <summary>
/// How a coordinator asks the accounts of its silo: one that is asleep is not woken for a single question but loaded, asked and
/// forgotten, as on one machine. To wake a grain and let it go costs more than what it decides in between.
/// </summary>
/// <remarks>Another silo may have the account awake when places are changing: then one of the two is overtaken and asks again.</remarks>
internal sealed class AccountVisits(IJournal journal, IContextSource contexts, AccountPresence presence, ClusterAccounts grains) : IAccounts
{
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
}
