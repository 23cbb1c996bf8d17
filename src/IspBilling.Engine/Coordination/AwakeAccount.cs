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
}

/// <summary>An account that a node keeps awake: its commands, its daily turn, and how long it stays. The host runs one of these at a time.</summary>
public sealed class AwakeAccount(AccountActor actor, AccountTurns turns, AccountReminder reminder, ReviewClock reviews, IAccountHost host)
{
    private bool _isKept;

    /// <exception cref="IOException">The journal is out of reach, or its disk is full; ask again with the same id.</exception>
    public async ValueTask<AccountReply> Ask(Envelope envelope)
    {
        _isKept |= !envelope.Bulk;
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
            reminder.Follow(actor.State);
            // An account that was only asked in bulk will not be asked again soon. One that was overtaken has a newer activation elsewhere.
            if (!_isKept || actor.WasOvertaken) host.LetGo();
        }
    }

    /// <summary>Takes the turn that no reminder woke the account for.</summary>
    public async ValueTask CatchUp() => await TakeTurn(isMisplaced: true);

    /// <summary>Takes the account's turn of the day.</summary>
    /// <param name="tick">When the reminder came, UTC.</param>
    /// <remarks>A reminder keeps the hour at which it was set. When summer time or changed hours move the account's slot, it is set again.</remarks>
    public Task TakeTurn(DateTime tick) => TakeTurn(reviews.IsOffSlot(actor.Id, tick));

    private async Task TakeTurn(bool isMisplaced)
    {
        var isNeeded = await turns.Take(actor, Ask, CancellationToken.None);
        reminder.Settle(isNeeded, isMisplaced);
        if (!_isKept) host.LetGo();
    }
}
