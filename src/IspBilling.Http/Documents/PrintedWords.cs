using System.Globalization;
using IspBilling.Documents.Invoices;
using IspBilling.Domain;

namespace IspBilling.Http.Documents;

/// <summary>What a printed document says in words, in one language.</summary>
internal sealed record PrintedWords(
    DocumentLanguage Language,
    string TaxInvoice,
    string Invoice,
    string CreditNote,
    string ClientNumber,
    string CreditUsed,
    string NoVatPayer,
    string ReverseCharge,
    string Exempt,
    string OutOfScope,
    string ReverseChargeNote,
    string PriceChanged,
    string BillingChanged,
    string NoLongerSupplied,
    string ItemTakenBack,
    string MonthShare,
    string FewMonths,
    string ManyMonths,
    string Discount,
    string Corrects)
{
    public static readonly PrintedWords Czech = new(
        DocumentLanguage.Czech, "Faktura – daňový doklad", "Faktura", "Opravný daňový doklad", "Číslo klienta", "Uhrazeno z přeplatku",
        "Dodavatel není plátcem DPH.", "přenesená daňová povinnost", "osvobozeno", "mimo předmět daně",
        "Daň odvede zákazník.", "změna ceny", "změna fakturačního období", "služba nebyla v tomto období poskytována", "položka byla zrušena",
        "{0} měsíce", "{0} měsíce", "{0} měsíců", "sleva {0} %", "opravuje řádek {0} dokladu {1}");

    public static readonly PrintedWords English = new(
        DocumentLanguage.English, "Invoice – tax document", "Invoice", "Corrective tax document", "Client number", "Paid from credit",
        "The supplier is no VAT payer.", "reverse charge", "exempt", "outside the scope of VAT",
        "The customer accounts for the tax.", "change of price", "change of billing period", "the service was not supplied in this period", "the item was taken back",
        "{0} of a month", "{0} months", "{0} months", "discount {0} %", "corrects line {0} of document {1}");

    public static PrintedWords In(string language) => language == "en" ? English : Czech;

    public string Title(Document document, Issuer issuer) => document.Kind switch
    {
        DocumentKind.CreditNote => CreditNote,
        _ => issuer.IsVatPayer ? TaxInvoice : Invoice,
    };

    public string Rate(VatCategory category, VatRate rate) => category switch
    {
        VatCategory.ReverseCharge => ReverseCharge,
        VatCategory.Exempt => Exempt,
        VatCategory.OutOfScope => OutOfScope,
        _ => $"{Number(rate.BasisPoints / 100m)} %",
    };

    /// <summary>The Domain's code of a correction in words; the law wants a reason on every credit note (VAT act §45).</summary>
    public string Correction(string code) => code switch
    {
        "price-changed" => PriceChanged,
        "billing-changed" => BillingChanged,
        "no-longer-supplied" => NoLongerSupplied,
        "item-taken-back" => ItemTakenBack,
        _ => code,
    };

    /// <summary>What makes a line other than quantity × price, and which line it corrects; null when there is nothing to say.</summary>
    /// <param name="factors">The line's.</param>
    public string? Note(DocumentLine line, LineFactors factors, IReadOnlyDictionary<int, string> corrected)
    {
        var parts = new List<string>(3);
        if (factors.Share is { } share && share != Domain.MonthShare.OneMonth) parts.Add(string.Format(CultureInfo.InvariantCulture, Months(share), LineFormula.Months(share)));
        if (factors.DiscountBasisPoints > 0) parts.Add(string.Format(CultureInfo.InvariantCulture, Discount, Number(factors.DiscountBasisPoints / 100m)));
        if (line.Corrects is { } original) parts.Add(string.Format(CultureInfo.InvariantCulture, Corrects, original.Line, corrected[original.Document]));
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    private string Months(MonthShare share) => !share.IsWhole ? MonthShare : share.Whole < 5 ? FewMonths : ManyMonths;

    private string Number(decimal value)
    {
        var text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return Language == DocumentLanguage.Czech ? text.Replace('.', ',') : text;
    }
}
