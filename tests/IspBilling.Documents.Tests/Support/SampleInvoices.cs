using IspBilling.Documents.Invoices;
using IspBilling.Documents.PaymentQr;
using IspBilling.Domain;

namespace IspBilling.Documents.Tests.Support;

/// <summary>Documents of an invented provider, as it could send them.</summary>
internal static class SampleInvoices
{
    private static readonly Party Provider = new()
    {
        Name = "Podhorská síť s.r.o.",
        AddressLines = ["Žižkova 1204/8", "561 51 Letohrad"],
        CompanyId = "25999991",
        VatId = "CZ25999991",
        RegisterText = "Zapsáno v obchodním rejstříku vedeném Krajským soudem v Hradci Králové, oddíl C, vložka 99999",
        Contacts = ["465 000 111", "fakturace@podhorska.example", "www.podhorska.example"],
    };

    private static readonly Brand PodhorskaBrand = new() { Name = "Podhorská síť" };

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
        Brand = PodhorskaBrand,
        Supplier = Provider,
        Customer = new Party
        {
            Name = "Řehoř Šťastný",
            AddressLines = ["Příčná 17", "561 69 Králíky"],
        },
        References = [new LabelledText("Číslo klienta", "104 882"), new LabelledText("Smlouva", "2021-0417")],
        PriceMode = PriceMode.Gross,
        Lines =
        [
            Monthly("Internet Optika 500/500 Mb/s", 899m),
            Monthly("Televize Rodina, 84 programů", 299m),
            new InvoiceLine
            {
                Text = "Telefon – volání do pevných sítí",
                Period = new Period(new DateOnly(2026, 6, 1), new DateOnly(2026, 7, 1)),
                Quantity = 46.5m,
                Unit = "min",
                UnitPrice = 0.7849m,
                VatRate = "21 %",
                Amount = Money.Czk(36.50m),
            },
        ],
        VatRows = [new VatRow("21 %", Money.Czk(1020.25m), Money.Czk(214.25m), Money.Czk(1234.50m))],
        Total = Money.Czk(1234.50m),
        ToPay = Money.Czk(1234.50m),
        Payment = new PaymentDetails
        {
            LocalAccount = "2000145399/0800",
            Iban = PayeeIban.OfCzechAccount("2000145399/0800"),
            Bic = Bic.Parse("GIBACZPX"),
            VariableSymbol = new VariableSymbol(2600000012),
            ConstantSymbol = "0308",
        },
        Notes = ["Děkujeme, že jste s námi. Dotazy k faktuře rádi zodpovíme na lince 465 000 111 ve všední dny od 8 do 17 hodin."],
    };

    public static readonly InvoiceContent CreditNote = Czech with
    {
        Title = "Opravný daňový doklad",
        Number = "2650000003",
        IssueDate = new DateOnly(2026, 7, 20),
        TaxableSupplyDate = new DateOnly(2026, 7, 20),
        DueDate = null,
        CorrectedNumber = "2600000012",
        CorrectionReason = "Služba televize byla ukončena k 15. 7. 2026.",
        Lines =
        [
            new InvoiceLine
            {
                Text = "Televize Rodina, 84 programů",
                Period = new Period(new DateOnly(2026, 7, 16), new DateOnly(2026, 8, 1)),
                UnitPrice = -154.32m,
                VatRate = "21 %",
                Amount = Money.Czk(-154.32m),
                Note = "Opravuje řádek 2 faktury 2600000012",
            },
        ],
        VatRows = [new VatRow("21 %", Money.Czk(-127.54m), Money.Czk(-26.78m), Money.Czk(-154.32m))],
        Total = Money.Czk(-154.32m),
        ToPay = Money.Czk(-154.32m),
        Payment = null,
        Notes = ["Přeplatek jsme připsali na Váš účet; odečteme ho od příští faktury."],
    };

    public static readonly InvoiceContent EnglishEuro = Czech with
    {
        Language = DocumentLanguage.English,
        Title = "Invoice – tax document",
        Number = "2610000044",
        Currency = Currency.Eur,
        Customer = new Party
        {
            Name = "Østergård & Söhne GmbH",
            AddressLines = ["Königsstraße 12", "01097 Dresden", "Germany"],
            CompanyId = "HRB 99999",
            VatId = "DE999999990",
        },
        References = [new LabelledText("Client number", "200 017"), new LabelledText("Your order", "PO-7741")],
        PriceMode = PriceMode.Net,
        Lines =
        [
            Monthly("Leased line 1 Gb/s, Letohrad – Dresden", 1150m, Money.Eur(1150m)),
            new InvoiceLine { Text = "Public IPv4 addresses", Period = July, Quantity = 8, Unit = "pcs", UnitPrice = 2.5m, VatRate = "21 %", Amount = Money.Eur(20m) },
        ],
        VatRows = [new VatRow("21 %", Money.Eur(1170m), Money.Eur(245.70m), Money.Eur(1415.70m))],
        Total = Money.Eur(1415.70m),
        Deductions = [new Deduction("Advance payment 2670000005", Money.Eur(400m))],
        ToPay = Money.Eur(1015.70m),
        Payment = new PaymentDetails
        {
            Iban = PayeeIban.OfCzechAccount("2000145399/0800"),
            Bic = Bic.Parse("GIBACZPX"),
            VariableSymbol = new VariableSymbol(2610000044),
        },
        Notes = ["Please state the variable symbol with your payment."],
    };

    /// <summary>A building with one connection a flat.</summary>
    public static InvoiceContent WithLines(int count) => Czech with
    {
        Number = "2600000060",
        Lines = [.. Enumerable.Range(1, count).Select(flat => Monthly($"Internet Optika 250/250 Mb/s, byt č. {flat}", 399m))],
        VatRows = [new VatRow("21 %", Money.Czk(329.75m * count), Money.Czk(69.25m * count), Money.Czk(399m * count))],
        Total = Money.Czk(399m * count),
        ToPay = Money.Czk(399m * count),
    };

    private static InvoiceLine Monthly(string text, decimal price, Money? amount = null) => new()
    {
        Text = text,
        Period = July,
        UnitPrice = price,
        VatRate = "21 %",
        Amount = amount ?? Money.Czk(price),
    };
}
