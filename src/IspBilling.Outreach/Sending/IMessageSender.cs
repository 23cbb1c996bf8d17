using System.Collections.Immutable;
using IspBilling.Domain;
using IspBilling.Engine.Outgoing;
using IspBilling.Outreach.Composing;

namespace IspBilling.Outreach.Sending;

/// <param name="Name">As the receiver sees it: <c>2026000123.pdf</c>.</param>
/// <param name="MediaType">Such as <c>application/pdf</c>.</param>
public sealed record Attachment(string Name, string MediaType, ReadOnlyMemory<byte> Content);

/// <summary>A message in words, with where it goes.</summary>
public sealed record ReadyMessage(Delivery Delivery, MessageFacts Facts, MessageText Text, ImmutableArray<Attachment> Attachments);

/// <summary>What the refusal of a mail says of its address.</summary>
/// <param name="Status">By RFC 3463.</param>
/// <param name="SoftLimit">As in <see cref="MailReturn"/>.</param>
public sealed record RefusedAddress(MailReturnKind Kind, string Status, int SoftLimit);

/// <summary>What a target made of a message.</summary>
public abstract record SendResult
{
    private SendResult()
    {
    }

    /// <param name="Receipt">What the target calls it; null when it says nothing.</param>
    public sealed record Accepted(string? Receipt) : SendResult;

    /// <summary>The target is certain not to have it.</summary>
    /// <param name="IsPermanent">Another attempt would be refused alike.</param>
    /// <param name="After">The target asks not to be tried before so long; null when it says nothing.</param>
    public sealed record Refused(string Reason, bool IsPermanent, TimeSpan? After = null) : SendResult
    {
        /// <summary>Of a mail that will not arrive at its address, so that another way is looked for; null of anything else.</summary>
        public RefusedAddress? Address { get; init; }
    }

    /// <summary>It was sent, and nobody knows whether it arrived.</summary>
    public sealed record Unknown(string Reason) : SendResult;
}

/// <summary>One channel's way out.</summary>
public interface IMessageSender
{
    MessageChannel Channel { get; }

    /// <summary>Sends once. Whatever goes wrong with the target is a result; an exception is a fault of ours.</summary>
    /// <param name="begin">To be asked right before the first byte that could make the message arrive; when it says no, nothing may be sent.</param>
    ValueTask<SendResult> Send(ReadyMessage message, Func<CancellationToken, ValueTask<bool>> begin, CancellationToken cancellation);
}
