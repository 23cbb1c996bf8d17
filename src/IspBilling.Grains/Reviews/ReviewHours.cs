namespace IspBilling.Grains.Reviews;

/// <summary>When accounts have their turns of the day.</summary>
/// <param name="From">Time of day in the provider's time zone of the first turn.</param>
/// <param name="To">Before which the last one is; after <paramref name="From"/>.</param>
public sealed record ReviewHours(TimeOnly From, TimeOnly To)
{
    /// <summary>In the office's hours, when somebody is there who can be called about a reminder.</summary>
    public static readonly ReviewHours Default = new(new TimeOnly(6, 0), new TimeOnly(20, 0));

    internal TimeSpan Length => To - From;
}
