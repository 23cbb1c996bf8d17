using System.Text;

namespace IspBilling.Documents.PaymentQr;

/// <summary>The outer form of a QR Platba text: <c>SPD*1.0*KEY:value*KEY:value</c>, its escaping and its check sum.</summary>
internal static class SpdText
{
    public const string Header = "SPD*1.0";
    public const string ChecksumKey = "CRC32";

    /// <summary>Header and fields, sorted by key: the form over which the check sum is defined, without a closing star.</summary>
    public static string Join(IEnumerable<KeyValuePair<string, string>> fields)
    {
        var text = new StringBuilder(Header);
        foreach (var (key, value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
            text.Append('*').Append(key).Append(':').Append(value);
        return text.ToString();
    }

    public static string Checksum(IEnumerable<KeyValuePair<string, string>> fields) =>
        Crc32.OfText(Join(fields.Where(field => field.Key != ChecksumKey)));

    /// <summary>
    /// Percent-encodes UTF-8 for whatever is not printable ASCII, and for the star (it separates fields), the percent sign and
    /// the plus (readers that decode as a web form would turn it into a space). Spaces stay.
    /// </summary>
    public static string Escape(string value) => Escape(value, static symbol => symbol is >= ' ' and <= '~' and not ('*' or '%' or '+'));

    /// <summary>
    /// The same in capitals, and with everything escaped that the alphanumeric mode of a QR symbol cannot carry: its eleven
    /// bits for two characters make a visibly smaller symbol than eight bits for each.
    /// </summary>
    public static string EscapeInCapitals(string value) =>
        Escape(value.ToUpperInvariant(), static symbol => QrSymbol.IsAlphanumeric(symbol) && symbol is not ('*' or '%' or '+'));

    private static string Escape(string value, Func<char, bool> isKept)
    {
        if (value.All(isKept)) return value;
        var text = new StringBuilder(value.Length * 2);
        foreach (var unit in Encoding.UTF8.GetBytes(value))
        {
            if (unit < 0x80 && isKept((char)unit)) text.Append((char)unit);
            else text.Append('%').Append(Convert.ToHexString([unit]));
        }

        return text.ToString();
    }
}
