using System.Globalization;
using System.Text;
using IspBilling.Documents.Invoices;
using IspBilling.Documents.Rendering;
using IspBilling.Documents.Tests.Support;
using IspBilling.Domain;

namespace IspBilling.Documents.Tests.Rendering;

/// <summary>Clients are called what they are called: every name that can be entered can be printed.</summary>
public sealed class ForeignLettersTests : IAsyncLifetime
{
    private TypstRenderer? _renderer;

    private TypstRenderer Renderer => _renderer ??= new TypstRenderer(new TypstRendererOptions { Workers = 1 });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_renderer is not null) await _renderer.DisposeAsync();
    }

    [RendererFact]
    public void Every_character_that_passes_for_printable_is_in_a_font()
    {
        var characters = FontFiles().SelectMany(FontFile.Characters).ToHashSet();
        var missing = Enumerable.Range(' ', 0x10FFFF - ' ').Where(Rune.IsValid).Select(value => new Rune(value))
            .Where(rune => PrintableText.IsPrintable(rune) && !characters.Contains(rune.Value)).Select(PrintableText.Name).ToList();
        Assert.True(missing.Count == 0, $"{missing.Count}: {string.Join(", ", missing.Take(20))}");
    }

    [RendererFact("pdftotext", "pdffonts")]
    public async Task Emoji_Hebrew_Arabic_Chinese_and_Cyrillic_names_are_printed_in_letters_that_the_PDF_carries()
    {
        string[] names = ["Síť 🚀 Morava 👍🏽", "שרה כהן", "محمد العربي", "王小明 网络", "Олена Шевченко", "Nguyễn Văn Ước", "Ελένη Παπαδοπούλου"];
        using var pdf = await PrintAsync(SampleInvoices.Czech with
        {
            Customer = new Party { Name = string.Join(", ", names), AddressLines = names },
            Lines = [.. names.Select(name => SampleInvoices.Czech.Lines[0] with { Text = name })],
        });
        var text = await pdf.TextAsync();
        Assert.All(["🚀", "王小明", "Олена", "Nguyễn", "Παπαδοπούλου"], expected => Assert.Contains(expected, text, StringComparison.Ordinal));
        // Text from right to left comes out of a PDF in either order.
        Assert.All(["שרה", "محمد"], expected => Assert.True(text.Contains(expected, StringComparison.Ordinal) || text.Contains(Reversed(expected), StringComparison.Ordinal), text));
        Assert.All(await pdf.FontsAsync(), font => Assert.Matches(@"yes yes yes", font));
    }

    [RendererFact("pdftotext")]
    public async Task A_character_without_a_font_leaves_a_box_and_the_document_is_printed_all_the_same()
    {
        using var pdf = await PrintAsync(SampleInvoices.Czech with { Customer = new Party { Name = "Kniha \uE000 a \U0001E900 z." } });
        Assert.Contains("Kniha □ a □ z.", await pdf.TextAsync(), StringComparison.Ordinal);
    }

    [RendererFact]
    public async Task Anything_that_is_printable_prints()
    {
        // Every seventh ideograph, everything else, and the ways in which emoji are put together.
        var characters = Enumerable.Range(' ', 0x10FFFF - ' ').Where(Rune.IsValid).Select(value => new Rune(value)).Where(PrintableText.IsPrintable)
            .Where(rune => rune.Value % 7 == 0 || rune.Value < 0x3000 || rune.Value > 0xFFFF).Select(rune => rune.ToString());
        string[] together = ["👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "❤️", "☎︎", "🇨🇿🇸🇰", "1️⃣", "a\u0301\u0323", "لا إله", "שָׁלוֹם", "ﷺ", "한국"];
        var lines = characters.Concat(together.Where(text => PrintableText.FirstUnprintable(text) is null)).Chunk(150)
            .Select(chunk => SampleInvoices.Czech.Lines[0] with { Text = string.Join(' ', chunk) }).ToList();
        Assert.False((await Renderer.RenderAsync(SampleInvoices.Czech with { Lines = lines }, default)).IsEmpty);
    }

    [RendererFact("pdftotext")]
    public async Task Words_of_two_hundred_characters_break_and_are_printed_over_nothing()
    {
        var word = string.Concat(Enumerable.Repeat("Nejneobhospodařovávatelnější", 8))[..200];
        using var pdf = await PrintAsync(SampleInvoices.Czech with
        {
            Brand = new Brand { Name = word },
            Supplier = SampleInvoices.Czech.Supplier with { Name = word, AddressLines = [word, "779 00 Olomouc"], RegisterText = word },
            Customer = new Party { Name = word, AddressLines = [word, word] },
            References = [new LabelledText("Zákaznické číslo", word)],
            Lines = [.. SampleInvoices.Czech.Lines.Select(line => line with { Text = word, Note = word })],
            Deductions = [new Deduction(word, Money.Czk(100))],
            Notes = [word],
        });
        var words = await pdf.WordsAsync();
        Assert.All(words, box => Assert.InRange(box.Right, box.Left, PrintedPdf.A4Width - 40));
        var over = words.SelectMany((box, at) => words.Skip(at + 1).Where(box.Overprints).Select(other => $"{box} and {other}")).ToList();
        Assert.True(over.Count == 0, string.Join(Environment.NewLine, over));
        Assert.True(words.Count(box => box.Text == "412,40") >= 2, "the amounts are there");
    }

    [RendererFact("pdftotext")]
    public async Task A_document_of_net_and_gross_lines_says_of_each_which_it_is()
    {
        var net = SampleInvoices.Czech.Lines[0];
        using var mixed = await PrintAsync(SampleInvoices.Czech with { Lines = [net, net with { PriceMode = PriceMode.Gross }] });
        var text = await mixed.TextAsync();
        Assert.DoesNotContain("Celkem s DPH", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Celkem bez DPH", text, StringComparison.Ordinal);
        Assert.Equal((2, 2), (Count(text, "bez DPH"), Count(text, " s DPH")));

        using var gross = await PrintAsync(SampleInvoices.Czech with { Lines = [net with { PriceMode = PriceMode.Gross }] });
        Assert.Contains("Celkem s DPH", await gross.TextAsync(), StringComparison.Ordinal);
        using var alone = await PrintAsync(SampleInvoices.Czech with { Lines = [net] });
        Assert.Contains("Celkem bez DPH", await alone.TextAsync(), StringComparison.Ordinal);
    }

    [RendererFact("pdftotext")]
    public async Task A_credit_without_an_original_names_none()
    {
        using var pdf = await PrintAsync(SampleInvoices.CreditNote with { Title = "Dobropis", CorrectedNumber = null, CorrectionReason = "dodatečně poskytnutá sleva" });
        var text = await pdf.TextAsync();
        Assert.Contains("Důvod: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Důvod opravy", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Opravuje doklad", text, StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string Reversed(string text) => string.Concat(StringInfo.ParseCombiningCharacters(text).Reverse().Select(at => StringInfo.GetNextTextElement(text, at)));

    private static IEnumerable<string> FontFiles() => RendererFolder.Locate(null).FontFiles();

    private async Task<PrintedPdf> PrintAsync(InvoiceContent invoice) => await PrintedPdf.OfAsync(await Renderer.RenderAsync(invoice, default));
}
