namespace IspBilling.Outreach.Dispatching;

/// <summary>How a dispatcher of one channel works.</summary>
public sealed record DispatcherOptions
{
    /// <summary>Deliveries in hand at once.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>Deliveries of one claim.</summary>
    public int Claim { get; init; } = 64;

    /// <summary>How long a delivery is nobody else's; renewed while it is worked on.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Between two looks when there is nothing to do.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What one talk with a target may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Talks with one target at once.</summary>
    public int PerTarget { get; init; } = 8;

    /// <summary>Tries within one attempt, as long as nothing was sent.</summary>
    public int ShortRetries { get; init; } = 2;

    public TimeSpan ShortDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a target that does not answer is left alone.</summary>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reminder waits for a person who assigns money that may be the client's, before it is looked at again.</summary>
    public TimeSpan MoneyWait { get; init; } = TimeSpan.FromHours(6);
}
