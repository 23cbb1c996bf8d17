using System.Collections;
using System.Runtime.CompilerServices;

namespace IspBilling.Domain;

/// <summary>An amount in each of some currencies: what a setting says for accounts of different issuers. Each currency once, ordered by code.</summary>
[CollectionBuilder(typeof(CurrencyAmounts), nameof(Of))]
public sealed class CurrencyAmounts : IReadOnlyList<Money>, IEquatable<CurrencyAmounts>
{
    public static readonly CurrencyAmounts None = new([]);

    private readonly Money[] _amounts;

    private CurrencyAmounts(Money[] amounts) => _amounts = amounts;

    public int Count => _amounts.Length;

    public Money this[int index] => _amounts[index];

    /// <exception cref="InvariantBrokenException">A currency comes twice.</exception>
    public static CurrencyAmounts Of(params ReadOnlySpan<Money> amounts)
    {
        var ordered = amounts.ToArray();
        Array.Sort(ordered, static (a, b) => string.CompareOrdinal(a.Currency.Code, b.Currency.Code));
        for (var i = 1; i < ordered.Length; i++) Invariant.Require(ordered[i].Currency != ordered[i - 1].Currency);
        return new CurrencyAmounts(ordered);
    }

    /// <summary>Null where the setting says nothing for the currency.</summary>
    public Money? In(Currency currency)
    {
        foreach (var amount in _amounts)
        {
            if (amount.Currency == currency) return amount;
        }

        return null;
    }

    public IEnumerator<Money> GetEnumerator() => ((IEnumerable<Money>)_amounts).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public bool Equals(CurrencyAmounts? other) => other is not null && _amounts.AsSpan().SequenceEqual(other._amounts);

    public override bool Equals(object? obj) => Equals(obj as CurrencyAmounts);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var amount in _amounts) hash.Add(amount);
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(", ", _amounts);
}
