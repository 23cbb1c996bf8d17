using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>What became of a message after its target accepted it. Stored by number: never renumber.</summary>
public enum ReceiptKind : short
{
    /// <summary>It reached the receiver: it is on the handset, or in the mailbox.</summary>
    Delivered = 1,

    /// <summary>It never will.</summary>
    Undelivered = 2,

    /// <summary>It has not yet, and is tried again.</summary>
    Delayed = 3,

    /// <summary>The receiver complained of it.</summary>
    Complained = 4,
}

/// <summary>A receipt of a target.</summary>
/// <param name="Target">Who says so.</param>
/// <param name="Status">In the target's word.</param>
/// <param name="At">When it was heard of here.</param>
public sealed record DeliveryReceipt(DeliveryId Delivery, ReceiptKind Kind, string Target, string Status, string? Reason, DateTimeOffset At);

/// <summary>
/// Receipts are kept beside the deliveries that they are about and never enter an account's state: a handset that was off for a day changes
/// nothing of what was told, and by whom.
/// </summary>
public interface IDeliveryReceipts
{
    /// <summary>Keeps a receipt. The same told again is known, with the reason and the time of the first.</summary>
    /// <returns>False when it was known, or there is no such delivery.</returns>
    ValueTask<bool> Record(DeliveryReceipt receipt, CancellationToken cancellation);

    /// <summary>The delivery that a target calls so: what it said when it accepted it.</summary>
    ValueTask<DeliveryId?> Find(MessageChannel channel, string receipt, CancellationToken cancellation);

    /// <summary>Deliveries of a channel that a target accepted and named since an instant, and of which no receipt came; in order of their ids.</summary>
    ValueTask<IReadOnlyList<(DeliveryId Delivery, string Receipt)>> Awaiting(
        MessageChannel channel, DateTimeOffset acceptedSince, DeliveryId? after, int max, CancellationToken cancellation);
}
