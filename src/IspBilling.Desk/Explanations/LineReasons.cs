using IspBilling.Domain;

namespace IspBilling.Desk.Explanations;

internal static class LineReasons
{
    private const string Again = "days that earlier documents charged and took back are charged again";

    /// <param name="cause">The event that led to the line; null where none is known.</param>
    /// <param name="wasCharged">Whether an earlier document charged days of what says to be a new period.</param>
    public static string InWords(Document document, DocumentLine line, AccountEvent? cause, bool wasCharged) => line.Reason switch
    {
        LineReason.NewPeriod when wasCharged => Again,
        LineReason.NewPeriod => "a period that no earlier document charges",
        LineReason.ChargedAgain => ChargedAgain(line, cause),
        LineReason.PriceChanged when IsFree(line) && OfCatalogue(line) => "by the catalogue a period charged before costs nothing",
        LineReason.PriceChanged when IsFree(line) => "by the price agreed a period charged before costs nothing",
        LineReason.PriceChanged when OfCatalogue(line) => "the catalogue has another price for a period charged before",
        LineReason.PriceChanged when OfQuantity(line) is { } quantity => quantity,
        LineReason.PriceChanged when line.Amount.IsNegative => "the price of a period charged before turned out lower",
        LineReason.PriceChanged => "the price of a period charged before turned out higher",
        LineReason.NoLongerOwed => Gone(document, line, cause),
        LineReason.Rearranged when line.Change is not null => "the price is the same, and the parts that the period is charged in now round otherwise",
        LineReason.Rearranged when line.Amount.IsNegative => "the billing periods changed: this one is taken back whole",
        LineReason.Rearranged => "the billing periods changed: this one is charged anew",
        LineReason.OneOff when line.Corrects is not null => "an item of an earlier document was taken back",
        LineReason.OneOff when line.Amount.IsNegative => "a deduction that corrects no document",
        LineReason.OneOff => "a single item",
        var unknown => unknown.ToString(),
    };

    private static string Gone(Document document, DocumentLine line, AccountEvent? cause)
    {
        const string gone = "a period charged before is no longer owed";
        if (document.CorrectionOf(line) == "tariff-changed") return $"{gone}: the service has another tariff";
        if (OfCatalogue(line)) return $"{gone}: by the catalogue it costs nothing";
        return cause switch
        {
            ServiceEndSet => $"{gone}: the service ended",
            ServicePaused => $"{gone}: the service rests",
            ServiceTermsChanged => $"{gone}: the service has another tariff",
            SpecialPriceAgreed or SpecialPriceRemoved => $"{gone}: by the price agreed it costs nothing",
            _ => gone,
        };
    }

    private static string ChargedAgain(DocumentLine line, AccountEvent? cause) => cause switch
    {
        ServiceTermsChanged => $"{Again}: the service has other terms",
        ServiceEndSet => $"{Again}: the service no longer ends before them",
        PauseRemoved or ServicePaused => $"{Again}: the service no longer rests on them",
        SpecialPriceAgreed or SpecialPriceRemoved => $"{Again}: by the price agreed they cost something",
        _ => OfCatalogue(line) ? $"{Again}: by the catalogue they cost something" : Again,
    };

    /// <summary>The service goes on, and its price is nothing.</summary>
    private static bool IsFree(DocumentLine line) => line is { Basis: { } basis, Change.Owed.IsZero: true } && basis.Amount().IsZero;

    /// <summary>No event of the account changed the price, so nobody asked for it there.</summary>
    private static bool OfCatalogue(DocumentLine line) => line.Change is { Cause: 0 };

    /// <summary>Null where the quantity is the same, or nobody knows what it was.</summary>
    private static string? OfQuantity(DocumentLine line)
    {
        if (line is not { Basis: { } after, Change.Before: { } before } || after.Quantity == before.Quantity) return null;
        return before.HasPriceOf(after) ? "another quantity applies to a period charged before" : "another quantity and another price apply to a period charged before";
    }
}
