namespace IspBilling.Engine.Reviews;

/// <summary>The hours in which accounts take their daily turns, and what an account does in its turn.</summary>
/// <param name="From">Time of day of the first turn, in the provider's time zone.</param>
/// <param name="To">Time of day before which the last turn comes; after <paramref name="From"/>.</param>
/// <param name="Bills">Whether an account invoices what is due by itself, or only reviews its debts and waits for a billing run.</param>
public sealed record ReviewHours(TimeOnly From, TimeOnly To, bool Bills)
{
    /// <summary>Office hours: a client who gets a reminder can call somebody about it.</summary>
    public static readonly ReviewHours Default = new(new TimeOnly(6, 0), new TimeOnly(20, 0), Bills: true);

    internal TimeSpan Length => To - From;
}
