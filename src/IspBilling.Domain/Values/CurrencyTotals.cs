namespace IspBilling.Domain;

/// <summary>Sums over many accounts, one for each currency.</summary>
public sealed class CurrencyTotals
{
    private readonly SortedDictionary<string, MoneyTotal> _sums = new(StringComparer.Ordinal);

    /// <summary>Ordered by the currency's code; a currency that nothing was added in is not there.</summary>
    public IReadOnlyCollection<MoneyTotal> All => _sums.Values;

    public void Add(Money amount) => Add(MoneyTotal.Of(amount));

    public void Add(MoneyTotal amount) =>
        _sums[amount.Currency.Code] = _sums.TryGetValue(amount.Currency.Code, out var sum) ? sum + amount : amount;

    /// <summary>What there is more of here than there, in every currency of either.</summary>
    public CurrencyTotals Less(CurrencyTotals other)
    {
        var difference = new CurrencyTotals();
        foreach (var sum in _sums.Values) difference.Add(sum);
        foreach (var sum in other._sums.Values) difference.Add(new MoneyTotal(-sum.Minor, sum.Currency));
        return difference;
    }
}
