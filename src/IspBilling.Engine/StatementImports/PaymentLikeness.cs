namespace IspBilling.Engine.StatementImports;

/// <summary>In what a payment agrees with a movement that may take it back, in words for the clerk.</summary>
public static class PaymentLikeness
{
    /// <returns>"this amount, symbol and sender".</returns>
    public static string InWords(bool amount, bool order, bool symbol, bool sender)
    {
        List<string> alike = [];
        if (amount) alike.Add("amount");
        if (order) alike.Add("order");
        if (symbol) alike.Add("symbol");
        if (sender) alike.Add("sender");
        return alike.Count > 1 ? $"this {string.Join(", ", alike[..^1])} and {alike[^1]}" : $"this {string.Join("", alike)}";
    }
}
