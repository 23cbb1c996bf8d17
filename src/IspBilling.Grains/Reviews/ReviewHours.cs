namespace IspBilling.Grains.Reviews;

/// <summary>When accounts are reminded of what falls due, and of what.</summary>
/// <param name="From">Time of day in the provider's time zone at which the first account is.</param>
/// <param name="To">Before which the last one is; after <paramref name="From"/>.</param>
/// <param name="Bills">Whether an account invoices what is due by itself, or only reviews its debts and waits for a billing run.</param>
public sealed record ReviewHours(TimeOnly From, TimeOnly To, bool Bills)
{
    /// <summary>In the office's hours, when somebody is there who can be called about a reminder.</summary>
    public static readonly ReviewHours Default = new(new TimeOnly(6, 0), new TimeOnly(20, 0), Bills: true);

    internal TimeSpan Length => To - From;
}
