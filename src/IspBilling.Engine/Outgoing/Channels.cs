using System.Collections.Immutable;
using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>Whether a channel delivers. A channel that nobody ever switched is off.</summary>
/// <param name="At">When it was last switched; null when it never was.</param>
public sealed record ChannelSwitch(MessageChannel Channel, bool IsOn, DateTimeOffset? At, Actor? By)
{
    /// <summary>It is on, and what is to go by it is written and waits; nothing is taken in hand.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Why it was last switched; null where nobody said.</summary>
    public string? Reason { get; init; }
}

/// <summary>What a person makes of a channel.</summary>
public enum ChannelState
{
    /// <summary>What is decided now is never delivered by it.</summary>
    Off,

    On,

    /// <summary>On, and all of it waits until somebody resumes.</summary>
    Paused,
}

/// <summary>A person's word about a channel.</summary>
/// <param name="Reason">At most <see cref="OutboxLimits.MaxText"/> characters; null where nobody said.</param>
public sealed record ChannelChange(MessageChannel Channel, ChannelState State, Actor By, DateTimeOffset At, string? Reason);

/// <summary>Deliveries of a channel, by where they stand.</summary>
public sealed record DeliveryCounts(ImmutableDictionary<DeliveryStatus, long> ByStatus)
{
    public long Of(DeliveryStatus status) => ByStatus.GetValueOrDefault(status);

    /// <summary>What would go if nothing else happened.</summary>
    public long Waiting => Of(DeliveryStatus.Waiting) + Of(DeliveryStatus.Claimed) + Of(DeliveryStatus.Sending);
}

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
