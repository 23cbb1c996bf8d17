using System.Globalization;
using IspBilling.Documents.PaymentQr;
using IspBilling.Domain;

namespace IspBilling.Documents.Invoices;

/// <summary>Which payment standard a symbol follows; readers of one do not read the other.</summary>
public enum PaymentQrStandard
{
    /// <summary>QR Platba, Czech.</summary>
    Spd,

    /// <summary>EPC069-12, SEPA.</summary>
    Epc,
}

/// <summary>The payment of one invoice as a QR text.</summary>
public sealed record InvoicePaymentQr(PaymentQrStandard Standard, string Text)
{
    /// <summary>Euro goes by EPC, any other currency by QR Platba.</summary>
    /// <returns>
    /// Null when nothing is to be paid, there is no IBAN to pay to, or the amount is more than the standard can say: such an
    /// invoice prints without a symbol.
    /// </returns>
    /// <exception cref="InvalidPaymentQrException">A symbol or the amount breaks the standard.</exception>
    public static InvoicePaymentQr? Of(InvoiceContent invoice)
    {
        ArgumentNullException.ThrowIfNull(invoice);
        if (invoice.Payment is not { Iban: { } iban } payment || !invoice.ToPay.IsPositive) return null;
        var isEuro = invoice.Currency == Currency.Eur;
        if (invoice.ToPay.Minor > (isEuro ? EpcPayload.MaxCents : SpdPayload.MaxMinor)) return null;
        return isEuro
            ? new InvoicePaymentQr(PaymentQrStandard.Epc, Epc(invoice, payment, iban).ToText())
            : new InvoicePaymentQr(PaymentQrStandard.Spd, Spd(invoice, payment, iban).ToText());
    }

    private static SpdPayload Spd(InvoiceContent invoice, PaymentDetails payment, PayeeIban iban) => new()
    {
        Account = new SpdAccount(iban, payment.Bic),
        Amount = invoice.ToPay,
        DueDate = invoice.DueDate,
        Message = Shortened($"{(invoice.Language == DocumentLanguage.English ? "Invoice" : "Faktura")} {invoice.Number}", 60),
        VariableSymbol = payment.VariableSymbol,
        ConstantSymbol = payment.ConstantSymbol,
    };

    /// <summary>SEPA has no symbol fields; <c>VS: 123</c> in the text is what Czech and Slovak bank statements are searched for.</summary>
    private static EpcPayload Epc(InvoiceContent invoice, PaymentDetails payment, PayeeIban iban) => new()
    {
        Bic = payment.Bic,
        Name = Shortened(invoice.Supplier.Name, 70),
        Iban = iban,
        Amount = invoice.ToPay,
        Text = Shortened(RemittanceText(payment.VariableSymbol?.ToString(), invoice.Number), 140),
    };

    private static string RemittanceText(string? symbol, string number)
    {
        if (symbol is null) return number;
        return symbol == number ? $"VS: {symbol}" : $"VS: {symbol} {number}";
    }

    /// <summary>Cut between letters as a reader sees them: half a surrogate pair has no UTF-8 form, and an accent means nothing alone.</summary>
    /// <param name="maxLength">In UTF-16 units: no letter counts less than the standards count it.</param>
    private static string Shortened(string text, int maxLength)
    {
        if (text.Length <= maxLength) return text;
        var length = 0;
        while (StringInfo.GetNextTextElementLength(text, length) is var next && length + next <= maxLength) length += next;
        return text[..length].TrimEnd();
    }
}
