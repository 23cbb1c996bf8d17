using IspBilling.Documents.PaymentQr;
using IspBilling.Domain;

namespace IspBilling.Documents.Invoices;

/// <summary>The language of a printed document: its words, its numbers and its dates.</summary>
public enum DocumentLanguage
{
    Czech,
    English,
    Slovak,
}

internal static class DocumentLanguageCodes
{
    /// <summary>See <see cref="ClientLanguages"/>.</summary>
    public static string Code(this DocumentLanguage language) => language switch
    {
        DocumentLanguage.English => ClientLanguages.English,
        DocumentLanguage.Slovak => ClientLanguages.Slovak,
        _ => ClientLanguages.Czech,
    };
}

/// <summary>
/// Everything that a printed invoice, credit note or similar document says (Czech VAT Act §29, EU Directive Art. 226), already
/// decided: nothing is calculated here. It knows no ledger, so that a document of ten years ago prints as it was.
/// </summary>
public sealed record InvoiceContent
{
    public required DocumentLanguage Language { get; init; }

    /// <summary>What the document is, in its language: <c>Faktura – daňový doklad</c>, <c>Credit note</c>.</summary>
    public required string Title { get; init; }

    public required string Number { get; init; }

    public required DateOnly IssueDate { get; init; }

    /// <summary>Date of taxable supply (DUZP); null on what is no tax document.</summary>
    public DateOnly? TaxableSupplyDate { get; init; }

    /// <summary>Null where nothing is to be paid, as on a credit note.</summary>
    public DateOnly? DueDate { get; init; }

    public required Currency Currency { get; init; }

    public required Brand Brand { get; init; }

    public required Party Supplier { get; init; }

    public required Party Customer { get; init; }

    /// <summary>Further facts beside the dates, labelled in the document's language: client number, contract, order.</summary>
    public IReadOnlyList<LabelledText> References { get; init; } = [];

    /// <summary>The number of the document that this one corrects.</summary>
    public string? CorrectedNumber { get; init; }

    /// <summary>Why it was issued; the law asks for a reason on a corrective document (§45).</summary>
    public string? CorrectionReason { get; init; }

    public required IReadOnlyList<InvoiceLine> Lines { get; init; }

    /// <summary>Empty when the supplier pays no VAT.</summary>
    public IReadOnlyList<VatRow> VatRows { get; init; } = [];

    /// <summary>Added to the rows' sum to reach <see cref="Total"/>; null or zero is not printed.</summary>
    public Money? Rounding { get; init; }

    public required Money Total { get; init; }

    /// <summary>What lowers the amount to pay, positive: payments received, credit used, advances deducted.</summary>
    public IReadOnlyList<Deduction> Deductions { get; init; } = [];

    /// <summary>What is still to be paid; zero or negative shows no payment box and no QR.</summary>
    public required Money ToPay { get; init; }

    public PaymentDetails? Payment { get; init; }

    /// <summary>Paragraphs below the totals.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A supplier or a customer. <see cref="CompanyId"/> is IČO, <see cref="VatId"/> DIČ.</summary>
public sealed record Party
{
    public required string Name { get; init; }

    public IReadOnlyList<string> AddressLines { get; init; } = [];

    public string? CompanyId { get; init; }

    public string? VatId { get; init; }

    /// <summary>The entry in the commercial register, which the law wants on business papers; or "neplátce DPH".</summary>
    public string? RegisterText { get; init; }

    /// <summary>Telephone, e-mail, web: each its own line.</summary>
    public IReadOnlyList<string> Contacts { get; init; } = [];
}

/// <summary>
/// One line. <see cref="UnitPrice"/> may have four decimals (telephony); it and <see cref="Amount"/> are in the line's price mode. Where lines
/// of both modes stand on one document, each says which it is in.
/// </summary>
public sealed record InvoiceLine
{
    public required string Text { get; init; }

    public PriceMode PriceMode { get; init; } = PriceMode.Net;

    /// <summary>Half-open; printed with its last day.</summary>
    public Period? Period { get; init; }

    public decimal Quantity { get; init; } = 1;

    public string? Unit { get; init; }

    public required decimal UnitPrice { get; init; }

    /// <summary>As printed: <c>21 %</c>, <c>0 %</c>; null when the supplier pays no VAT.</summary>
    public string? VatRate { get; init; }

    public required Money Amount { get; init; }

    /// <summary>Small print below the text, such as "corrects line 2 of invoice 2600000012".</summary>
    public string? Note { get; init; }
}

/// <summary>One rate of the VAT recapitulation. <see cref="Rate"/> is as printed, or says reverse charge or exempt.</summary>
public sealed record VatRow(string Rate, Money Base, Money Vat, Money Gross);

public sealed record Deduction(string Text, Money Amount);

public sealed record LabelledText(string Label, string Text);

/// <summary>How to pay. Without an IBAN there is no QR.</summary>
public sealed record PaymentDetails
{
    /// <summary>The account as people of the country write it: <c>2000145399/0800</c>.</summary>
    public string? LocalAccount { get; init; }

    public PayeeIban? Iban { get; init; }

    public Bic? Bic { get; init; }

    public VariableSymbol? VariableSymbol { get; init; }

    /// <summary>Digits; leading zeros count.</summary>
    public string? ConstantSymbol { get; init; }

    /// <summary>As printed, in the document's language; null means a bank transfer.</summary>
    public string? Method { get; init; }
}
