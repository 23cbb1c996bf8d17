namespace IspBilling.Domain;

/// <summary>What a hundred of something cost that costs less than the smallest coin by itself: parts of short messages.</summary>
public readonly record struct PriceOfHundred(Money Hundred)
{
    /// <summary>What so many cost, rounded half away from zero once.</summary>
    public Money Of(int count) => Hundred.Times(count, 100);
}
