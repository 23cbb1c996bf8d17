using IspBilling.Domain;

namespace IspBilling.Engine.Outgoing;

/// <summary>What the outbox itself says of a delivery, to people who look at it.</summary>
public static class OutboxWords
{
    public const string LeaseRanOut = "the dispatcher stopped while it was sending; the message may have arrived";

    public const string TooManyAttempts = "it was taken in hand as often as it may be, and nobody ended it";

    public const string OlderThanSwitchOn = "its channel was off since; what was decided before a channel is switched on is not sent";

    public static string Stopped(Actor by, string reason) => $"stopped by {by.Name}: {reason}";

    public static string Again(Actor by, string reason) => $"sent again by {by.Name}: {reason}";

    /// <summary>What a target answers has no limit of its own.</summary>
    public static string? Cut(string? text) => text is { Length: > OutboxLimits.MaxText } ? text[..OutboxLimits.MaxText] : text;
}
