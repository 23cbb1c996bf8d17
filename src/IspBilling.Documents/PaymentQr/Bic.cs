namespace IspBilling.Documents.PaymentQr;

/// <summary>Bank identifier (ISO 9362): 8 or 11 letters and digits, in capitals.</summary>
public sealed record Bic
{
    public string Value { get; }

    private Bic(string value) => Value = value;

    /// <exception cref="FormatException">Not 8 or 11 letters and digits.</exception>
    public static Bic Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var value = text.Trim().ToUpperInvariant();
        if (value.Length is not (8 or 11) || !value.All(char.IsAsciiLetterOrDigit))
            throw new FormatException($"'{text}' is not a BIC: 8 or 11 letters and digits expected.");
        return new Bic(value);
    }

    public override string ToString() => Value;
}
