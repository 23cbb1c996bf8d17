using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>Rates and dates of value added tax as the auditor read them in the acts, without the engine's tables.</summary>
internal static class TaxRules
{
    private static readonly DateOnly CzechReducedTo12 = new(2024, 1, 1);
    private static readonly DateOnly SlovakRatesOf2025 = new(2025, 1, 1);

    /// <summary>In hundredths of a percent; Czechia since 2013, Slovakia since 2011.</summary>
    public static int Rate(string country, VatCategory category, DateOnly suppliedOn) => (country, category) switch
    {
        ("CZ", VatCategory.Standard) => 21_00,
        ("CZ", VatCategory.Reduced) => suppliedOn < CzechReducedTo12 ? 15_00 : 12_00,
        ("SK", VatCategory.Standard) => suppliedOn < SlovakRatesOf2025 ? 20_00 : 23_00,
        ("SK", VatCategory.Reduced) => suppliedOn < SlovakRatesOf2025 ? 10_00 : 19_00,
        _ => 0,
    };

    /// <summary>The day on which a line that corrects nothing counts as supplied.</summary>
    /// <param name="lastDay">Last day of what it charges.</param>
    /// <param name="byBilling">The issuer dates such a service by the day it is billed.</param>
    public static DateOnly SuppliedOn(DateOnly lastDay, DateOnly issuedOn, bool byBilling) => byBilling || lastDay > issuedOn ? issuedOn : lastDay;

    /// <summary>Tax in minor units on a sum of amounts, halves away from zero.</summary>
    public static long Tax(long sum, int points, bool isNet) => (long)Math.Round(
        isNet ? sum * (decimal)points / 10_000 : sum * (decimal)points / (10_000 + points), MidpointRounding.AwayFromZero);
}
