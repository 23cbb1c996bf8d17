using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Reviews;
using Microsoft.Extensions.Logging;
using Orleans;

namespace IspBilling.Grains.Reviews;

/// <summary>Hosts the <see cref="MissedTurns"/> of a cluster.</summary>
internal sealed class MissedTurnsGrain : Grain, IMissedTurnsGrain
{
    private readonly MissedTurns _turns;
    private readonly ILogger _log;

    public MissedTurnsGrain(
        IReviewStore debts, LiveContext contexts, ReviewClock reviews, INodes nodes, ILogger<MissedTurnsGrain> log)
    {
        _log = log;
        _turns = new MissedTurns(debts, contexts, reviews, nodes, StillDue);
    }

    public Task<int> CatchUp() => _turns.CatchUp(CancellationToken.None);

    private void StillDue(AccountId account, Exception failure) => _log.LogWarning(failure, "Account {Account} is still due.", account);
}
