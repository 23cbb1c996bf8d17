namespace IspBilling.Domain;

/// <summary>
/// A stretch that no boundary of a charged or owed one cuts, with its part of what is charged and of what is owed. Filled in by
/// <see cref="OverlappingStretches"/>, which splits the two amounts.
/// </summary>
/// <param name="period">The stretch.</param>
/// <param name="charged">Place of the charged segment it lies in; −1 when no document charges it.</param>
/// <param name="owed">Place of the charge it lies in; −1 when it is not owed.</param>
/// <param name="months">In which its length is told.</param>
/// <param name="causes">What changed it.</param>
internal sealed class ChangedStretch(Period period, int charged, int owed, BillingGrid months, Causes causes)
{
    /// <summary>A number that every <see cref="MonthShare.Denominator"/> divides: the least common multiple of 28, 29, 30 and 31, squared.</summary>
    private const long Parts = 377_580L * 377_580;

    public Period Period => period;

    public int Charged => charged;

    public int Owed => owed;

    public BillingGrid Months => months;

    /// <summary>Its length in months.</summary>
    public MonthShare Share { get; } = months.ShareOf(period);

    public Causes Causes => causes;

    /// <summary>By which terms it costs nothing, where the service goes on and its price is what changed; null otherwise.</summary>
    public FreePrice? Free { get; init; }

    /// <summary>Its length as an integer, to split an amount by.</summary>
    public long Weight => WeightOf(Share);

    public static long WeightOf(MonthShare share) => Parts / share.Denominator * share.Numerator;

    /// <summary>Charged and owed by the same price: what it costs, as long as that fits into both; null when something changed.</summary>
    public Money? Unchanged { get; set; }

    /// <summary>Not charged in this tariff now, but once, or in another one.</summary>
    public bool IsAgain { get; init; }

    public Money ChargedAmount { get; set; }

    public Money OwedAmount { get; set; }

    public LineReason Reason => this switch
    {
        { Charged: < 0, IsAgain: true } => LineReason.ChargedAgain,
        { Charged: < 0 } => LineReason.NewPeriod,
        { Owed: < 0, Free: not null } => LineReason.PriceChanged,
        { Owed: < 0 } => LineReason.NoLongerOwed,
        { Unchanged: null } => LineReason.PriceChanged,
        _ => LineReason.Rearranged,
    };
}

/// <summary>A price by which days cost nothing.</summary>
/// <param name="Basis">Over as much as it is for.</param>
/// <param name="TariffRevision">Revision of the settings journal that brought the tariff's price; null where none tells of it.</param>
internal sealed record FreePrice(ChargeBasis Basis, long? TariffRevision);
