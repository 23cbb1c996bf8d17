using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

public static class OutboxLimits
{
    /// <summary>
    /// Claims of one delivery. Whoever delivers gives up long before; this is for one that ends every dispatcher that takes it in hand.
    /// </summary>
    public const int MaxAttempts = 100;

    /// <summary>Deliveries in one claim.</summary>
    public const int MaxClaim = 1_000;

    /// <summary>Characters of a reason or a receipt; more are cut.</summary>
    public const int MaxText = 500;
}

/// <summary>
/// What accounts decided to tell the world, a row for each channel, written with the commit that decided it. Dispatchers on every node take
/// rows that are due, under a lease:
/// <code>
///                     claim               begin to send            accepted
///      waiting ────────────────▶ claimed ──────────────▶ sending ──────────▶ delivered
///         ▲                      │  │  │                 │  │  │
///         │      retry later     │  │  └─ superseded     │  │  └──────────▶ failed, dead
///         └──────────────────────┴──┼────────────────────┘  │
///                                   └─▶ failed, dead        └ lease ran out ▶ unknown
/// </code>
/// A lease that runs out before anything was sent makes the delivery claimable again. Once sending has begun nobody knows: sent again, it
/// might arrive twice, so a person decides.
/// </summary>
public interface IOutbox
{
    /// <summary>The deliveries of a channel that are due, those due first at the front, each under a lease of its own. None while the channel is off.</summary>
    /// <param name="owner">The dispatcher, by a name that no other ever had.</param>
    /// <param name="until">When the leases run out.</param>
    /// <param name="max">1 to <see cref="OutboxLimits.MaxClaim"/>.</param>
    ValueTask<IReadOnlyList<Delivery>> Claim(MessageChannel channel, string owner, DateTimeOffset now, DateTimeOffset until, int max, CancellationToken cancellation);

    /// <returns>False when the lease is lost: what has not begun must not begin.</returns>
    ValueTask<bool> Renew(Lease lease, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>To be asked right before the first byte is sent.</summary>
    /// <returns>False when the lease is lost: nothing may be sent.</returns>
    ValueTask<bool> BeginSending(Lease lease, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>The attempt failed, and it is certain that the target has not accepted the message.</summary>
    /// <returns>False when the lease is lost.</returns>
    ValueTask<bool> RetryLater(Lease lease, DateTimeOffset nextAttempt, string reason, CancellationToken cancellation);

    /// <param name="reason">Null for one that was delivered.</param>
    /// <param name="receipt">What the target calls it; null when it says nothing.</param>
    /// <returns>False when the lease is lost, or the delivery does not stand where it can end so.</returns>
    ValueTask<bool> End(Lease lease, DeliveryOutcome outcome, DateTimeOffset at, string? reason, string? receipt, CancellationToken cancellation);

    /// <summary>What a target had accepted came back: it failed. An account that does not know yet of the acceptance is told of the failure instead.</summary>
    /// <param name="attempt">The one that was accepted; nothing happens to a later one.</param>
    /// <returns>False when it does not stand where it can come back, or has come back.</returns>
    ValueTask<bool> Return(DeliveryId id, int attempt, DateTimeOffset at, string reason, CancellationToken cancellation);

    /// <summary>Deliveries that ended otherwise than their account knows, where it wants to know; in order of their ids.</summary>
    ValueTask<IReadOnlyList<Delivery>> Unreported(DeliveryId? after, int max, CancellationToken cancellation);

    /// <summary>The account knows how these ended. One that has ended otherwise meanwhile stays to be reported.</summary>
    ValueTask Reported(IReadOnlyCollection<Delivery> deliveries, CancellationToken cancellation);

    /// <summary>What an account told, the newest first: the history of its messages, which never enters its state.</summary>
    /// <param name="before">Of the same account; null at the start.</param>
    ValueTask<IReadOnlyList<Delivery>> History(AccountId account, DeliveryId? before, int max, CancellationToken cancellation);

    /// <summary>Every channel there is, in the order of their numbers.</summary>
    ValueTask<IReadOnlyList<ChannelSwitch>> Channels(CancellationToken cancellation);

    /// <summary>
    /// From the next commit on, what an account decides to tell by the channel waits to be delivered, or does not. What was written before it was
    /// switched on stays before delivery for ever, and what waited when it was switched off with it; what is to go on later is paused.
    /// </summary>
    ValueTask Turn(ChannelChange change, CancellationToken cancellation);

    /// <summary>Deliveries of one channel by where they stand; those written from a time on, or all there are, which reads the whole outbox.</summary>
    ValueTask<DeliveryCounts> Count(MessageChannel channel, DateTimeOffset? writtenFrom, CancellationToken cancellation);

    /// <summary>Deliveries of a channel that a target was given since a time, or that are in a dispatcher's hand now.</summary>
    ValueTask<long> SentSince(MessageChannel channel, DateTimeOffset from, CancellationToken cancellation);

    /// <summary>Deliveries that stand somewhere, whoever's, in order of their ids.</summary>
    /// <param name="channel">Null for every one.</param>
    /// <param name="after">Null at the start.</param>
    ValueTask<IReadOnlyList<Delivery>> Standing(DeliveryStatus status, MessageChannel? channel, DeliveryId? after, int max, CancellationToken cancellation);

    /// <summary>Null when there is no such delivery.</summary>
    ValueTask<Delivery?> Find(DeliveryId id, CancellationToken cancellation);

    /// <summary>A person has one sent again that failed, died, or of which nobody knows; under the same id, so that a receiver can tell.</summary>
    /// <returns>False when it does not stand where it can be sent again.</returns>
    ValueTask<bool> SendAgain(DeliveryId id, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation);

    /// <summary>A person stops what waits on a channel: it is superseded, with the reason. What is being sent goes on.</summary>
    /// <param name="writtenFrom">Only what was written from then on; null for all that waits.</param>
    /// <returns>How many.</returns>
    ValueTask<int> Stop(MessageChannel channel, DateTimeOffset? writtenFrom, Actor by, DateTimeOffset at, string reason, CancellationToken cancellation);
}

/// <summary>Short forms of what an outbox is told.</summary>
public static class OutboxSwitching
{
    /// <summary>On or off, without a word why.</summary>
    public static ValueTask Switch(this IOutbox outbox, MessageChannel channel, bool isOn, Actor by, DateTimeOffset at, CancellationToken cancellation) =>
        outbox.Turn(new ChannelChange(channel, isOn ? ChannelState.On : ChannelState.Off, by, at, Reason: null), cancellation);
}
