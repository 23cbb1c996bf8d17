using System.Globalization;
using IspBilling.Domain;

namespace IspBilling.Documents.PaymentQr;

/// <summary>An account of QR Platba: <c>IBAN[+BIC]</c>.</summary>
public sealed record SpdAccount(PayeeIban Iban, Bic? Bic = null)
{
    public override string ToString() => Bic is null ? Iban.Value : $"{Iban.Value}+{Bic.Value}";
}

/// <summary>Where the payee wants to hear of the payment: NT (<c>E</c> e-mail, <c>P</c> telephone) and NTA.</summary>
public sealed record SpdNotification(char Kind, string Address);

/// <summary>Whether free texts are put in capitals, so that the symbol stays small, or kept as they were written.</summary>
public enum SpdLetterCase
{
    Capitals,
    AsWritten,
}

/// <summary>
/// QR Platba, the Czech payment QR (Short Payment Descriptor 1.0 of the Czech Banking Association). Lengths are those of the
/// standard and are counted before escaping.
/// </summary>
public sealed record SpdPayload
{
    /// <summary>9,999,999.99: what ten characters hold.</summary>
    public const long MaxMinor = 999_999_999;

    private const int MaxAlternativeAccounts = 2;
    private const int MaxRetryDays = 30;

    /// <summary>ACC, 46 characters.</summary>
    public required SpdAccount Account { get; init; }

    /// <summary>ALT-ACC: at most two, 93 characters with the comma between.</summary>
    public IReadOnlyList<SpdAccount> AlternativeAccounts { get; init; } = [];

    /// <summary>AM and CC: positive, 10 characters with two decimals, so less than ten million. Null lets the payer fill it in.</summary>
    public Money? Amount { get; init; }

    /// <summary>RF: the payee's reference, 16 digits.</summary>
    public string? Reference { get; init; }

    /// <summary>RN: the payee's name, 35 characters.</summary>
    public string? RecipientName { get; init; }

    /// <summary>DT.</summary>
    public DateOnly? DueDate { get; init; }

    /// <summary>PT: 3 characters, for example <c>IP</c> for an instant payment.</summary>
    public string? PaymentType { get; init; }

    /// <summary>MSG: the message to the payee, 60 characters.</summary>
    public string? Message { get; init; }

    /// <summary>NT and NTA (320 characters).</summary>
    public SpdNotification? Notification { get; init; }

    /// <summary>X-VS.</summary>
    public VariableSymbol? VariableSymbol { get; init; }

    /// <summary>X-SS: 10 digits.</summary>
    public string? SpecificSymbol { get; init; }

    /// <summary>X-KS: 10 digits; leading zeros count.</summary>
    public string? ConstantSymbol { get; init; }

    /// <summary>X-PER: days for which the bank tries again, 0 to 30.</summary>
    public int? RetryDays { get; init; }

    /// <summary>X-ID: the payer's own identifier, 20 characters.</summary>
    public string? PayerReference { get; init; }

    /// <summary>X-URL: 140 characters.</summary>
    public string? Url { get; init; }

    /// <summary>X-INV: a whole SID text (QR Faktura), travelling inside the payment.</summary>
    public string? InvoiceDescriptor { get; init; }

    public SpdLetterCase LetterCase { get; init; } = SpdLetterCase.Capitals;

    /// <summary>CRC32: lets a reader find a damaged text; a QR symbol corrects itself, so it is off unless a bank asks.</summary>
    public bool WithChecksum { get; init; }

    /// <summary>The text to put into the symbol, fields sorted by key.</summary>
    /// <exception cref="InvalidPaymentQrException">A field breaks the standard.</exception>
    public string ToText()
    {
        var fields = Fields().Where(field => field.Value.Length > 0).ToDictionary(StringComparer.Ordinal);
        if (WithChecksum) fields[SpdText.ChecksumKey] = SpdText.Checksum(fields);
        return SpdText.Join(fields);
    }

