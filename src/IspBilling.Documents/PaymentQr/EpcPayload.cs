using System.Globalization;
using System.Text;
using IspBilling.Domain;

namespace IspBilling.Documents.PaymentQr;

/// <summary>Version 001 demands a BIC; 002 lets a payee inside the EEA leave it out.</summary>
public enum EpcVersion
{
    V001 = 1,
    V002 = 2,
}

/// <summary>
/// The SEPA credit transfer QR of the European Payments Council (EPC069-12): one value a line, UTF-8, at most 331 bytes,
/// euro only. Banks outside the Czech Republic and Slovakia read this one.
/// </summary>
public sealed record EpcPayload
{
    public const int MaxBytes = 331;

    /// <summary>EUR 999,999,999.99.</summary>
    public const long MaxCents = 99_999_999_999;

    private const string Utf8CharacterSet = "1";

    public EpcVersion Version { get; init; } = EpcVersion.V002;

    public Bic? Bic { get; init; }

    /// <summary>The payee: 1 to 70 characters.</summary>
    public required string Name { get; init; }

    public required PayeeIban Iban { get; init; }

    /// <summary>EUR 0.01 to 999,999,999.99. Null lets the payer fill it in.</summary>
    public Money? Amount { get; init; }

    /// <summary>ISO 20022 purpose: up to 4 letters, for example <c>CHAR</c>.</summary>
    public string? Purpose { get; init; }

    /// <summary>Structured creditor reference <c>RFnn…</c> (ISO 11649). Excludes <see cref="Text"/>.</summary>
    public string? Reference { get; init; }

    /// <summary>Unstructured remittance text: 140 characters. Excludes <see cref="Reference"/>.</summary>
    public string? Text { get; init; }

    /// <summary>A hint to the payer, not sent with the payment: 70 characters.</summary>
    public string? Information { get; init; }

    /// <summary>The text to put into the symbol; empty values at the end are left out, as the standard allows.</summary>
    /// <exception cref="InvalidPaymentQrException">A field breaks the standard.</exception>
    public string ToText()
    {
        var text = string.Join('\n', Lines()).TrimEnd('\n');
        var bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > MaxBytes) throw new InvalidPaymentQrException("payload", $"at most {MaxBytes} bytes expected, got {bytes}.");
        return text;
    }

    private IEnumerable<string> Lines()
    {
        if (Version == EpcVersion.V001 && Bic is null) throw new InvalidPaymentQrException("BIC", "a BIC expected in version 001.");
        if (string.IsNullOrWhiteSpace(Name)) throw new InvalidPaymentQrException("name", "the payee's name expected.");
        if (Reference is not null && Text is not null)
            throw new InvalidPaymentQrException("text", "either a structured reference or a text expected, not both.");

        return
        [
            "BCD",
            ((int)Version).ToString("000", CultureInfo.InvariantCulture),
            Utf8CharacterSet,
            "SCT",
            Bic?.Value ?? "",
            OneLine("name", Name, 70),
            Iban.Value,
            AmountText(),
            PurposeText(),
            ReferenceText(),
            OneLine("text", Text, 140),
            OneLine("information", Information, 70),
        ];
    }

    private string AmountText()
    {
        if (Amount is not { } amount) return "";
        if (amount.Currency != Currency.Eur) throw new InvalidPaymentQrException("amount", $"EUR expected, got {amount.Currency}.");
        if (amount.Minor is < 1 or > MaxCents) throw new InvalidPaymentQrException("amount", $"EUR 0.01 to 999999999.99 expected, got {amount}.");
        var whole = amount.Minor % Currency.MinorPerMajor == 0;
        return "EUR" + amount.Major.ToString(whole ? "0" : "0.00", CultureInfo.InvariantCulture);
    }

    private string PurposeText()
    {
        if (Purpose is null) return "";
        if (Purpose.Length is 0 or > 4 || !Purpose.All(char.IsAsciiLetterUpper))
            throw new InvalidPaymentQrException("purpose", $"1 to 4 capital letters expected, got '{Purpose}'.");
        return Purpose;
    }

    private string ReferenceText()
    {
        if (Reference is null) return "";
        if (!CreditorReference.IsValid(Reference))
            throw new InvalidPaymentQrException("reference", $"an ISO 11649 reference (RF and two check digits that agree) expected, got '{Reference}'.");
        return Reference;
    }

    /// <summary>A line break inside a value would move every value after it.</summary>
    private static string OneLine(string field, string? value, int maxLength)
    {
        if (value is null) return "";
        if (value.Any(char.IsControl)) throw new InvalidPaymentQrException(field, "no line break or other control character expected.");
        if (value.Length > maxLength) throw new InvalidPaymentQrException(field, $"at most {maxLength} characters expected, got {value.Length}.");
        return value;
    }
}
