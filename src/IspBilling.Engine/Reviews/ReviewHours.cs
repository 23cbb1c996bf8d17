namespace IspBilling.Engine.Reviews;

/// <summary>The hours in which accounts take their daily turns.</summary>
/// <param name="From">Time of day of the first turn, in the provider's time zone.</param>
/// <param name="To">Time of day before which the last turn comes; after <paramref name="From"/>.</param>
public sealed record ReviewHours(TimeOnly From, TimeOnly To)
{
    /// <summary>Office hours: a client who gets a reminder can call somebody about it.</summary>
    public static readonly ReviewHours Default = new(new TimeOnly(6, 0), new TimeOnly(20, 0));

    internal TimeSpan Length => To - From;
}
