using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.BillingRuns;

namespace IspBilling.Engine.Reviews;

/// <summary>What an account does in its turn of the day: bills what is due if its issuer bills by reminder, then reviews its debts.</summary>
public sealed class AccountTurns(LiveContext contexts, DailyRuns days)
{
    /// <summary>Taken twice on a day, the second turn changes nothing.</summary>
    /// <param name="ask">Asks the account as its host does.</param>
    /// <returns>Whether the account needs a reminder from now on.</returns>
    public async Task<bool> Take(AccountActor account, Func<Envelope, ValueTask<AccountReply>> ask, CancellationToken cancellation)
    {
        await days.Bill(await account.Look(cancellation), ask, cancellation);
        var state = await account.Look(cancellation);
        var now = contexts.Now().Context;
        if (DunningEvaluation.NextActionFrom(now.Today, state.Debtor, now.DunningOf(state)) <= now.Today)
        {
            await ask(ReviewPump.Question(account.Id, now.Today));
            state = await account.Look(cancellation);
        }

        return ReminderNeed.Of(state, now);
    }
}
