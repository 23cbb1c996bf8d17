using IspBilling.Domain;
using IspBilling.Engine.Accounts;
using IspBilling.Engine.Actors;
using IspBilling.Engine.Reviews;

namespace IspBilling.Engine.Coordination;

/// <summary>What an awake account needs of its host.</summary>
public interface IAccountHost
{
    /// <summary>Lets go of the account when nothing is asked of it any more.</summary>
    void LetGo();

    /// <summary>Has the account reminded every day; replaces an earlier reminder.</summary>
    /// <param name="first">How long until the first time.</param>
    Task Remind(TimeSpan first);

    /// <summary>The account's first reminder could not be registered. A look for missed turns finds the account and registers one.</summary>
    void HasNoReminder(Exception failure);
}

/// <summary>An account that a node keeps awake: its commands, its daily turn, and how long it stays. The host runs one of these at a time.</summary>
public sealed class AwakeAccount(AccountActor actor, ReviewClock reviews, IAccountHost host)
{
    private bool _isKept;

    /// <exception cref="IOException">The journal is out of reach, or its disk is full; ask again with the same id.</exception>
    public async ValueTask<AccountReply> Ask(Envelope envelope)
    {
        _isKept |= !envelope.Bulk;
        var wasCreatedBefore = actor.WasCreated;
        try
        {
            return await actor.Run(envelope, CancellationToken.None);
        }
        catch (Exception failure) when (Outage.Is(failure))
        {
            throw Outage.Portable(failure);
        }
        finally
        {
            if (actor.WasCreated && !wasCreatedBefore) _ = RegisterFirst();
            // An account that was only asked in bulk will not be asked again soon. One that was overtaken has a newer activation elsewhere.
            if (!_isKept || actor.WasOvertaken) host.LetGo();
        }
    }

    /// <summary>Does what fell due while nobody reminded the account, and registers its reminder.</summary>
    public async ValueTask CatchUp()
    {
        await Register();
        await DoWhatIsDue();
    }

    /// <summary>Takes the account's daily turn.</summary>
    /// <param name="tick">When the reminder came, UTC.</param>
    /// <remarks>A reminder keeps the hour of its registration. When summer time or a changed window moves the account's turn, it is registered again.</remarks>
    public async Task TakeTurn(DateTime tick)
    {
        await DoWhatIsDue();
        if (reviews.IsOffSlot(actor.Id, tick)) await Register();
    }

    private async Task DoWhatIsDue()
    {
        foreach (var errand in reviews.Errands(actor.Id)) await Ask(errand);
    }

    private Task Register() => host.Remind(reviews.UntilSlot(actor.Id));

    private async Task RegisterFirst()
    {
        try
        {
            await Register();
        }
        catch (Exception failure)
        {
            host.HasNoReminder(failure);
        }
    }
}
