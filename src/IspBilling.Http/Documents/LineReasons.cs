using IspBilling.Domain;

namespace IspBilling.Http.Documents;

internal static class LineReasons
{
    /// <summary>Ordinals of the documents that lines of this one correct.</summary>
    public static int[] Corrected(this Document document) =>
        [.. document.Lines.Select(line => line.Corrects?.Document).OfType<int>().Distinct()];

    public static string InWords(DocumentLine line) => line.Reason switch
    {
        LineReason.NewPeriod => "a period that no document charged before",
        LineReason.PriceChanged when line.Amount.IsNegative => "the price of a period charged before turned out lower",
        LineReason.PriceChanged => "the price of a period charged before turned out higher",
        LineReason.NoLongerOwed => "a period charged before is no longer owed: the service ended, rests, or has another tariff",
        LineReason.Rearranged when line.Amount.IsNegative => "the billing periods changed: this one is taken back whole",
        LineReason.Rearranged => "the billing periods changed: this one is charged anew",
        LineReason.OneOff when line.Corrects is not null => "an item charged before was taken back",
        LineReason.OneOff => "a single item",
        var unknown => unknown.ToString(),
    };
}
