using IspBilling.Documents.Invoices;
using IspBilling.Documents.PaymentQr;
using IspBilling.Domain;

namespace IspBilling.Documents.Tests.Support;

/// <summary>Documents of an invented provider.</summary>
internal static class SampleInvoices
{
    private static readonly Period July = new(new DateOnly(2026, 7, 1), new DateOnly(2026, 8, 1));

    public static readonly InvoiceContent Czech = new()
    {
        Language = DocumentLanguage.Czech,
        Title = "Faktura – daňový doklad",
        Number = "2600000012",
        IssueDate = new DateOnly(2026, 7, 1),
        TaxableSupplyDate = new DateOnly(2026, 7, 1),
        DueDate = new DateOnly(2026, 7, 15),
        Currency = Currency.Czk,
        Brand = new Brand { Name = "Síť Morava", Colour = "#0b5c73" },
        Supplier = new Party
        {
            Name = "Síť Morava s.r.o.",
            AddressLines = ["Dlouhá 128/14", "779 00 Olomouc"],
            CompanyId = "27654321",
            VatId = "CZ27654321",
            RegisterText = "Zapsaná v obchodním rejstříku, oddíl C, vložka 12345",
            Contacts = ["+420 585 000 111", "fakturace@example.com"],
        },
        Customer = new Party { Name = "Žaneta Příhodová", AddressLines = ["Na Výsluní 7", "783 35 Horka nad Moravou"] },
        References = [new LabelledText("Zákaznické číslo", "104482")],
        Lines =
        [
            new InvoiceLine { Text = "Internet Optika 500/500", Period = July, UnitPrice = 412.40m, VatRate = "21 %", Amount = Money.Czk(412.40m) },
            new InvoiceLine { Text = "Pronájem set-top boxu", Period = July, Quantity = 2, Unit = "ks", UnitPrice = 410.95m, VatRate = "21 %", Amount = Money.Czk(821.90m) },
        ],
        VatRows = [new VatRow("21 %", Money.Czk(1234.30m), Money.Czk(259.20m), Money.Czk(1493.50m))],
        Total = Money.Czk(1493.50m),
        ToPay = Money.Czk(1493.50m),
        Payment = new PaymentDetails
        {
            LocalAccount = "19-2000145399/0800",
            Iban = PayeeIban.OfCzechAccount("19-2000145399/0800"),
            Bic = Bic.Parse("GIBACZPX"),
            VariableSymbol = new VariableSymbol(2600000012),
            ConstantSymbol = "0308",
        },
    };

    public static readonly InvoiceContent English = Czech with
    {
        Language = DocumentLanguage.English,
        Title = "Invoice",
        Currency = Currency.Eur,
        Customer = new Party { Name = "Northern Lights Ltd.", AddressLines = ["14 Harbour Street", "Dublin"], VatId = "IE1234567T" },
        Lines = [new InvoiceLine { Text = "Fibre 1 Gbps", Period = July, UnitPrice = 1249.90m, VatRate = "21%", Amount = Money.Eur(1249.90m) }],
        VatRows = [new VatRow("21%", Money.Eur(1249.90m), Money.Eur(262.48m), Money.Eur(1512.38m))],
        Total = Money.Eur(1512.38m),
        ToPay = Money.Eur(1512.38m),
    };

    public static readonly InvoiceContent CreditNote = Czech with
    {
        Title = "Opravný daňový doklad",
        Number = "2670000003",
        DueDate = null,
        CorrectedNumber = "2600000012",
        CorrectionReason = "Výpadek služby",
        Lines = [new InvoiceLine { Text = "Internet Optika 500/500", Quantity = -1, UnitPrice = 133.03m, VatRate = "21 %", Amount = Money.Czk(-133.03m) }],
        VatRows = [new VatRow("21 %", Money.Czk(-133.03m), Money.Czk(-27.94m), Money.Czk(-160.97m))],
        Total = Money.Czk(-160.97m),
        ToPay = Money.Czk(-160.97m),
    };

    public static InvoiceContent WithLines(int count) => Czech with
    {
        Lines = [.. Enumerable.Range(1, count).Select(number => Czech.Lines[0] with { Text = $"Přípojka {number}" })],
    };
}
