using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Coordination;

/// <summary>
/// All accounts of a cluster. While a dead node is noticed and its accounts come to life elsewhere, callers are asked again on their behalf
/// with the same command id: what happened before does not happen a second time.
/// </summary>
public sealed class PatientAccounts(INodes nodes, TimeProvider clock) : IAccounts
{
    public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var patience = new FailoverPatience(clock);
        while (true)
        {
            try
            {
                return await nodes.Ask(account, envelope);
            }
            catch (Exception failure) when (nodes.IsBusy(failure))
            {
                throw new AccountBusyException(account);
            }
            catch (Exception failure) when (nodes.IsAway(failure))
            {
                await patience.Wait(failure, $"account {account}", cancellation);
            }
        }
    }
}
