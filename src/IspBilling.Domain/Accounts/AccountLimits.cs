namespace IspBilling.Domain;

/// <summary>Bounds of one account; a caller that needs more has a bug or a different kind of customer.</summary>
public static class AccountLimits
{
    public const int MaxServices = 5_000;
    public const int MaxTermsPerService = 500;
    public const int MaxSpecialPricesPerService = 200;
    public const int MaxPausesPerService = 200;
    public const int MaxUnbilledOneOffs = 1_000;

    /// <summary>Of all times: an account keeps twelve bytes of each. What comes by the thousand is usage, not an item.</summary>
    public const int MaxOneOffs = 20_000;

    public const int MaxContracts = 500;

    /// <summary>Ten years; who agrees to longer has no minimum term but a contract for good.</summary>
    public const int MaxContractMonths = 120;

    public const int MaxNoticeDays = 366;
    public const int MaxLinesPerDocument = 20_000;
    public const int MaxTextLength = 200;

    /// <summary>The earliest start of a service; with <see cref="LatestDate"/> it keeps date arithmetic far from overflow.</summary>
    public static readonly DateOnly EarliestDate = new(2000, 1, 1);
    public static readonly DateOnly LatestDate = new(2100, 1, 1);

    /// <summary>Ten million in major units; a higher price is a typing error.</summary>
    public const long MaxUnitPriceMinor = 1_000_000_000;

    public const long MaxQuantityThousandths = 1_000_000_000;

    /// <summary>
    /// An amount in minor units lies below this, on either side of zero: ten thousand million in major units, what twelve digits hold. It
    /// leaves room for the sum of nine million such amounts. One bound for statements, requests and settings alike.
    /// </summary>
    public const long AmountBoundMinor = 1_000_000_000_000;

    public static bool IsAmount(Money money) => money.Minor is > -AmountBoundMinor and < AmountBoundMinor;

    /// <summary>Whether a price for so much is an amount; what does not even fit a number is none.</summary>
    public static bool IsAmount(Money price, Quantity quantity) =>
        Int128.Abs((Int128)price.Minor * quantity.Thousandths) < (Int128)AmountBoundMinor * Quantity.PerUnit;
}
