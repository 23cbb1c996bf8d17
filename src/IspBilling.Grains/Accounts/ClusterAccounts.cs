using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Accounts;

/// <summary>
/// All accounts of a cluster. While a silo that died is found out and its accounts come to life elsewhere, callers are asked again on
/// their behalf, with the same command id: what happened before happens no second time.
/// </summary>
public sealed class ClusterAccounts(IGrainFactory grains, TimeProvider clock) : IAccounts
{
    public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var grain = grains.GetGrain<IAccountGrain>(account.Value);
        var patience = new FailoverPatience(clock);
        while (true)
        {
            try
            {
                return await grain.Ask(envelope);
            }
            catch (LimitExceededException)
            {
                throw new AccountBusyException(account);
            }
            catch (Exception failure) when (Failover.Is(failure))
            {
                await patience.Wait(failure, $"account {account}", cancellation);
            }
        }
    }
}
