namespace IspBilling.Domain;

/// <summary>Why a line corrects another, as documents store it and every language has words for it.</summary>
internal static class CorrectionCodes
{
    public const string ItemTakenBack = "item-taken-back";

    /// <summary>Of days that are charged and owed, by other terms or in other stretches.</summary>
    public static string OfChange(LineReason reason, StretchChange? change, ChargeBasis? after) => reason switch
    {
        LineReason.PriceChanged when change is { Before: { } before } && after is not null && before.Quantity != after.Quantity =>
            before.HasPriceOf(after) ? "quantity-changed" : "price-and-quantity-changed",
        LineReason.PriceChanged => "price-changed",
        _ => "billing-changed",
    };
}
