using IspBilling.Domain;
using IspBilling.Engine;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Journal;
using IspBilling.Grains.Placement;
using IspBilling.Grains.Reviews;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace IspBilling.Grains.Accounts;

/// <summary>
/// Gives an account its place in the cluster, its life and its daily reminder; what it decides is <see cref="AccountActor"/>'s. Its
/// state goes through the journal: documents, postings and outbox become durable with it.
/// </summary>
[OnShardOfAccount]
internal sealed class AccountGrain(
    IJournal journal, IContextSource contexts, ReviewClock reviews, AccountPresence presence, ILogger<AccountGrain> log)
    : Grain, IAccountGrain, IRemindable
{
    private const string ReminderName = "review";
    private static readonly TimeSpan Daily = TimeSpan.FromDays(1);

    private AccountActor _actor = null!;
    private bool _kept;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _actor = new AccountActor(new AccountId(this.GetPrimaryKeyLong()), journal, contexts);
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
        var wasCreatedBefore = _actor.WasCreated;
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
            if (_actor.WasCreated && !wasCreatedBefore) _ = RegisterFirst();
            // One that was only asked in bulk will not be asked again soon; one that was overtaken is not the account any more.
            if (!_kept || _actor.WasOvertaken) this.DeactivateOnIdle();
        }
    }

    public async ValueTask CatchUp()
    {
        await Register();
        await DoWhatIsDue();
    }

    /// <remarks>Orleans ticks at the hours told when it was registered. Summer time or a changed window moves them: then it is told anew.</remarks>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await DoWhatIsDue();
        if (reviews.IsOffSlot(_actor.Id, status.CurrentTickTime)) await Register();
    }

    private async Task DoWhatIsDue()
    {
        foreach (var errand in reviews.Errands(_actor.Id)) await Ask(errand);
    }

    private async Task Register() =>
        await this.RegisterOrUpdateReminder(ReminderName, reviews.UntilSlot(_actor.Id), Daily);

    /// <summary>Nobody waits for it: an account without a reminder is found by whoever looks for missed ones.</summary>
    private async Task RegisterFirst()
    {
        try
        {
            await Register();
        }
        catch (Exception failure)
        {
            log.LogWarning(failure, "Account {Account} has no reminder yet.", _actor.Id);
        }
    }
}
