using IspBilling.Domain;
using IspBilling.Engine.Accounts;

namespace IspBilling.Engine.Reviews;

/// <summary>Keeps the reminder of one live account in step with its need. To set a reminder that is set changes nothing.</summary>
public sealed class AccountReminder(AccountId account, IReminderChanges changes, IContextSource contexts)
{
    private bool _isSet;

    /// <summary>Sets the reminder when a command has made the account need one. One that is no longer needed goes at its next turn.</summary>
    /// <param name="state">Null when it is not known.</param>
    public void Follow(AccountState? state)
    {
        if (!_isSet && state is not null && ReminderNeed.Of(state, contexts.Now().Context)) _isSet = changes.TryChange(account, needed: true);
    }

    /// <summary>After a turn.</summary>
    /// <param name="isMisplaced">The turn did not come by a reminder of the right time of day.</param>
    public void Settle(bool isNeeded, bool isMisplaced)
    {
        if (isNeeded && !isMisplaced) _isSet = true;
        else if (changes.TryChange(account, isNeeded)) _isSet = isNeeded;
    }
}
