using System.Globalization;
using System.Text;
using AnyAscii;
using IspBilling.Engine.Outgoing;

namespace IspBilling.Outreach.Print;

/// <summary>
/// The list of what lies in a batch, on paper. Written with a font that every printer has, which knows no Czech letters: names stand without
/// accents here, and with them on the letters and in the list that programs read.
/// </summary>
internal static class CoverSheet
{
    private const int LinesOfPage = 60;
    private const int NameLength = 30;

    public static byte[] Of(PrintBatch batch, IReadOnlyList<Letter> letters)
    {
        string[] head =
        [
            $"Letters {batch.Id}",
            string.Create(CultureInfo.InvariantCulture, $"{letters.Count} letters, {letters.Sum(letter => letter.Sheets)} sheets, made {batch.MadeAt:yyyy-MM-dd HH:mm} UTC by {batch.By.Name}"),
            "When all of them lie in the post, confirm the batch as posted; otherwise take it back.",
            "",
            $"{"",5} {"country",-7} {"postcode",-10} {"sheets",6}  {"document",-14} {"client",-16} name",
        ];
        var rows = letters.Select(letter => string.Create(
            CultureInfo.InvariantCulture,
            $"{letter.Position,5} {letter.Address.Country,-7} {letter.Address.PostalCode,-10} {letter.Sheets,6}  {letter.Number,-14} {Cut(letter.Client, 16),-16} {Cut(letter.Name, NameLength)}"));
        return Pdf([.. head.Concat(rows).Chunk(LinesOfPage)]);
    }

    private static string Cut(string text, int length) => text.Transliterate() is var plain && plain.Length > length ? plain[..length] : plain;

    /// <summary>A file of plain pages, each of lines (ISO 32000-1, with one of the fonts of 9.6.2.2).</summary>
    private static byte[] Pdf(IReadOnlyList<string[]> pages)
    {
        var objects = new List<string>
        {
            "<< /Type /Catalog /Pages 2 0 R >>",
            $"<< /Type /Pages /Kids [{string.Join(' ', pages.Select((_, i) => string.Create(CultureInfo.InvariantCulture, $"{4 + (2 * i)} 0 R")))}] /Count {pages.Count.ToString(CultureInfo.InvariantCulture)} >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        };
        foreach (var page in pages)
        {
            var content = $"BT /F1 9 Tf 12 TL 40 800 Td {string.Concat(page.Select(line => $"({Escaped(line)}) Tj T* "))}ET";
            objects.Add(string.Create(CultureInfo.InvariantCulture, $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {objects.Count + 2} 0 R >>"));
            objects.Add(string.Create(CultureInfo.InvariantCulture, $"<< /Length {content.Length} >>\nstream\n{content}\nendstream"));
        }

        var file = new StringBuilder("%PDF-1.4\n");
        var places = new List<int>();
        foreach (var (content, number) in objects.Select((content, i) => (content, i + 1)))
        {
            places.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{number} 0 obj\n{content}\nendobj\n");
        }

        var table = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var place in places) file.Append(CultureInfo.InvariantCulture, $"{place:0000000000} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Count + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(file.ToString());
    }

    private static string Escaped(string line) =>
        string.Concat(line.Where(letter => letter is >= ' ' and <= '~')).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal);
}
