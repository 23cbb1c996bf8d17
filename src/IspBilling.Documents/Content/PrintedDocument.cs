using IspBilling.Documents.Invoices;
using IspBilling.Documents.PaymentQr;
using IspBilling.Domain;
using IspBilling.Engine.Documents;

namespace IspBilling.Documents.Content;

/// <summary>
/// A document as it is printed: from what was stored when it was issued and from nothing younger, so that it prints the same in ten
/// years. What was paid since is not on it.
/// </summary>
public static class PrintedDocument
{
    /// <param name="corrected">Numbers of the documents that lines correct, by ordinal.</param>
    public static InvoiceContent Of(IssuedDocument issued, IReadOnlyDictionary<int, string> corrected)
    {
        var (document, issuer, customer) = (issued.Document, issued.Issuer, issued.Customer);
        var words = PrintedWords.In(customer.Language);
        var isReceivable = document.Kind.Traits().IsReceivable;
        string[] reasons = [.. document.Lines.Select(line => words.Reason(document, line)).OfType<string>().Distinct(StringComparer.Ordinal)];
        var creditUsed = isReceivable ? issued.SettledAtIssue : Money.Zero(document.Currency);
        return new InvoiceContent
        {
            Language = words.Language,
            Title = words.Title(document, issuer),
            Number = document.Number,
            IssueDate = document.IssuedOn,
            TaxableSupplyDate = issuer.IsVatPayer ? document.SuppliedOn : null,
            DueDate = isReceivable ? document.DueOn : null,
            Currency = document.Currency,
            Brand = new Brand { Name = issuer.Name },
            Supplier = Supplier(issuer),
            Customer = new Party
            {
                Name = customer.Name, AddressLines = Lines(customer.Address), CompanyId = customer.CompanyNumber, VatId = customer.VatNumber,
            },
            References = [new LabelledText(words.ClientNumber, issued.Reference)],
            CorrectedNumber = corrected.Count == 0 || isReceivable ? null : string.Join(", ", corrected.Values),
            CorrectionReason = reasons.Length == 0 ? null : string.Join(", ", reasons),
            Lines = [.. document.Lines.Select(line => Line(line, words, ReasonOf(line), corrected, issuer))],
            VatRows = issuer.IsVatPayer ? [.. VatRows(document, words)] : [],
            Rounding = document.Rounding,
            Total = document.Total,
            Deductions = creditUsed.IsPositive ? [new Deduction(words.CreditUsed, creditUsed)] : [],
            ToPay = document.ToPay(creditUsed),
            Payment = isReceivable ? Payment(issuer, document) : null,
            Notes = Notes(document, issuer, words),
        };

        // A note says its only reason once for all lines.
        string? ReasonOf(DocumentLine line) => document.Correction is null ? words.Addition(line) : reasons.Length > 1 ? words.Reason(document, line) : null;
    }

    private static Party Supplier(Issuer issuer) => new()
    {
        Name = issuer.Name,
        AddressLines = Lines(issuer.Address),
        CompanyId = issuer.CompanyNumber,
        VatId = issuer.VatNumber,
        RegisterText = issuer.RegisterText,
        Contacts = [.. new[] { issuer.Phone, issuer.Email, issuer.Web }.OfType<string>()],
    };

    private static IEnumerable<VatRow> VatRows(Document document, PrintedWords words) =>
        document.VatByRate().Select(rate => new VatRow(words.Rate(rate.Category, rate.Rate), rate.Base, rate.Tax, rate.Gross));

    /// <param name="reason">Why the line is credited, where the document has several reasons; why it adds to an earlier one.</param>
    private static InvoiceLine Line(
        DocumentLine line, PrintedWords words, string? reason, IReadOnlyDictionary<int, string> corrected, Issuer issuer)
    {
        var factors = line.Factors();
        return new InvoiceLine
        {
            Text = line.Text,
            PriceMode = line.PriceMode,
            Period = line.Period,
            Quantity = factors.Quantity.Value,
            UnitPrice = factors.UnitPrice.Major,
            VatRate = issuer.IsVatPayer ? words.Rate(line.VatCategory, line.VatRate) : null,
            Amount = line.Amount,
            Note = words.Note(line, factors, reason, corrected),
        };
    }

    private static PaymentDetails Payment(Issuer issuer, Document document) => new()
    {
        LocalAccount = issuer.BankAccount.Local,
        Iban = PayeeIban.Parse(issuer.BankAccount.Iban),
        Bic = issuer.BankAccount.Bic is { } bic ? Bic.Parse(bic) : null,
        VariableSymbol = document.Symbol,
    };

    private static List<string> Notes(Document document, Issuer issuer, PrintedWords words)
    {
        var notes = new List<string>();
        if (!issuer.IsVatPayer) notes.Add(words.NoVatPayer);
        if (document.Lines.Any(line => line.VatCategory == VatCategory.ReverseCharge)) notes.Add(words.ReverseChargeNote);
        return notes;
    }

    private static string[] Lines(PostalAddress address) => address.Country == "CZ"
        ? [address.Street, $"{address.PostalCode} {address.City}"]
        : [address.Street, $"{address.PostalCode} {address.City}", address.Country];
}