    private IEnumerable<KeyValuePair<string, string>> Fields()
    {
        yield return Field("ACC", Bounded("ACC", Account.ToString(), 46));
        yield return Field("ALT-ACC", AlternativeAccountsText());
        yield return Field("AM", AmountText());
        yield return Field("CC", Amount?.Currency.Code);
        yield return Field("RF", Digits("RF", Reference, 16));
        yield return Field("RN", FreeText("RN", RecipientName, 35));
        yield return Field("DT", DueDate?.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        yield return Field("PT", FreeText("PT", PaymentType, 3));
        yield return Field("MSG", FreeText("MSG", Message, 60));
        yield return Field("NT", NotificationKind());
        yield return Field("NTA", ExactText("NTA", Notification?.Address, 320));
        yield return Field("X-VS", VariableSymbol?.ToString());
        yield return Field("X-SS", Digits("X-SS", SpecificSymbol, 10));
        yield return Field("X-KS", Digits("X-KS", ConstantSymbol, 10));
        yield return Field("X-PER", RetryDaysText());
        yield return Field("X-ID", FreeText("X-ID", PayerReference, 20));
        yield return Field("X-URL", ExactText("X-URL", Url, 140));
        yield return Field("X-INV", InvoiceDescriptorText());
    }

    private string AlternativeAccountsText()
    {
        if (AlternativeAccounts.Count > MaxAlternativeAccounts)
            throw new InvalidPaymentQrException("ALT-ACC", $"at most {MaxAlternativeAccounts} accounts expected, got {AlternativeAccounts.Count}.");
        return Bounded("ALT-ACC", string.Join(',', AlternativeAccounts), 93);
    }

    private string? AmountText()
    {
        if (Amount is not { } amount) return null;
        if (!amount.IsPositive) throw new InvalidPaymentQrException("AM", $"a positive amount expected, got {amount}.");
        return Bounded("AM", amount.Major.ToString("0.00", CultureInfo.InvariantCulture), 10);
    }

    private string? NotificationKind()
    {
        if (Notification is null) return null;
        if (Notification.Kind is not ('E' or 'P')) throw new InvalidPaymentQrException("NT", $"E or P expected, got '{Notification.Kind}'.");
        if (Notification.Address.Length == 0) throw new InvalidPaymentQrException("NTA", "an address expected where NT is given.");
        return Notification.Kind.ToString();
    }

    private string? RetryDaysText()
    {
        if (RetryDays is < 0 or > MaxRetryDays)
            throw new InvalidPaymentQrException("X-PER", $"0 to {MaxRetryDays} days expected, got {RetryDays}.");
        return RetryDays?.ToString(CultureInfo.InvariantCulture);
    }

    private string? InvoiceDescriptorText()
    {
        if (InvoiceDescriptor is null) return null;
        if (!InvoiceDescriptor.StartsWith("SID*1.0*", StringComparison.Ordinal))
            throw new InvalidPaymentQrException("X-INV", "a text that begins with SID*1.0* expected.");
        return SpdText.Escape(InvoiceDescriptor);
    }

    private string FreeText(string key, string? value, int maxLength) =>
        LetterCase == SpdLetterCase.Capitals
            ? SpdText.EscapeInCapitals(Printable(key, value, maxLength))
            : SpdText.Escape(Printable(key, value, maxLength));

    /// <summary>Addresses whose letter case means something are never put in capitals.</summary>
    private static string ExactText(string key, string? value, int maxLength) => SpdText.Escape(Printable(key, value, maxLength));

    private static string Printable(string key, string? value, int maxLength)
    {
        if (value is null) return "";
        if (value.Any(char.IsControl)) throw new InvalidPaymentQrException(key, "no line break or other control character expected.");
        return Bounded(key, value, maxLength);
    }

    private static string Digits(string key, string? value, int maxLength)
    {
        if (value is null) return "";
        if (!value.All(char.IsAsciiDigit)) throw new InvalidPaymentQrException(key, $"digits only expected, got '{value}'.");
        return Bounded(key, value, maxLength);
    }

    private static string Bounded(string key, string value, int maxLength) =>
        value.Length <= maxLength
            ? value
            : throw new InvalidPaymentQrException(key, $"at most {maxLength} characters expected, got {value.Length}.");

    private static KeyValuePair<string, string> Field(string key, string? value) => new(key, value ?? "");
}
