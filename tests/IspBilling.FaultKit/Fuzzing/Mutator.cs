using System.Text;

namespace IspBilling.FaultKit.Fuzzing;

/// <summary>Damages a valid file as transport, programs and malice do. The same seed and number give the same bytes.</summary>
/// <param name="samples">Valid files; pieces of one may land in another.</param>
public sealed class Mutator(IReadOnlyList<byte[]> samples, int seed)
{
    private const int ChangesMax = 4;
    private const int PieceMax = 120;
    private const int RepeatMax = 3_000;

    /// <summary>What has broken readers of any kind before.</summary>
    private static readonly byte[][] Tokens =
    [
        [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0x00], [0x1A], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80],
        .. new[]
        {
            "-", "+", "0", "-0", "1e999999999", "1E-400", "0x10", "NaN", "Infinity", "99999999999999999999", "-9223372036854775808", "9223372036854775808",
            "0.0000000000000000000000000000001", "79228162514264337593543950335.99", "000000000000000000000000000000000000000000001", "1.999999", "1,5", "٣٤", "１２",
            "0000-00-00", "9999-12-31", "2026-02-30", "310226", "999999", "-62135596800001", "253402300800000",
            "null", "true", "{}", "[]", "[null]", "\"\"", "{\"a\":", "[[", "\\ud800", "\"\\udc00\"", "\\u0000", "\\", "\"", ";", ";;;;", "\r\n", "\n\n", "\r",
            "<", ">", "&", "&#0;", "&#xD800;", "&#x10FFFF;", "&lol;", "]]>", "<![CDATA[", "<!--", "<?xml version=\"1.1\"?>", "<a>", "</a>", "<Ntry>", "</Ntry>", "<TxDtls>", "</Stmt>",
            "<!DOCTYPE a [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>", "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">", " xmlns=\"urn:x\"",
            "UTF-16", "UTF-7", "windows-1250", "ISO-2022-JP", "074", "075", "078", "079", "076", "CZK", "EUR", "DBIT", "CRDT", "BOOK", "PDNG", "%00", "%ED%A0%80", "🧾", "a\u0301",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public byte[] Input(int number)
    {
        // Consecutive seeds of Random give similar sequences; a multiplier spreads them.
        var random = new Random(unchecked((seed * 486_187_739) + (number * 16_777_619)));
        var bytes = samples[random.Next(samples.Count)].ToList();
        // Most files have a single fault, and go deep before it is noticed.
        for (var change = random.Next(2) == 0 ? 1 : random.Next(1, ChangesMax + 1); change > 0 && bytes.Count > 0; change--) Change(bytes, random);
        return [.. bytes];
    }

    private void Change(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = Math.Min(random.Next(1, PieceMax), bytes.Count - at);
        switch (random.Next(14))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                bytes.RemoveRange(at, length);
                break;
            case 5:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 6:
                Splice(bytes, at, random);
                break;
            case 7:
                Repeat(bytes, at, random);
                break;
            case 8:
                ReplaceDigits(bytes, at, random);
                break;
            case 9:
                InsertAmongDigits(bytes, at, random);
                break;
            case 10:
                for (var i = 0; i < length; i++) bytes[at + i] = (byte)random.Next(256);
                break;
            default:
                var token = Tokens[random.Next(Tokens.Length)];
                if (random.Next(2) == 0) bytes.RemoveRange(at, Math.Min(token.Length, bytes.Count - at));
                bytes.InsertRange(at, token);
                break;
        }
    }

    /// <summary>The end of this file becomes the end of another one.</summary>
    private void Splice(List<byte> bytes, int at, Random random)
    {
        var other = samples[random.Next(samples.Count)];
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other.AsSpan(random.Next(other.Length)));
    }

    /// <summary>One token very often: long numbers, long texts, deep nesting.</summary>
    private static void Repeat(List<byte> bytes, int at, Random random)
    {
        var token = random.Next(3) == 0 ? [bytes[at]] : Tokens[random.Next(Tokens.Length)];
        var times = random.Next(1, RepeatMax);
        var run = new byte[token.Length * times];
        for (var i = 0; i < run.Length; i++) run[i] = token[i % token.Length];
        bytes.InsertRange(at, run);
    }

    /// <summary>Something that is no digit, or one of another script, within the next number.</summary>
    private static void InsertAmongDigits(List<byte> bytes, int at, Random random)
    {
        var digit = bytes.FindIndex(at, static value => char.IsAsciiDigit((char)value));
        if (digit >= 0) bytes.InsertRange(digit + random.Next(2), Tokens[random.Next(Tokens.Length)]);
    }

    /// <summary>The next number becomes another one.</summary>
    private static void ReplaceDigits(List<byte> bytes, int at, Random random)
    {
        var start = bytes.FindIndex(at, static value => char.IsAsciiDigit((char)value));
        if (start < 0) return;
        var end = start;
        while (end < bytes.Count && char.IsAsciiDigit((char)bytes[end])) end++;
        var digits = new byte[random.Next(3) == 0 ? random.Next(1, 40) : end - start];
        for (var i = 0; i < digits.Length; i++) digits[i] = (byte)('0' + (random.Next(4) == 0 ? 9 : random.Next(10)));
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, digits);
    }
}
