namespace IspBilling.Domain;

/// <summary>What became of a stretch of a service that documents charged otherwise before, or that was left out of them.</summary>
/// <param name="Before">The terms it was charged by; null when no document charged it, or an earlier release did not keep them.</param>
/// <param name="Charged">
/// What documents charged for it before. A stretch cut out of a longer one takes what the rest of that one leaves, so it may differ by the
/// rounding from what <paramref name="Before"/> comes to.
/// </param>
/// <param name="Owed">What it costs now; zero when it is no longer owed.</param>
/// <param name="Share">Printed beside quantity and unit price; null where these two alone make the amount.</param>
/// <param name="Cause">Version of the account's event that changed it; 0 when the catalogue did.</param>
public sealed record StretchChange(ChargeBasis? Before, Money Charged, Money Owed, MonthShare? Share, long Cause)
{
    /// <summary>
    /// What else had a part in it, where several things changed the same days: versions of events, 0 for the catalogue. Null where
    /// <see cref="Cause"/> alone did, and of releases that named one.
    /// </summary>
    public ValueList<long>? OtherCauses { get; init; }

    public Money Difference => Owed - Charged;
}
