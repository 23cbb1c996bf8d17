using System.Globalization;
using System.Text;

namespace IspBilling.Documents.PaymentQr;

/// <summary>CRC-32 of IEEE 802.3 (reflected, polynomial 0xEDB88320), as QR Platba asks for.</summary>
internal static class Crc32
{
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(RemainderOf)];

    /// <summary>Eight capital hexadecimal digits over the text's UTF-8.</summary>
    public static string OfText(string text)
    {
        var crc = uint.MaxValue;
        foreach (var unit in Encoding.UTF8.GetBytes(text)) crc = Table[(byte)(crc ^ unit)] ^ (crc >> 8);
        return (~crc).ToString("X8", CultureInfo.InvariantCulture);
    }

    private static uint RemainderOf(int unit)
    {
        var remainder = (uint)unit;
        for (var bit = 0; bit < 8; bit++) remainder = (remainder & 1) == 1 ? (remainder >> 1) ^ 0xEDB88320 : remainder >> 1;
        return remainder;
    }
}
