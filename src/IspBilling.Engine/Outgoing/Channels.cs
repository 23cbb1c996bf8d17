using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>Whether a channel delivers. A channel that nobody ever switched is off.</summary>
/// <param name="At">When it was last switched; null when it never was.</param>
public sealed record ChannelSwitch(MessageChannel Channel, bool IsOn, DateTimeOffset? At, Actor? By);

/// <summary>The channels that are on.</summary>
/// <param name="Bits">A bit for each channel's number.</param>
public readonly record struct ChannelSet(int Bits)
{
    public static ChannelSet Of(IEnumerable<MessageChannel> channels) => channels.Aggregate(default(ChannelSet), (set, channel) => set.With(channel));

    public bool Contains(MessageChannel channel) => ((Bits >> (int)channel) & 1) != 0;

    public ChannelSet With(MessageChannel channel) => new(Bits | (1 << (int)channel));

    public ChannelSet Without(MessageChannel channel) => new(Bits & ~(1 << (int)channel));

    /// <summary>How a delivery is written: what its channel does not deliver then is never delivered.</summary>
    public DeliveryStatus StatusOf(MessageChannel channel) => Contains(channel) ? DeliveryStatus.Waiting : DeliveryStatus.BeforeDelivery;
}
