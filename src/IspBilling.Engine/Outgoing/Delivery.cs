using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>Where a message stands.</summary>
/// <remarks>Numbers are stored: never renumber. An index names the three that a dispatcher may take.</remarks>
public enum DeliveryStatus : short
{
    /// <summary>Written while its channel was off; it is never sent.</summary>
    BeforeDelivery = 0,

    /// <summary>To be sent from a time on.</summary>
    Waiting = 1,

    /// <summary>A dispatcher has it in hand and has not begun to send; when its lease runs out, another may take it.</summary>
    Claimed = 2,

    /// <summary>It is being sent: when the lease runs out now, nobody knows whether it arrived.</summary>
    Sending = 3,

    /// <summary>Its target accepted it.</summary>
    Delivered = 4,

    /// <summary>Its target refused it for good.</summary>
    Failed = 5,

    /// <summary>It was tried as often as it may be.</summary>
    Dead = 6,

    /// <summary>What it was about no longer held, so it was not sent.</summary>
    Superseded = 7,

    /// <summary>It was sent, and may have arrived: it is not sent again by itself.</summary>
    Unknown = 8,
}

/// <summary>The right to one attempt at a delivery. Whoever lost it is refused, however late the attempt ends and whatever the clocks say.</summary>
/// <param name="Owner">The dispatcher; a process that starts again has another name.</param>
/// <param name="Attempt">Grows with each claim, so that a dispatcher that claims the same delivery twice knows its attempts apart.</param>
public readonly record struct Lease(DeliveryId Delivery, string Owner, int Attempt);

/// <summary>One message on one channel.</summary>
/// <param name="WrittenAt">When the account decided it.</param>
/// <param name="Attempts">How often it was claimed.</param>
/// <param name="DueAt">While it waits, the next attempt; in a dispatcher's hand, the end of the lease; null when it is neither.</param>
/// <param name="Owner">The dispatcher that had it in hand last.</param>
/// <param name="Reason">Why the last attempt failed, or why it was not sent.</param>
/// <param name="Receipt">What the target calls it.</param>
public sealed record Delivery(
    DeliveryId Id,
    MessageChannel Channel,
    OutgoingMessage Message,
    DeliveryStatus Status,
    DateTimeOffset WrittenAt,
    int Attempts = 0,
    DateTimeOffset? DueAt = null,
    string? Owner = null,
    string? Reason = null,
    string? Receipt = null,
    DateTimeOffset? EndedAt = null)
{
    /// <summary>How often it had been claimed when a person last asked for it to be sent again.</summary>
    public int AttemptsBefore { get; init; }

    /// <summary>It is sent again at a person's word after nobody knew whether it arrived.</summary>
    public bool MayArriveTwice { get; init; }

    public Lease Lease => new(Id, Owner ?? throw new InvariantBrokenException($"delivery {Id} was never claimed"), Attempts);

    /// <summary>How it ended; null when it has not.</summary>
    public DeliveryOutcome? Outcome => DeliveryStates.OutcomeOf(Status);
}

/// <summary>Which way a delivery goes on from where it stands; both stores of the outbox ask here.</summary>
public static class DeliveryStates
{
    /// <summary>
    /// Where a delivery may stand for an attempt to end it so. Where it stands afterwards is among them, so that who did not hear the answer
    /// may say it again.
    /// </summary>
    /// <remarks>A sender that was given up may still learn what became of its attempt, and knows more than whoever gave it up.</remarks>
    public static DeliveryStatus[] Before(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Delivered => [DeliveryStatus.Sending, DeliveryStatus.Unknown, DeliveryStatus.Delivered],
        DeliveryOutcome.Failed => [DeliveryStatus.Claimed, DeliveryStatus.Sending, DeliveryStatus.Unknown, DeliveryStatus.Failed],
        DeliveryOutcome.Dead => [DeliveryStatus.Claimed, DeliveryStatus.Sending, DeliveryStatus.Dead],
        DeliveryOutcome.Superseded => [DeliveryStatus.Claimed, DeliveryStatus.Superseded],
        DeliveryOutcome.Unknown => [DeliveryStatus.Sending, DeliveryStatus.Unknown],
        _ => throw new InvariantBrokenException($"no outcome {outcome}"),
    };

    /// <summary>From where it may come back.</summary>
    public static readonly DeliveryStatus[] Returnable = [DeliveryStatus.Delivered, DeliveryStatus.Unknown];

    /// <summary>From where a person may have it sent again.</summary>
    public static readonly DeliveryStatus[] Resendable = [DeliveryStatus.Failed, DeliveryStatus.Dead, DeliveryStatus.Unknown];

    public static DeliveryStatus After(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Delivered => DeliveryStatus.Delivered,
        DeliveryOutcome.Failed => DeliveryStatus.Failed,
        DeliveryOutcome.Dead => DeliveryStatus.Dead,
        DeliveryOutcome.Superseded => DeliveryStatus.Superseded,
        DeliveryOutcome.Unknown => DeliveryStatus.Unknown,
        _ => throw new InvariantBrokenException($"no outcome {outcome}"),
    };

    public static DeliveryOutcome? OutcomeOf(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Delivered => DeliveryOutcome.Delivered,
        DeliveryStatus.Failed => DeliveryOutcome.Failed,
        DeliveryStatus.Dead => DeliveryOutcome.Dead,
        DeliveryStatus.Superseded => DeliveryOutcome.Superseded,
        DeliveryStatus.Unknown => DeliveryOutcome.Unknown,
        _ => null,
    };
}
