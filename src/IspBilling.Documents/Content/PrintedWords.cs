using System.Globalization;
using IspBilling.Documents.Invoices;
using IspBilling.Domain;

namespace IspBilling.Documents.Content;

/// <summary>What a printed document says in words, in one language.</summary>
internal sealed record PrintedWords(
    DocumentLanguage Language,
    string ClientNumber,
    string CreditUsed,
    string NoVatPayer,
    string ReverseCharge,
    string Exempt,
    string OutOfScope,
    string ReverseChargeNote,
    string PriceChanged,
    string QuantityChanged,
    string PriceAndQuantityChanged,
    string BillingChanged,
    string TariffChanged,
    string NoLongerSupplied,
    string ItemTakenBack,
    string Allowance,
    string PartOfMonth,
    string FewMonths,
    string ManyMonths,
    string Discount,
    string Corrects)
{
    private const string ItemTakenBackCode = "item-taken-back";

    public static readonly PrintedWords Czech = new(
        DocumentLanguage.Czech, "Číslo klienta", "Uhrazeno z přeplatku",
        "Dodavatel není plátcem DPH.", "přenesená daňová povinnost", "osvobozeno", "mimo předmět daně",
        "Daň odvede zákazník.", "změna ceny", "změna množství", "změna ceny a množství", "změna fakturačního období", "změna tarifu", "služba nebyla v tomto období poskytována", "položka byla zrušena",
        "dodatečně poskytnutá sleva", "{0} měsíce", "{0} měsíce", "{0} měsíců", "sleva {0} %", "opravuje řádek {0} dokladu {1}");

    public static readonly PrintedWords English = new(
        DocumentLanguage.English, "Client number", "Paid from credit",
        "The supplier is no VAT payer.", "reverse charge", "exempt", "outside the scope of VAT",
        "The customer accounts for the tax.", "change of price", "change of quantity", "change of price and quantity", "change of billing period", "change of tariff", "the service was not supplied in this period", "the item was taken back",
        "an allowance granted afterwards", "{0} of a month", "{0} months", "{0} months", "discount {0} %", "corrects line {0} of document {1}");

    public static readonly PrintedWords Slovak = new(
        DocumentLanguage.Slovak, "Číslo klienta", "Uhradené z preplatku",
        "Dodávateľ nie je platiteľom DPH.", "prenesenie daňovej povinnosti", "oslobodené", "mimo predmetu dane",
        "Daň odvedie zákazník.", "zmena ceny", "zmena množstva", "zmena ceny a množstva", "zmena fakturačného obdobia", "zmena tarify", "služba nebola v tomto období poskytovaná", "položka bola zrušená",
        "dodatočne poskytnutá zľava", "{0} mesiaca", "{0} mesiace", "{0} mesiacov", "zľava {0} %", "opravuje riadok {0} dokladu {1}");

    public static PrintedWords In(string language) => language switch
    {
        ClientLanguages.English => English,
        ClientLanguages.Slovak => Slovak,
        _ => Czech,
    };

    /// <summary>A credit that corrects no document is no corrective tax document.</summary>
    public string Title(Document document, Issuer issuer)
    {
        var traits = document.Kind.Traits();
        var title = traits.Titles[Language.Code()];
        return traits.IsTaxed && issuer.IsVatPayer && (!traits.IsCredit || CorrectsAny(document)) ? title.Taxed : title.Plain;
    }

    public string Rate(VatCategory category, VatRate rate) => category switch
    {
        VatCategory.ReverseCharge => ReverseCharge,
        VatCategory.Exempt => Exempt,
        VatCategory.OutOfScope => OutOfScope,
        _ => $"{Number(rate.Percent)} %",
    };

    /// <summary>Why a credit note credits a line; the law wants the reason on every corrective document (VAT act §45). Null on an invoice.</summary>
    public string? Reason(Document document, DocumentLine line)
    {
        if (document.CorrectionOf(line) is not { } code) return null;
        // Of releases that had no code of its own for what corrects no document.
        return code == ItemTakenBackCode && !CorrectsAny(document) ? Allowance : InWords(code);
    }

    /// <summary>Why a line of an invoice adds to one of an earlier document; null where it does not.</summary>
    public string? Addition(DocumentLine line) => line.Addition() is { } code ? InWords(code) : null;

    private static bool CorrectsAny(Document document) => document.Lines.Any(line => line.Corrects is not null);

    private string InWords(string code) => code switch
    {
        "price-changed" => PriceChanged,
        "quantity-changed" => QuantityChanged,
        "price-and-quantity-changed" => PriceAndQuantityChanged,
        "billing-changed" => BillingChanged,
        "tariff-changed" => TariffChanged,
        "no-longer-supplied" => NoLongerSupplied,
        ItemTakenBackCode => ItemTakenBack,
        "allowance" => Allowance,
        _ => code,
    };

    /// <summary>What makes a line other than quantity × price, and which line it corrects; null when there is nothing to say.</summary>
    /// <param name="factors">The line's.</param>
    /// <param name="reason">Why the line is credited, or adds to another; null where that is said for all lines at once.</param>
    public string? Note(DocumentLine line, LineFactors factors, string? reason, IReadOnlyDictionary<int, string> corrected)
    {
        var parts = new List<string>(4);
        if (factors.Share is { } share && share != MonthShare.OneMonth) parts.Add(Months(share));
        if (factors.DiscountBasisPoints > 0) parts.Add(string.Format(CultureInfo.InvariantCulture, Discount, Number(VatRate.PercentOf(factors.DiscountBasisPoints))));
        if (reason is not null) parts.Add(reason);
        if (line.Corrects is { } original) parts.Add(string.Format(CultureInfo.InvariantCulture, Corrects, original.Line, corrected[original.Document]));
        return parts.Count == 0 ? null : string.Join(", ", parts);
    }

    private string Months(MonthShare share)
    {
        const int Few = 4;
        var words = !share.IsWhole || share.Whole <= Few ? FewMonths : ManyMonths;
        if (share.Whole == 0) words = PartOfMonth;
        return string.Format(CultureInfo.InvariantCulture, words, share.ToString());
    }

    private string Number(decimal value)
    {
        var text = value.ToString("0.##", CultureInfo.InvariantCulture);
        return Language == DocumentLanguage.English ? text : text.Replace('.', ',');
    }
}
