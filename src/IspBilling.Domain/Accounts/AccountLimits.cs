namespace IspBilling.Domain;

/// <summary>Bounds of one account; a caller that needs more has a bug or a different kind of customer.</summary>
public static class AccountLimits
{
    public const int MaxServices = 5_000;
    public const int MaxTermsPerService = 500;
    public const int MaxSpecialPricesPerService = 200;
    public const int MaxPausesPerService = 200;
    public const int MaxUnbilledOneOffs = 1_000;
    public const int MaxLinesPerDocument = 20_000;
    public const int MaxTextLength = 200;

    /// <summary>No service starts before, no date lies after: keeps date arithmetic far from its edges.</summary>
    public static readonly DateOnly EarliestDate = new(2000, 1, 1);
    public static readonly DateOnly LatestDate = new(2100, 1, 1);

    /// <summary>Ten million in major units: a price above is a typing error.</summary>
    public const long MaxUnitPriceMinor = 1_000_000_000;

    public const long MaxQuantityThousandths = 1_000_000_000;
}
