using IspBilling.Domain;

namespace IspBilling.Desk.Explanations;

internal static class LineReasons
{
    public static string InWords(Document document, DocumentLine line) => line.Reason switch
    {
        LineReason.NewPeriod => "a period that no document charged before, or that was credited whole",
        LineReason.PriceChanged when OfCatalogue(line) => "the catalogue has another price for a period charged before",
        LineReason.PriceChanged when OfQuantity(line) is { } quantity => quantity,
        LineReason.PriceChanged when line.Amount.IsNegative => "the price of a period charged before turned out lower",
        LineReason.PriceChanged => "the price of a period charged before turned out higher",
        LineReason.NoLongerOwed when document.CorrectionOf(line) == "tariff-changed" => "a period charged before is no longer owed: the service has another tariff",
        LineReason.NoLongerOwed when line.Correction is not null => "a period charged before is no longer owed: the service ended or rests",
        LineReason.NoLongerOwed => "a period charged before is no longer owed: the service ended, rests, or has another tariff",
        LineReason.Rearranged when line.Change is not null => "the price is the same, and the parts that the period is charged in now round otherwise",
        LineReason.Rearranged when line.Amount.IsNegative => "the billing periods changed: this one is taken back whole",
        LineReason.Rearranged => "the billing periods changed: this one is charged anew",
        LineReason.OneOff when line.Corrects is not null => "an item of an earlier document was taken back",
        LineReason.OneOff when line.Amount.IsNegative => "a deduction that corrects no document",
        LineReason.OneOff => "a single item",
        var unknown => unknown.ToString(),
    };

    /// <summary>No event of the account changed the price, so nobody asked for it there.</summary>
    private static bool OfCatalogue(DocumentLine line) => line.Change is { Cause: 0 };

    /// <summary>Null where the quantity is the same, or nobody knows what it was.</summary>
    private static string? OfQuantity(DocumentLine line)
    {
        if (line is not { Basis: { } after, Change.Before: { } before } || after.Quantity == before.Quantity) return null;
        return before.HasPriceOf(after) ? "another quantity applies to a period charged before" : "another quantity and another price apply to a period charged before";
    }
}
