using System.Globalization;
using System.Text;
using QRCoder;

namespace IspBilling.Documents.PaymentQr;

/// <summary>A QR symbol of error correction level M, which both payment standards ask for.</summary>
public sealed class QrSymbol
{
    /// <summary>Light modules that must surround the symbol (ISO/IEC 18004); without them cameras miss it on a tinted page.</summary>
    private const int QuietZone = 4;

    private readonly bool[][] _rows;

    private QrSymbol(bool[][] rows) => _rows = rows;

    /// <summary>In the alphanumeric mode when every character allows it, otherwise as UTF-8 bytes.</summary>
    public static QrSymbol Of(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        using var data = text.All(IsAlphanumeric)
            ? QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M)
            : QRCodeGenerator.GenerateQrCode(Encoding.UTF8.GetBytes(text), QRCodeGenerator.ECCLevel.M);
        return new QrSymbol([.. data.ModuleMatrix.Select(row => row.Cast<bool>().ToArray()).WithoutQuietZone(QuietZone)]);
    }

    /// <summary>Modules on one side, without the quiet zone: 21, 25, 29, …</summary>
    public int Size => _rows.Length;

    /// <summary>The 45 characters of the alphanumeric mode: two take eleven bits.</summary>
    public static bool IsAlphanumeric(char symbol) =>
        char.IsAsciiDigit(symbol) || char.IsAsciiLetterUpper(symbol) || " $%*+-./:".Contains(symbol, StringComparison.Ordinal);

    /// <summary>
    /// An SVG whose unit is one module, quiet zone included. All dark modules are one path: printers and screens draw no
    /// hair lines between the pieces of a single filled path, as they do between rectangles.
    /// </summary>
    public string ToSvg()
    {
        var side = Size + (2 * QuietZone);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"{side}\" height=\"{side}\">");
        svg.Append(CultureInfo.InvariantCulture, $"<path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"");
        for (var y = 0; y < Size; y++) AppendRuns(svg, _rows[y], y + QuietZone);
        return svg.Append("\"/></svg>").ToString();
    }

    private static void AppendRuns(StringBuilder svg, bool[] row, int y)
    {
        for (var x = 0; x < row.Length; x++)
        {
            if (!row[x]) continue;
            var start = x;
            while (x + 1 < row.Length && row[x + 1]) x++;
            var length = x + 1 - start;
            svg.Append(CultureInfo.InvariantCulture, $"M{start + QuietZone} {y}h{length}v1h-{length}z");
        }
    }
}

file static class ModuleRows
{
    /// <summary>The generator surrounds its matrix by a quiet zone of its own.</summary>
    public static IEnumerable<bool[]> WithoutQuietZone(this IEnumerable<bool[]> rows, int width) =>
        rows.Skip(width).SkipLast(width).Select(row => row[width..^width]);
}
