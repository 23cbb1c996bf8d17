namespace IspBilling.Documents.Tests.Support;

/// <summary>A PDF as its reader gets it: the text that can be searched, the fonts inside, and what a camera sees on page one.</summary>
internal sealed class PrintedPdf : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private PrintedPdf()
    {
    }

    private string File => _folder.File("document.pdf");

    public static async Task<PrintedPdf> OfAsync(ReadOnlyMemory<byte> pdf)
    {
        var printed = new PrintedPdf();
        await System.IO.File.WriteAllBytesAsync(printed.File, pdf);
        return printed;
    }

    /// <summary>No-break spaces read as spaces, so that expectations can be typed.</summary>
    public async Task<string> TextAsync() =>
        (await Tool.RunAsync("pdftotext", "-layout", File, "-")).Replace('\u00A0', ' ');

    public async Task<string[]> FontsAsync() =>
        [.. (await Tool.RunAsync("pdffonts", File)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2)];

    public Task<string> InformationAsync() => Tool.RunAsync("pdfinfo", File);

    /// <summary>
    /// What a telephone's camera reads from a page at the resolution of an ordinary printer; as bytes, because the reader
    /// would guess at an encoding, while both payment standards name theirs.
    /// </summary>
    public async Task<string> ScannedQrAsync(int page = 1)
    {
        var image = _folder.File("page");
        var number = page.ToString();
        await Tool.RunAsync("pdftoppm", "-r", "150", "-png", "-singlefile", "-f", number, "-l", number, File, image);
        return (await Tool.RunAsync("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "-Sqrcode.binary", image + ".png")).TrimEnd('\n');
    }

    public void Dispose() => _folder.Dispose();
}
