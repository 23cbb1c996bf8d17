using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>What a message is about.</summary>
/// <remarks>Numbers are stored: never renumber.</remarks>
public enum MessageKind : short
{
    Document = 1,
    Reminder = 2,
    Thanks = 3,
    ServiceLevel = 4,
    Collections = 5,
}

/// <summary>Something the outside world should be told; written with the commit, a row for each channel, and delivered from the outbox.</summary>
public abstract record OutgoingMessage
{
    private protected static readonly ImmutableArray<MessageChannel> ByEmail = [MessageChannel.Email];

    /// <summary>What it is about.</summary>
    public abstract MessageKind About();

    /// <summary>The channels it goes by, each a delivery of its own, in the order of their ordinals.</summary>
    public abstract ImmutableArray<MessageChannel> GoesBy();

    /// <summary>Whether the account decides by what becomes of it, and has to be told. The history of messages is no business of its state.</summary>
    public virtual bool WantsOutcome() => false;
}

/// <param name="Document">Ordinal; delivered as the account prefers.</param>
public sealed record DeliverDocument(int Document, DeliveryPreference Delivery) : OutgoingMessage
{
    private static readonly ImmutableArray<MessageChannel> ByPortal = [MessageChannel.Portal];
    private static readonly ImmutableArray<MessageChannel> ByPost = [MessageChannel.Print];

    public override MessageKind About() => MessageKind.Document;

    public override ImmutableArray<MessageChannel> GoesBy() => Delivery switch
    {
        DeliveryPreference.Portal => ByPortal,
        DeliveryPreference.Post => ByPost,
        _ => ByEmail,
    };
}

/// <param name="On">The day on which the step was taken; null in messages of earlier releases.</param>
/// <param name="PolicyRevision">Revision of the settings journal that the policy came from; null where none told of it.</param>
public sealed record SendReminder(string Step, DunningActions Channels, Money Debt, DateOnly? On = null, long? PolicyRevision = null) : OutgoingMessage
{
    private static readonly ImmutableArray<MessageChannel> BySms = [MessageChannel.Sms];
    private static readonly ImmutableArray<MessageChannel> ByBoth = [MessageChannel.Email, MessageChannel.Sms];

    public override MessageKind About() => MessageKind.Reminder;

    public override ImmutableArray<MessageChannel> GoesBy() => (Channels & (DunningActions.Email | DunningActions.Sms)) switch
    {
        DunningActions.Email | DunningActions.Sms => ByBoth,
        DunningActions.Email => ByEmail,
        DunningActions.Sms => BySms,
        _ => [],
    };

    /// <summary>From the day on which a reminder really arrived the next step counts its least days.</summary>
    public override bool WantsOutcome() => true;
}

public sealed record SendThanks : OutgoingMessage
{
    public override MessageKind About() => MessageKind.Thanks;

    public override ImmutableArray<MessageChannel> GoesBy() => ByEmail;
}

/// <param name="Profile">Network profile when throttled.</param>
public sealed record EnforceServiceLevel(ServiceLevel Level, string? Profile) : OutgoingMessage
{
    private static readonly ImmutableArray<MessageChannel> ByNetwork = [MessageChannel.Network];

    public override MessageKind About() => MessageKind.ServiceLevel;

    public override ImmutableArray<MessageChannel> GoesBy() => ByNetwork;
}

public sealed record NotifyCollections(Money Debt) : OutgoingMessage
{
    private static readonly ImmutableArray<MessageChannel> ByWebhook = [MessageChannel.Webhook];

    public override MessageKind About() => MessageKind.Collections;

    public override ImmutableArray<MessageChannel> GoesBy() => ByWebhook;
}

/// <summary>How a delivery ended.</summary>
public enum DeliveryOutcome
{
    /// <summary>The target accepted it.</summary>
    Delivered,

    /// <summary>The target refused it for good.</summary>
    Failed,

    /// <summary>It was tried as often as it may be.</summary>
    Dead,

    /// <summary>What it was about no longer held when it was about to be sent, so it was not.</summary>
    Superseded,

    /// <summary>It was sent, and nobody knows whether it arrived: it may have.</summary>
    Unknown,
}
