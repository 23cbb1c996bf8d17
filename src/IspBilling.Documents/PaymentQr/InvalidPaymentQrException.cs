namespace IspBilling.Documents.PaymentQr;

/// <summary>A field does not fit the payment QR standard; a bank's application would refuse or misread the symbol.</summary>
public sealed class InvalidPaymentQrException(string field, string expected)
    : FormatException($"Payment QR field {field}: {expected}")
{
    /// <summary>The field by its name in the standard, for example <c>X-KS</c> or <c>name</c>.</summary>
    public string Field { get; } = field;
}
