using IspBilling.Domain;
using IspBilling.Engine;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Journal;
using IspBilling.Engine.Reviews;
using IspBilling.Grains.Placement;
using IspBilling.Grains.Reviews;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Accounts;

/// <summary>
/// Gives an account its place in the cluster, its life and its turn of the day; what it decides is <see cref="AccountActor"/>'s. Its
/// state goes through the journal: documents, postings and outbox become durable with it.
/// </summary>
[OnShardOfAccount, GrainType(StoredName)]
internal sealed class AccountGrain(
    IJournal journal, IContextSource contexts, AccountTurns turns, ReminderQueue reminders, ReviewClock reviews, AccountPresence presence)
    : Grain, IAccountGrain, IRemindable
{
    /// <summary>Reminders are stored under it.</summary>
    internal const string StoredName = "account";

    private AccountActor _actor = null!;
    private AccountReminder _reminder = null!;
    private bool _kept;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _actor = new AccountActor(new AccountId(this.GetPrimaryKeyLong()), journal, contexts);
        _reminder = new AccountReminder(_actor.Id, reminders, contexts);
        await presence.Wake(_actor.Id, cancellationToken);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        presence.Sleep(_actor.Id);
        return Task.CompletedTask;
    }

    public async ValueTask<AccountReply> Ask(Envelope envelope)
    {
        _kept |= !envelope.Bulk;
        try
        {
            return await _actor.Run(envelope, CancellationToken.None);
        }
        catch (Exception failure) when (Outage.Is(failure))
        {
            throw Failover.Portable(failure);
        }
        finally
        {
            _reminder.Follow(_actor.State);
            // One that was only asked in bulk will not be asked again soon; one that was overtaken is not the account any more.
            if (!_kept || _actor.WasOvertaken) this.DeactivateOnIdle();
        }
    }

    public async ValueTask CatchUp() => await TakeTurn(isMisplaced: true);

    /// <remarks>Orleans ticks at the hours told when the reminder was set. Summer time or changed hours move them: then it is set anew.</remarks>
    public Task ReceiveReminder(string reminderName, TickStatus status) => TakeTurn(reviews.IsOffSlot(_actor.Id, status.CurrentTickTime));

    private async Task TakeTurn(bool isMisplaced)
    {
        var isNeeded = await turns.Take(_actor, Ask, CancellationToken.None);
        _reminder.Settle(isNeeded, isMisplaced);
        if (!_kept) this.DeactivateOnIdle();
    }
}
