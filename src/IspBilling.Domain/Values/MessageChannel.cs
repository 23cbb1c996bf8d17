namespace IspBilling.Domain;

/// <summary>How a message leaves.</summary>
/// <remarks>Numbers are stored: never renumber.</remarks>
public enum MessageChannel : short
{
    Email = 1,
    Sms = 2,

    /// <summary>On paper, by post.</summary>
    Print = 3,

    /// <summary>The client's own pages.</summary>
    Portal = 4,

    /// <summary>Equipment that enforces what a service is allowed.</summary>
    Network = 5,

    /// <summary>A program of the provider's that asked to be told.</summary>
    Webhook = 6,
}
