using System.Diagnostics;
using System.Text;
using IspBilling.Documents.Invoices;
using IspBilling.Documents.Rendering;
using IspBilling.Documents.Tests.Support;
using IspBilling.Domain;

namespace IspBilling.Documents.Tests.Rendering;

/// <summary>What a customer gets, by the real compiler and templates.</summary>
public sealed class PrintedInvoiceTests : IAsyncLifetime
{
    private TypstRenderer? _renderer;

    private TypstRenderer Renderer => _renderer ??= new TypstRenderer(new TypstRendererOptions { Workers = 1 });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_renderer is not null) await _renderer.DisposeAsync();
    }

    [RendererFact("pdftotext")]
    public async Task An_invoice_says_who_what_how_much_and_until_when()
    {
        using var pdf = await PrintAsync(SampleInvoices.Czech);
        var text = await pdf.TextAsync();
        Assert.All(
            [
                "Faktura – daňový doklad", "2600000012", "Síť Morava s.r.o.", "Žaneta Příhodová", "CZ27654321", "1. 7. – 31. 7. 2026",
                "Datum splatnosti", "15. 7. 2026", "412,40", "2 ks", "1 234,30", "259,20", "1 493,50 Kč", "19-2000145399/0800",
                "CZ65 0800 0000 1920 0014 5399", "0308", "104482", "Zapsaná v obchodním rejstříku", "Strana 1 z 1",
            ],
            expected => Assert.Contains(expected, text, StringComparison.Ordinal));
    }

    [RendererFact("pdftotext")]
    public async Task An_English_invoice_has_English_words_numbers_and_dates()
    {
        using var pdf = await PrintAsync(SampleInvoices.English);
        var text = await pdf.TextAsync();
        Assert.All(
            ["Amount due", "€1,512.38", "1 Jul – 31 Jul 2026", "Due date", "15 Jul 2026", "VAT summary", "Page 1 of 1"],
            expected => Assert.Contains(expected, text, StringComparison.OrdinalIgnoreCase));
    }

    [RendererFact("pdftotext", "pdftoppm", "zbarimg")]
    public async Task A_credit_note_names_what_it_corrects_and_asks_for_no_money()
    {
        using var pdf = await PrintAsync(SampleInvoices.CreditNote);
        var text = await pdf.TextAsync();
        Assert.All(
            ["Opravuje doklad", "2600000012", "Důvod opravy", "Výpadek služby", "−133,03", "Ve váš prospěch"],
            expected => Assert.Contains(expected, text, StringComparison.Ordinal));
        Assert.DoesNotContain("Platební údaje", text, StringComparison.OrdinalIgnoreCase);
    }

    [RendererFact("pdftoppm", "zbarimg")]
    public async Task The_camera_reads_the_payment_of_a_Czech_invoice()
    {
        using var pdf = await PrintAsync(SampleInvoices.Czech);
        Assert.Equal(
            "SPD*1.0*ACC:CZ6508000000192000145399+GIBACZPX*AM:1493.50*CC:CZK*DT:20260715*MSG:FAKTURA 2600000012*X-KS:0308*X-VS:2600000012",
            await pdf.ScannedQrAsync());
    }

    [RendererFact("pdftoppm", "zbarimg")]
    public async Task The_camera_reads_the_payment_of_a_euro_invoice()
    {
        using var pdf = await PrintAsync(SampleInvoices.English);
        Assert.Equal(
            "BCD\n002\n1\nSCT\nGIBACZPX\nSíť Morava s.r.o.\nCZ6508000000192000145399\nEUR1512.38\n\n\nVS: 2600000012",
            await pdf.ScannedQrAsync());
    }

    [RendererFact("pdftotext")]
    public async Task An_amount_over_the_standard_prints_without_a_symbol()
    {
        using var pdf = await PrintAsync(SampleInvoices.Czech with { ToPay = Money.Czk(10_000_000m) });
        var text = await pdf.TextAsync();
        Assert.Contains("10 000 000,00 Kč", text, StringComparison.Ordinal);
        Assert.DoesNotContain("QR Platba", text, StringComparison.Ordinal);
    }

    [RendererFact("pdffonts", "pdfinfo")]
    public async Task The_PDF_is_tagged_and_carries_its_fonts()
    {
        using var pdf = await PrintAsync(SampleInvoices.Czech);
        var fonts = await pdf.FontsAsync();
        Assert.NotEmpty(fonts);
        Assert.All(fonts, font => Assert.Matches(@"Inter-\w+ +CID TrueType +Identity-H +yes yes yes", font));
        var information = await pdf.InformationAsync();
        Assert.Matches(@"Tagged: +yes", information);
        Assert.Matches(@"Title: +Faktura – daňový doklad 2600000012", information);
    }

    [RendererFact]
    public async Task The_PDF_is_marked_as_an_archival_one()
    {
        var pdf = Encoding.Latin1.GetString((await Renderer.RenderAsync(SampleInvoices.Czech, default)).Span);
        Assert.StartsWith("%PDF-1.7", pdf, StringComparison.Ordinal);
        Assert.Contains("<pdfaid:part>3</pdfaid:part>", pdf, StringComparison.Ordinal);
        Assert.Contains("<pdfaid:conformance>B</pdfaid:conformance>", pdf, StringComparison.Ordinal);
    }

    [RendererFact("pdftotext")]
    public async Task Texts_of_clients_print_literally_whatever_they_look_like()
    {
        string[] hostile =
        [
            "#import \"x\"", "$*_`", "#read(\"/etc/passwd\")", "#{panic()}", "]#[", "= Heading", "\\u{41}", "<label> @ref", "// comment",
            "https://example.com", "\"quoted\" 'single'", "--- ...", "{\"json\":1}",
        ];
        using var pdf = await PrintAsync(SampleInvoices.Czech with
        {
            Title = hostile[0],
            Customer = new Party { Name = hostile[1], AddressLines = hostile },
            Lines = [.. hostile.Select(text => SampleInvoices.Czech.Lines[0] with { Text = text, Note = text, Unit = "#1", VatRate = "$1$" })],
            Notes = hostile,
        });
        var text = await pdf.TextAsync();
        Assert.All(hostile, expected => Assert.Equal(3, Math.Min(3, Count(text, expected))));
        Assert.Contains("$1$", text, StringComparison.Ordinal);
    }

    [RendererFact("pdftotext")]
    public async Task A_thousand_lines_repeat_their_head_and_end_with_one_total()
    {
        using var pdf = await PrintAsync(SampleInvoices.WithLines(1_000));
        var text = await pdf.TextAsync();
        var pages = text.Count(symbol => symbol == '\f');
        Assert.True(pages > 20);
        Assert.InRange(Count(text, "Položka"), pages - 1, pages); // The sums may have the last page for themselves.
        Assert.Contains($"Strana {pages} z {pages}", text, StringComparison.Ordinal);
        Assert.Contains("Přípojka 1000", text, StringComparison.Ordinal);
        Assert.Equal(1, Count(text, "K úhradě"));
    }

    [RendererFact("pdftotext", "pdftoppm", "zbarimg")]
    public async Task The_sum_stands_on_the_page_of_its_payment_symbol()
    {
        for (var lines = 24; lines <= 36; lines++)
        {
            using var pdf = await PrintAsync(SampleInvoices.WithLines(lines));
            var pages = (await pdf.TextAsync()).Split('\f');
            var page = Array.FindIndex(pages, text => text.Contains("K úhradě", StringComparison.Ordinal));
            Assert.Contains("QR Platba", pages[page], StringComparison.Ordinal);
            Assert.StartsWith("SPD*1.0*", await pdf.ScannedQrAsync(page + 1), StringComparison.Ordinal);
        }
    }

    [RendererFact("pdftotext")]
    public async Task More_deductions_than_a_page_holds_go_on_to_the_next()
    {
        using var pdf = await PrintAsync(SampleInvoices.Czech with
        {
            Deductions = [.. Enumerable.Range(1, 120).Select(number => new Deduction($"Záloha č. {number}.", Money.Czk(1)))],
        });
        var text = await pdf.TextAsync();
        Assert.All(Enumerable.Range(1, 120), number => Assert.Contains($"Záloha č. {number}.", text, StringComparison.Ordinal));
        Assert.Contains("K úhradě", text, StringComparison.Ordinal);
    }

    [RendererFact("pdftotext")]
    public async Task An_invoice_of_which_nothing_is_left_to_pay_says_so()
    {
        using var pdf = await PrintAsync(SampleInvoices.Czech with
        {
            Deductions = [new Deduction("Platba 2. 7. 2026", SampleInvoices.Czech.Total)],
            ToPay = Money.Zero(Currency.Czk),
        });
        var text = await pdf.TextAsync();
        Assert.Contains("Nic neplaťte", text, StringComparison.Ordinal);
        Assert.Contains("0,00 Kč", text, StringComparison.Ordinal);
        Assert.DoesNotContain("QR Platba", text, StringComparison.Ordinal);
    }

    [RendererFact("pdftotext")]
    public async Task A_logo_takes_the_place_of_the_name_in_the_head()
    {
        var logo = new Logo(Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><rect width='9' height='9'/></svg>"));
        var brand = SampleInvoices.Czech.Brand with { Name = "Značka", Logo = logo };
        using var with = await PrintAsync(SampleInvoices.Czech with { Brand = brand });
        Assert.DoesNotContain("Značka", await with.TextAsync(), StringComparison.Ordinal);
        using var without = await PrintAsync(SampleInvoices.Czech with { Brand = brand with { Logo = null } });
        Assert.Contains("Značka", await without.TextAsync(), StringComparison.Ordinal);
    }

    [RendererFact]
    public async Task A_wrong_colour_is_refused_and_the_next_document_renders()
    {
        var wrong = SampleInvoices.Czech with { Brand = new Brand { Name = "Značka", Colour = "blue-ish" } };
        var refused = await Assert.ThrowsAsync<RenderException>(() => Renderer.RenderAsync(wrong, default));
        Assert.Equal(RenderFailure.Refused, refused.Failure);
        Assert.False((await Renderer.RenderAsync(SampleInvoices.Czech, default)).IsEmpty);
    }

    [RendererFact]
    public async Task The_same_content_gives_the_same_bytes()
    {
        var first = await Renderer.RenderAsync(SampleInvoices.Czech, default);
        await Renderer.RenderAsync(SampleInvoices.English, default);
        var again = await Renderer.RenderAsync(SampleInvoices.Czech, default);
        await using var other = new TypstRenderer(new TypstRendererOptions { Workers = 1 });
        var elsewhere = await other.RenderAsync(SampleInvoices.Czech, default);
        Assert.True(first.Span.SequenceEqual(again.Span));
        Assert.True(first.Span.SequenceEqual(elsewhere.Span));
    }

    [RendererFact]
    public async Task After_its_worker_was_killed_the_next_document_renders()
    {
        await Renderer.RenderAsync(SampleInvoices.Czech, default);
        using var process = Process.GetProcessById(Renderer.WorkerProcessIds.Single());
        process.Kill();
        await process.WaitForExitAsync();
        Assert.False((await Renderer.RenderAsync(SampleInvoices.English, default)).IsEmpty);
    }

    private async Task<PrintedPdf> PrintAsync(InvoiceContent invoice) => await PrintedPdf.OfAsync(await Renderer.RenderAsync(invoice, default));

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
