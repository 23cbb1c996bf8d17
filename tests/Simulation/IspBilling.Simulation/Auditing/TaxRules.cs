using IspBilling.Domain;

namespace IspBilling.Simulation.Auditing;

/// <summary>Value added tax of a document in the auditor's own arithmetic: decimals, per group of lines, halves away from zero.</summary>
internal static class TaxRules
{
    private static readonly DateOnly ReducedTo12 = new(2024, 1, 1);

    /// <summary>In hundredths of a percent, Czechia since 2013.</summary>
    public static int Rate(VatCategory category, DateOnly suppliedOn) => category switch
    {
        VatCategory.Standard => 21_00,
        VatCategory.Reduced => suppliedOn < ReducedTo12 ? 15_00 : 12_00,
        _ => 0,
    };

    /// <summary>What the document says that its lines do not; null when it is right.</summary>
    public static string? Mistake(Document document)
    {
        var groups = document.Lines.GroupBy(line => (line.VatCategory, line.VatRate.BasisPoints, line.PriceMode)).ToList();
        if (groups.Count != document.Vat.Length) return $"{groups.Count} groups of lines, {document.Vat.Length} totals";
        decimal total = 0;
        foreach (var group in groups)
        {
            var sum = group.Sum(line => (decimal)line.Amount.Minor);
            var points = (decimal)group.Key.BasisPoints;
            var isNet = group.Key.PriceMode == PriceMode.Net;
            var tax = Math.Round(isNet ? sum * points / 10_000 : sum * points / (10_000 + points), MidpointRounding.AwayFromZero);
            var taxBase = isNet ? sum : sum - tax;
            total += taxBase + tax;
            var said = document.Vat.Where(vat => (vat.Category, vat.Rate.BasisPoints, vat.PriceMode) == group.Key).ToList();
            if (said.Count != 1) return $"{said.Count} totals of {group.Key}";
            if (said[0].Base.Minor != taxBase || said[0].Tax.Minor != tax)
                return $"{group.Key} of {sum}: base {said[0].Base.Minor} and tax {said[0].Tax.Minor}, expected {taxBase} and {tax}";
        }

        return document.Total.Minor == total + document.Rounding.Minor ? null : $"total {document.Total.Minor}, expected {total}";
    }
}
