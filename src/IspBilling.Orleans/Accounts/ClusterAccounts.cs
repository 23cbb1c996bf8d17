using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Orleans.Accounts;

/// <summary>
/// All accounts of a cluster. While a silo that died is found out and its accounts come to life elsewhere, callers are asked again on
/// their behalf, with the same command id: what happened before happens no second time.
/// </summary>
public sealed class ClusterAccounts(IGrainFactory grains, TimeProvider clock) : IAccounts
{
    /// <summary>A failover shorter than this is hidden from callers.</summary>
    private static readonly TimeSpan Hidden = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public async ValueTask<AccountReply> Ask(AccountId account, Envelope envelope, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var grain = grains.GetGrain<IAccountGrain>(account.Value);
        var started = clock.GetTimestamp();
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
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
                if (clock.GetElapsedTime(started) + pause > Hidden)
                    throw new IOException($"account {account} is out of reach; ask again later with the same id", failure);
            }

            await Task.Delay(pause, clock, cancellation);
        }
    }
}
