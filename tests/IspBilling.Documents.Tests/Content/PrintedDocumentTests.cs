using System.Collections.Immutable;
using IspBilling.Documents.Content;
using IspBilling.Documents.Invoices;
using IspBilling.Domain;
using IspBilling.Engine.Documents;

namespace IspBilling.Documents.Tests.Content;

/// <summary>What stands on paper is true and can be checked by hand.</summary>
public sealed class PrintedDocumentTests
{
    private static readonly DateOnly Day = new(2026, 3, 1);
    private static readonly Period March = new(Day, Day.AddMonths(1));
    private static readonly PostalAddress Address = new("Dlouhá 1", "Brno", "60200", "CZ");

    private static readonly Issuer Provider = new(
        IssuerId.Default, 1, "Example Net s.r.o.", Address, "12345679", "CZ12345679", null, Currency.Czk,
        new IssuerBankAccount(null, "CZ6508000000192000145399", null), null, null, null);

    private static readonly AccountProfile Client = new(
        IssuerId.Default, "Jana Nováková", Address, null, null, null, null, "cs", DeliveryPreference.Email, SymbolPolicy.PerDocument, null,
        AllocationPolicy.NamedThenOldest, 14);

    [Fact]
    public void Net_and_gross_lines_of_two_rates_make_one_row_a_rate()
    {
        var printed = Print(DocumentKind.Invoice,
            Line(100, PriceMode.Net, 2100), Line(121, PriceMode.Gross, 2100), Line(100, PriceMode.Net, 1200), Line(112, PriceMode.Gross, 1200));

        Assert.Equal(
            [new VatRow("21 %", Money.Czk(200), Money.Czk(42), Money.Czk(242)), new VatRow("12 %", Money.Czk(200), Money.Czk(24), Money.Czk(224))],
            printed.VatRows);
        Assert.Equal([PriceMode.Net, PriceMode.Gross, PriceMode.Net, PriceMode.Gross], printed.Lines.Select(line => line.PriceMode));
    }

    [Theory]
    [InlineData(1, 399, -100, 1, -100)] // a lower price of a month that was charged
    [InlineData(3, -250, -250, 1, -250)] // three that are no longer owed, with the price of all three
    [InlineData(1, 499, 241.45, 1, 241.45)] // part of a month without its share
    [InlineData(2, 100, 200, 2, 100)]
    [InlineData(2, 100, -200, 2, -100)] // two items that are taken back
    public void Quantity_times_price_is_the_amount(int quantity, double price, double amount, int printedQuantity, double printedPrice)
    {
        var line = Line((decimal)amount, PriceMode.Gross, 2100) with { Quantity = Quantity.From(quantity), UnitPrice = Money.Czk((decimal)price) };

        var printed = Assert.Single(Print(DocumentKind.Invoice, line).Lines);

        Assert.Equal(((decimal)printedQuantity, (decimal)printedPrice), (printed.Quantity, printed.UnitPrice));
        Assert.Equal(printed.Amount.Major, printed.Quantity * printed.UnitPrice);
    }

    [Fact]
    public void A_year_says_that_it_has_twelve_months_and_a_part_of_a_month_which()
    {
        var year = Line(5_988, PriceMode.Gross, 2100, new MonthShare(12, 0, 1, 0, 1));
        var part = Line(241.45m, PriceMode.Gross, 2100, new MonthShare(0, 15, 31, 0, 1));
        var quarter = Line(1_497, PriceMode.Gross, 2100, new MonthShare(3, 0, 1, 0, 1));

        var printed = Print(DocumentKind.Invoice, year, part, quarter);

        Assert.Equal(["12 měsíců", "15/31 měsíce", "3 měsíce"], printed.Lines.Select(line => line.Note));
        Assert.All(printed.Lines, line => Assert.Equal((1m, 499m), (line.Quantity, line.UnitPrice)));
    }

    [Fact]
    public void A_credit_that_corrects_nothing_is_no_corrective_tax_document_and_gives_no_untrue_reason()
    {
        var goodwill = Line(-100, PriceMode.Gross, 2100) with { OneOff = "sorry", Service = null, Period = null, Text = "Omluva za výpadek" };

        foreach (var stored in new[] { "allowance", "item-taken-back" })
        {
            var printed = Print(DocumentKind.CreditNote, stored, goodwill);
            Assert.Equal(("Dobropis", "dodatečně poskytnutá sleva", null), (printed.Title, printed.CorrectionReason, printed.CorrectedNumber));
        }

        var original = goodwill with { Corrects = new LineReference(1, 1) };
        var corrective = Print(DocumentKind.CreditNote, "item-taken-back", original);
        Assert.Equal(("Opravný daňový doklad", "položka byla zrušena", "2600000001"), (corrective.Title, corrective.CorrectionReason, corrective.CorrectedNumber));
    }

    [Fact]
    public void A_change_of_tariff_is_not_said_to_be_a_service_that_was_not_supplied()
    {
        var printed = Print(DocumentKind.CreditNote, "tariff-changed", Line(-257.55m, PriceMode.Gross, 2100) with { Corrects = new LineReference(1, 1) });

        Assert.Equal("změna tarifu", printed.CorrectionReason);
    }

