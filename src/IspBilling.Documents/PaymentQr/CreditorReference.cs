namespace IspBilling.Documents.PaymentQr;

/// <summary>
/// The check shared by IBAN and by the structured creditor reference <c>RFnn…</c> (ISO 11649): the first four characters go
/// to the end, letters become 10 to 35, and the number modulo 97 is one.
/// </summary>
internal static class CreditorReference
{
    public static bool IsValid(string reference) =>
        reference.Length is >= 5 and <= 25
        && reference.StartsWith("RF", StringComparison.Ordinal)
        && reference.All(symbol => char.IsAsciiDigit(symbol) || char.IsAsciiLetterUpper(symbol))
        && Modulo97(reference) == 1;

    /// <summary>Of digits and capital letters only; digit by digit, so no big number is built.</summary>
    public static int Modulo97(string value)
    {
        var remainder = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var symbol = value[(i + 4) % value.Length];
            remainder = char.IsAsciiDigit(symbol)
                ? ((remainder * 10) + (symbol - '0')) % 97
                : ((remainder * 100) + (symbol - 'A' + 10)) % 97;
        }

        return remainder;
    }
}
