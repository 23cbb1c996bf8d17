using PdfSharp.Pdf;
using PdfSharp.Pdf.IO;

namespace IspBilling.Outreach.Print;

/// <summary>Printed documents joined into one file, in the order in which they lie on each other.</summary>
internal sealed class PrintedPile : IDisposable
{
    private readonly PdfDocument _pile = new();
    private readonly bool _duplex;

    /// <param name="duplex">Printed on both sides: what has an odd number of pages is followed by an empty one, so that the next begins on a sheet of its own.</param>
    public PrintedPile(bool duplex) => _duplex = duplex;

    public static int PagesOf(ReadOnlyMemory<byte> pdf)
    {
        using var document = Open(pdf);
        return document.PageCount;
    }

    /// <returns>How many pages the document has.</returns>
    public int Add(ReadOnlyMemory<byte> pdf)
    {
        using var document = Open(pdf);
        foreach (var page in document.Pages) _pile.AddPage(page);
        if (_duplex && document.PageCount % 2 == 1)
        {
            var last = document.Pages[document.PageCount - 1];
            _pile.AddPage(new PdfPage { Width = last.Width, Height = last.Height });
        }

        return document.PageCount;
    }

    public byte[] ToBytes()
    {
        using var file = new MemoryStream();
        _pile.Save(file, closeStream: false);
        return file.ToArray();
    }

    public void Dispose() => _pile.Dispose();

    private static PdfDocument Open(ReadOnlyMemory<byte> pdf) => PdfReader.Open(new MemoryStream(pdf.ToArray(), writable: false), PdfDocumentOpenMode.Import);
}
