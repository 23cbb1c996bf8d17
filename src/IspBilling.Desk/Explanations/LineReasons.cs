using IspBilling.Domain;

namespace IspBilling.Desk.Explanations;

internal static class LineReasons
{
    private const string New = "a period that no earlier document charges";
    private const string Again = "days that earlier documents charged and took back are charged again";

    /// <param name="cause">The event that led to the line; null where none is known.</param>
    /// <param name="wasCharged">Whether an earlier document charged days of what says to be a new period.</param>
    /// <param name="isPriced">Whether a new period cost nothing by the catalogue while it was agreed.</param>
    public static string InWords(Document document, DocumentLine line, AccountEvent? cause, bool wasCharged, bool isPriced) => line.Reason switch
    {
        LineReason.NewPeriod when wasCharged => Again,
        LineReason.NewPeriod when isPriced => $"{New}: by the catalogue it costs something",
        LineReason.NewPeriod => IsMadeDue(line) ? WithCause(New, "it", line, cause) : New,
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

    private static string ChargedAgain(DocumentLine line, AccountEvent? cause)
    {
        if (cause is ServiceTermsChanged) return $"{Again}: the service has other terms";
        return cause is null && OfCatalogue(line) ? $"{Again}: by the catalogue they cost something" : WithCause(Again, "them", line, cause);
    }

    /// <summary>What an event took away, so that days are due.</summary>
    private static string WithCause(string text, string days, DocumentLine line, AccountEvent? cause) => cause switch
    {
        ServiceEndSet => $"{text}: the service no longer ends before {days}",
        ServicePaused { Pause: { Bills: true } pause } when pause.From <= line.Period?.From && !(pause.To < line.Period.Value.To) =>
            $"{text}: the service rests on {days}, and is charged all the same",
        ServicePaused { Pause.Bills: true } => $"{text}: the service no longer rests on {days} without being charged",
        PauseRemoved or ServicePaused => $"{text}: the service no longer rests on {days}",
        SpecialPriceAgreed or SpecialPriceRemoved => $"{text}: by the price agreed {(days == "it" ? "it costs" : "they cost")} something",
        _ => text,
    };

    /// <summary>Whether something else than what it was agreed by made a new period due.</summary>
    private static bool IsMadeDue(DocumentLine line) => line.Change is { } change && change.Cause != line.Basis?.Cause;

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
