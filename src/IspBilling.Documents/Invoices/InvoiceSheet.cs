using IspBilling.Documents.PaymentQr;
using IspBilling.Domain;
using IspBilling.Engine.Wording;

namespace IspBilling.Documents.Invoices;

/// <summary>
/// What the template receives: the content with every number and date already in its printed form. The template only lays
/// out, so an ISP can change it without being able to change an amount.
/// </summary>
internal sealed record InvoiceSheet
{
    public required string Language { get; init; }
    public required string Title { get; init; }
    public required string Number { get; init; }
    public required SheetDate Date { get; init; }
    public required string Issued { get; init; }
    public string? Supplied { get; init; }
    public string? Due { get; init; }
    public required SheetBrand Brand { get; init; }
    public required Party Supplier { get; init; }
    public required Party Customer { get; init; }
    public required IReadOnlyList<LabelledText> References { get; init; }
    public string? CorrectedNumber { get; init; }
    public string? CorrectionReason { get; init; }

    /// <summary><c>net</c> or <c>gross</c> where all lines are; <c>mixed</c> where each line says it for itself.</summary>
    public required string PriceMode { get; init; }
    public required IReadOnlyList<SheetLine> Lines { get; init; }
    public required IReadOnlyList<SheetVatRow> VatRows { get; init; }
    public string? Rounding { get; init; }
    public required string Total { get; init; }
    public required IReadOnlyList<LabelledText> Deductions { get; init; }

    /// <summary>Without a sign; <see cref="Balance"/> tells whose favour it is in.</summary>
    public required string ToPay { get; init; }

    /// <summary><c>due</c>, <c>settled</c> (nothing is left to pay) or <c>credit</c>.</summary>
    public required string Balance { get; init; }
    public SheetPayment? Payment { get; init; }
    public required IReadOnlyList<string> Notes { get; init; }

    public static InvoiceSheet Of(InvoiceContent invoice)
    {
        var forms = PrintedForms.In(invoice.Language.Code());
        var isMixed = invoice.Lines.Any(line => line.PriceMode != invoice.Lines[0].PriceMode);
        return new InvoiceSheet
        {
            Language = invoice.Language.Code(),
            Title = invoice.Title,
            Number = invoice.Number,
            Date = new SheetDate(invoice.IssueDate.Year, invoice.IssueDate.Month, invoice.IssueDate.Day),
            Issued = forms.Date(invoice.IssueDate),
            Supplied = invoice.TaxableSupplyDate is { } supplied ? forms.Date(supplied) : null,
            Due = invoice.DueDate is { } due ? forms.Date(due) : null,
            Brand = new SheetBrand(invoice.Brand.Name, invoice.Brand.Colour, invoice.Brand.Logo is { } logo ? $"/logo.{logo.Format}" : null),
            Supplier = invoice.Supplier,
            Customer = invoice.Customer,
            References = invoice.References,
            CorrectedNumber = invoice.CorrectedNumber,
            CorrectionReason = invoice.CorrectionReason,
            PriceMode = isMixed ? "mixed" : NameOf(invoice.Lines.Count > 0 ? invoice.Lines[0].PriceMode : Domain.PriceMode.Net),
            Lines = [.. invoice.Lines.Select(line => SheetLine.Of(line, isMixed ? NameOf(line.PriceMode) : null, forms))],
            VatRows = [.. invoice.VatRows.Select(row => SheetVatRow.Of(row, forms))],
            Rounding = invoice.Rounding is { IsZero: false } rounding ? forms.Amount(rounding) : null,
            Total = forms.Amount(invoice.Total),
            Deductions = [.. invoice.Deductions.Select(part => new LabelledText(part.Text, forms.Amount(-part.Amount)))],
            ToPay = forms.Amount(invoice.ToPay.Abs),
            Balance = BalanceOf(invoice.ToPay),
            Payment = SheetPayment.Of(invoice),
            Notes = invoice.Notes,
        };
    }

    private static string NameOf(PriceMode mode) => mode == Domain.PriceMode.Net ? "net" : "gross";

    private static string BalanceOf(Money toPay)
    {
        if (toPay.IsZero) return "settled";
        return toPay.IsPositive ? "due" : "credit";
    }
}

internal sealed record SheetDate(int Year, int Month, int Day);

internal sealed record SheetBrand(string Name, string Colour, string? Logo);

/// <param name="PriceMode">As in <see cref="InvoiceSheet.PriceMode"/>; null where the column's head says it.</param>
internal sealed record SheetLine(
    string Text, string? Period, string? Note, string Quantity, string? Unit, string UnitPrice, string? VatRate, string Amount, string? PriceMode)
{
    public static SheetLine Of(InvoiceLine line, string? priceMode, PrintedForms forms) => new(
        line.Text,
        line.Period is { } period ? forms.Dates(period) : null,
        line.Note,
        forms.Quantity(line.Quantity),
        line.Unit,
        forms.UnitPrice(line.UnitPrice),
        line.VatRate,
        forms.Number(line.Amount),
        priceMode);
}

internal sealed record SheetVatRow(string Rate, string Base, string Vat, string Gross)
{
    public static SheetVatRow Of(VatRow row, PrintedForms forms) =>
        new(row.Rate, forms.Number(row.Base), forms.Number(row.Vat), forms.Number(row.Gross));
}

/// <summary>Shown only where something is to be paid.</summary>
internal sealed record SheetPayment(
    string? LocalAccount, string? Iban, string? Bic, string? VariableSymbol, string? ConstantSymbol, string? Method, string? QrStandard, string? QrSvg)
{
    public static SheetPayment? Of(InvoiceContent invoice)
    {
        if (invoice.Payment is not { } payment || !invoice.ToPay.IsPositive) return null;
        var qr = InvoicePaymentQr.Of(invoice);
        return new SheetPayment(
            payment.LocalAccount,
            payment.Iban?.Grouped,
            payment.Bic?.Value,
            payment.VariableSymbol?.ToString(),
            payment.ConstantSymbol,
            payment.Method,
            qr?.Standard switch { PaymentQrStandard.Spd => "spd", PaymentQrStandard.Epc => "epc", _ => null },
            qr is null ? null : QrSymbol.Of(qr.Text).ToSvg());
    }
}
