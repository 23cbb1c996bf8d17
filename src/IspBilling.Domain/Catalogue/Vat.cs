using System.Collections.Immutable;

namespace IspBilling.Domain;

/// <summary>How a supply is taxed. The rate of a category is a matter of the issuer's country and of the date, see <see cref="VatRates"/>.</summary>
public enum VatCategory
{
    Standard,
    Reduced,
    Zero,

    /// <summary>The customer accounts for the tax (Czech VAT act §92a); the document says so.</summary>
    ReverseCharge,

    Exempt,

    /// <summary>Not a taxable supply: contractual penalties, or a provider that is no VAT payer.</summary>
    OutOfScope,
}

/// <summary>Whether a price already contains VAT.</summary>
public enum PriceMode { Gross, Net }

/// <summary>A rate in hundredths of a percent: 2100 is 21 %.</summary>
public readonly record struct VatRate(int BasisPoints)
{
    public static readonly VatRate None = new(0);
    public const int Whole = 10_000;

    /// <summary>21 is 21 %.</summary>
    public decimal Percent => PercentOf(BasisPoints);

    /// <summary>Of a discount, which is kept in hundredths of a percent as well.</summary>
    public static decimal PercentOf(int basisPoints) => basisPoints / 100m;
}

/// <param name="ValidFrom">First date of taxable supply the rate applies to.</param>
public readonly record struct VatRateVersion(VatCategory Category, DateOnly ValidFrom, VatRate Rate);

/// <summary>The VAT rates of the countries that providers of this engine supply from, through time.</summary>
/// <param name="countries">By ISO 3166-1 code.</param>
public sealed class VatRates(ImmutableDictionary<string, ImmutableArray<VatRateVersion>> countries)
{
    /// <summary>
    /// Czechia: 21/12 since 2024-01-01 (act 349/2023), 21/15 before. Slovakia: 23/19 since 2025-01-01 (act 278/2024, which also has 5 % for
    /// what no internet provider supplies), 20/10 before.
    /// </summary>
    public static readonly VatRates Known = new(ImmutableDictionary<string, ImmutableArray<VatRateVersion>>.Empty
        .Add("CZ",
        [
            new(VatCategory.Standard, new DateOnly(2013, 1, 1), new VatRate(2100)),
            new(VatCategory.Reduced, new DateOnly(2013, 1, 1), new VatRate(1500)),
            new(VatCategory.Reduced, new DateOnly(2024, 1, 1), new VatRate(1200)),
        ])
        .Add("SK",
        [
            new(VatCategory.Standard, new DateOnly(2011, 1, 1), new VatRate(2000)),
            new(VatCategory.Standard, new DateOnly(2025, 1, 1), new VatRate(2300)),
            new(VatCategory.Reduced, new DateOnly(2011, 1, 1), new VatRate(1000)),
            new(VatCategory.Reduced, new DateOnly(2025, 1, 1), new VatRate(1900)),
        ]));

    /// <summary>Countries whose rates are known, in alphabetical order.</summary>
    public IEnumerable<string> Countries => countries.Keys.Order(StringComparer.Ordinal);

    public bool Knows(string country) => countries.ContainsKey(country);

    /// <summary>The rate of a category on a date of taxable supply (DUZP).</summary>
    /// <param name="country">The issuer's.</param>
    /// <exception cref="BrokenReferenceException">No rate is known for that country or date.</exception>
    public VatRate On(string country, VatCategory category, DateOnly suppliedOn)
    {
        if (category is not (VatCategory.Standard or VatCategory.Reduced)) return VatRate.None;
        if (!countries.TryGetValue(country, out var versions)) throw new BrokenReferenceException($"no VAT rates are known for the issuer's country {country}");
        VatRateVersion? best = null;
        foreach (var version in versions)
        {
            if (version.Category != category || version.ValidFrom > suppliedOn) continue;
            if (best is null || version.ValidFrom > best.Value.ValidFrom) best = version;
        }

        return best?.Rate ?? throw new BrokenReferenceException($"no {category} VAT rate of {country} is known for {suppliedOn:yyyy-MM-dd}");
    }
}

/// <summary>Something an account refers to does not exist; the account is parked with this message until someone mends it.</summary>
public sealed class BrokenReferenceException(string message) : Exception(message);