    [Theory]
    [InlineData("price-changed", "změna ceny", "change of price")]
    [InlineData("quantity-changed", "změna množství", "change of quantity")]
    [InlineData("price-and-quantity-changed", "změna ceny a množství", "change of price and quantity")]
    [InlineData("billing-changed", "změna fakturačního období", "change of billing period")]
    [InlineData("tariff-changed", "změna tarifu", "change of tariff")]
    [InlineData("no-longer-supplied", "služba nebyla v tomto období poskytována", "the service was not supplied in this period")]
    [InlineData("item-taken-back", "položka byla zrušena", "the item was taken back")]
    [InlineData("allowance", "dodatečně poskytnutá sleva", "an allowance granted afterwards")]
    public void Every_reason_of_a_correction_is_printed_in_words_of_every_language(string code, string czech, string english)
    {
        var credited = Line(-100, PriceMode.Gross, 2100) with { Corrects = new LineReference(1, 1) };
        var note = Issued(DocumentKind.CreditNote, code, Provider, credited);

        Assert.Equal((czech, english), (In("cs"), In("en")));

        string? In(string language) => PrintedDocument.Of(
            note with { Customer = Client with { Language = language } }, new Dictionary<int, string> { [1] = "2600000001" }).CorrectionReason;
    }

    [Fact]
    public void A_note_of_several_reasons_prints_each_and_its_lines_say_which_is_whose()
    {
        var corrected = Line(-100, PriceMode.Gross, 2100) with { Corrects = new LineReference(1, 1) };
        var printed = Print(
            DocumentKind.CreditNote, "price-changed", corrected,
            corrected with { Number = 2, Correction = "no-longer-supplied", Corrects = new LineReference(1, 2) },
            Line(-50, PriceMode.Gross, 2100) with { Number = 3, OneOff = "sorry", Service = null, Period = null, Correction = "allowance" });

        Assert.Equal("změna ceny, služba nebyla v tomto období poskytována, dodatečně poskytnutá sleva", printed.CorrectionReason);
        Assert.Equal(
            [
                "změna ceny, opravuje řádek 1 dokladu 2600000001", "služba nebyla v tomto období poskytována, opravuje řádek 2 dokladu 2600000001",
                "dodatečně poskytnutá sleva",
            ],
            printed.Lines.Select(line => line.Note));
    }

    [Theory]
    [InlineData(2, 399, "změna množství")]
    [InlineData(1, 450, "změna ceny")]
    [InlineData(2, 450, "změna ceny a množství")]
    public void What_an_invoice_adds_to_an_earlier_line_says_why(int quantity, int price, string reason)
    {
        var plain = Line(206.97m, PriceMode.Gross, 2100, MonthShare.OneMonth);
        var after = plain.Basis! with { MonthlyPrice = Money.Czk(price), Quantity = Quantity.From(quantity) };
        var before = after with { MonthlyPrice = Money.Czk(399), Quantity = Quantity.One };
        var adds = plain with
        {
            Reason = LineReason.PriceChanged,
            UnitPrice = plain.Amount,
            Corrects = new LineReference(1, 1),
            Basis = after,
            Change = new StretchChange(before, before.Amount(), before.Amount() + plain.Amount, Share: null, Cause: 7),
        };
        var printed = Print(DocumentKind.Invoice, adds, plain with { Number = 2 });

        Assert.Equal([$"{reason}, opravuje řádek 1 dokladu 2600000001", null], printed.Lines.Select(line => line.Note));
        Assert.Equal((1m, 206.97m), (printed.Lines[0].Quantity, printed.Lines[0].UnitPrice));
        Assert.Null(printed.CorrectionReason);
    }

    [Fact]
    public void Who_pays_no_tax_corrects_no_tax()
    {
        var printed = PrintedDocument.Of(
            Issued(DocumentKind.CreditNote, "no-longer-supplied", Provider with { VatNumber = null }, Line(-100, PriceMode.Gross, 0) with { Corrects = new LineReference(1, 1) }),
            new Dictionary<int, string> { [1] = "2600000001" });

        Assert.Equal("Dobropis", printed.Title);
    }

    private static InvoiceContent Print(DocumentKind kind, params DocumentLine[] lines) => Print(kind, correction: null, lines);

    private static InvoiceContent Print(DocumentKind kind, string? correction, params DocumentLine[] lines) => PrintedDocument.Of(
        Issued(kind, correction, Provider, lines),
        lines.Select(line => line.Corrects?.Document).OfType<int>().Distinct().ToDictionary(document => document, document => $"260000000{document}"));

    private static IssuedDocument Issued(DocumentKind kind, string? correction, Issuer issuer, params DocumentLine[] lines)
    {
        var vat = lines.GroupBy(line => (line.VatCategory, line.VatRate, line.PriceMode))
            .Select(group => Vat.Total(group.Key.VatCategory, group.Key.VatRate, group.Key.PriceMode, group.Sum(Currency.Czk, line => line.Amount))).ToImmutableArray();
        var document = new Document(
            2, kind, new SeriesKey(issuer.Id, kind, 2026), 2, Day, Day, Day.AddDays(14), Currency.Czk, null, [.. lines], vat, Money.Zero(Currency.Czk),
            vat.Sum(Currency.Czk, total => total.Gross), 1, 1, null, correction);
        return new IssuedDocument(new AccountId(1), "K-1", 2, document, Money.Zero(Currency.Czk), Client, issuer, Money.Zero(Currency.Czk), Disputed: false);
    }

    /// <summary>One unit at 499.00 for a share of months, or at the amount itself.</summary>
    private static DocumentLine Line(decimal amount, PriceMode mode, int rate, MonthShare? share = null)
    {
        var price = share is null ? Money.Czk(amount) : Money.Czk(499);
        var basis = share is { } months
            ? new ChargeBasis(new TariffId(1), Day, price, Quantity.One, null, null, 0, months, Cause: 1)
            : null;
        return new DocumentLine(
            1, LineReason.NewPeriod, 1, null, new TariffId(1), "Internet", March, Quantity.One, price, mode, VatCategory.Standard, new VatRate(rate),
            Money.Czk(amount), Corrects: null, basis);
    }
}
