using System.Globalization;
using System.Text.RegularExpressions;

namespace IspBilling.Documents.Tests.Support;

internal sealed record PrintedWord(string Text, double Left, double Top, double Right, double Bottom)
{
    /// <summary>Boxes hold the whole line height, so neighbouring lines may touch; a third of the smaller box is more than that.</summary>
    public bool Overprints(PrintedWord other)
    {
        var width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        var height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        return width > 1 && height > Math.Min(Bottom - Top, other.Bottom - other.Top) / 3;
    }
}

/// <summary>A PDF as its reader gets it: the text that can be searched, the fonts inside, and what a camera sees on page one.</summary>
internal sealed class PrintedPdf : IDisposable
{
    private static readonly Regex WordLine = new(
        "<word xMin=\"(?<left>.+?)\" yMin=\"(?<top>.+?)\" xMax=\"(?<right>.+?)\" yMax=\"(?<bottom>.+?)\">(?<text>.*)</word>", RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(1));

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

    public const double A4Width = 595.28;

    /// <summary>Each word of all pages with its box, in points from the upper left corner; words of later pages lie below.</summary>
    public async Task<IReadOnlyList<PrintedWord>> WordsAsync()
    {
        const double FarBelow = 10_000;
        var words = new List<PrintedWord>();
        var page = 0;
        foreach (var line in (await Tool.RunAsync("pdftotext", "-bbox", File, "-")).Split('\n'))
        {
            if (line.Contains("<page ", StringComparison.Ordinal)) page++;
            if (WordLine.Match(line) is not { Success: true } word) continue;
            words.Add(new PrintedWord(
                word.Groups["text"].Value, Number("left"), Number("top") + (page * FarBelow), Number("right"), Number("bottom") + (page * FarBelow)));

            double Number(string group) => double.Parse(word.Groups[group].Value, CultureInfo.InvariantCulture);
        }

        return words;
    }

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
