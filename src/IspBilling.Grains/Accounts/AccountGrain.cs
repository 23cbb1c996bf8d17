using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Coordination;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Grains.Placement;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Accounts;

/// <summary>
/// Hosts an <see cref="AwakeAccount"/>: its place in the cluster, its life and its daily reminder. The account's state goes through the journal,
/// where documents, postings and outbox become durable with it.
/// </summary>
[OnShardOfAccount, GrainType(StoredName)]
internal sealed class AccountGrain(
    IJournal journal, IContextSource contexts, AccountTurns turns, ReminderQueue reminders, ReviewClock reviews, AccountPresence presence)
    : Grain, IAccountGrain, IRemindable, IAccountHost
{
    /// <summary>Reminders are stored under it.</summary>
    internal const string StoredName = "account";

    private AwakeAccount _account = null!;

    private AccountId Id => new(this.GetPrimaryKeyLong());

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _account = new AwakeAccount(new AccountActor(Id, journal, contexts), turns, new AccountReminder(Id, reminders, contexts), reviews, this);
        return presence.Wake(Id, cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        presence.Sleep(Id);
        return Task.CompletedTask;
    }

    public ValueTask<AccountReply> Ask(Envelope envelope) => _account.Ask(envelope);

    public ValueTask CatchUp() => _account.CatchUp();

    public Task ReceiveReminder(string reminderName, TickStatus status) => _account.TakeTurn(status.CurrentTickTime);

    void IAccountHost.LetGo() => DeactivateOnIdle();
}
